/** The pages' look: the console's colours by day and night, sizes that grow with the reader's. */
import { Markup } from '@limen/protocol';

export const look = new Markup(`
:root{color-scheme:light dark;--ground:#f7f4ee;--surface:#fffdf9;--sunk:#efeae0;--text:#1c2728;--quiet:#566160;--line:#e2dccf;--strong:#8b897e;--teal:#17696a;--on-teal:#fffdf9;--deep:#0c4446;--on-deep:#f3efe6;--clay:#a5322b;--clay-soft:#f9e2df;--good-soft:#dcebe9;--amber:#8a4f10;--amber-soft:#f9e4c4}
@media (prefers-color-scheme:dark){:root{--ground:#101a1b;--surface:#172425;--sunk:#0c1415;--text:#e7e9e5;--quiet:#a3b3b1;--line:#2a3a3b;--strong:#6d8283;--teal:#77c0ba;--on-teal:#0b1213;--deep:#0b1213;--on-deep:#e7e9e5;--clay:#ee9a92;--clay-soft:#3b1f1d;--good-soft:#173233;--amber:#e8b26d;--amber-soft:#3a2a14}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.5 ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-feature-settings:"tnum" 1;overflow-wrap:break-word}
h1,h2,h3{font-family:'Iowan Old Style','Palatino Linotype',Palatino,'URW Palladio L','Book Antiqua',Charter,Georgia,serif;font-weight:600;line-height:1.2;text-wrap:balance;margin:0}
h1{font-size:clamp(1.6rem,1.2rem + 1.4vw,2.1rem)}h2{font-size:1.2rem;margin-top:.25rem}h3{font-size:1rem}
p,ul,ol,dl,dd{margin:0;padding:0}
a{color:var(--teal);text-underline-offset:.2em}
:focus-visible{outline:2px solid var(--teal);outline-offset:2px}
#page:focus{outline:none}
.skip{position:absolute;left:-999rem}.skip:focus{left:.5rem;top:.5rem;background:var(--surface);padding:.5rem 1rem;z-index:1}
.top{display:flex;flex-wrap:wrap;gap:.5rem 1rem;justify-content:space-between;align-items:center;background:var(--deep);color:var(--on-deep);padding:.6rem clamp(1rem,4vw,2.5rem)}
.top .name{color:inherit;text-decoration:none;font:600 1.15rem Georgia,serif}.top .name span{opacity:.8;font-weight:400}
.top form{display:flex;gap:.75rem;align-items:center}
nav{background:var(--sunk);border-bottom:1px solid var(--line);padding:0 clamp(1rem,4vw,2.5rem)}
nav ul{display:flex;flex-wrap:wrap;list-style:none;gap:0 1.25rem}
nav a{display:inline-block;padding:.6rem 0;text-decoration:none;color:var(--text);border-bottom:3px solid transparent}nav a[aria-current]{border-color:var(--teal);font-weight:600}
.unblinding{background:var(--amber-soft);color:var(--text);padding:.5rem clamp(1rem,4vw,2.5rem);border-bottom:1px solid var(--line)}
main{max-width:66rem;margin:0 auto;padding:1.5rem clamp(1rem,4vw,2.5rem) 4rem;display:grid;gap:1.1rem;grid-template-columns:minmax(0,1fr)}
.over{color:var(--quiet);margin-bottom:-.9rem}.lead{max-width:44rem;color:var(--quiet)}
section,.panel{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:1.1rem;display:grid;gap:.8rem;grid-template-columns:minmax(0,1fr)}
form{display:grid;gap:.8rem}
form.row{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end}
.field{display:grid;gap:.2rem;max-width:34rem}.field label,legend{font-weight:600}.hint{color:var(--quiet);font-size:.9rem}
fieldset{border:1px solid var(--line);border-radius:8px;padding:.6rem 1rem 1rem;display:grid;gap:.5rem}
input,select,textarea{font:inherit;color:inherit;background:var(--surface);border:1px solid var(--strong);border-radius:6px;padding:.5rem .6rem;min-height:2.75rem;width:100%;max-width:100%}
input[type=checkbox],input[type=radio]{width:1.25rem;height:1.25rem;min-height:0;accent-color:var(--teal);flex:none}
label.tick{display:flex;gap:.6rem;align-items:center;font-weight:400;min-height:2rem}
button,.button{font:inherit;font-weight:600;background:var(--teal);color:var(--on-teal);border:1px solid var(--teal);border-radius:6px;padding:.5rem 1.1rem;min-height:2.75rem;cursor:pointer;justify-self:start;text-decoration:none;display:inline-flex;align-items:center}
button.quiet,.button.quiet{background:transparent;color:inherit;border-color:currentColor;font-weight:400}
button.grave{background:var(--clay);border-color:var(--clay);color:var(--on-teal)}
.top button{min-height:2.25rem;padding:.2rem .8rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.95rem}caption{text-align:left;font-weight:600;padding-bottom:.4rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line)}th{color:var(--quiet);font-weight:600}
.number{text-align:right}
.label,code{font-family:ui-monospace,'SF Mono','Cascadia Mono','Roboto Mono','DejaVu Sans Mono',monospace;letter-spacing:.03em}
.notice{border-radius:8px;padding:.7rem 1rem;border:1px solid}.good{background:var(--good-soft);border-color:var(--teal)}.bad{background:var(--clay-soft);border-color:var(--clay)}
dl.facts{display:grid;grid-template-columns:minmax(8rem,max-content) minmax(0,1fr);gap:.35rem 1.25rem}dl.facts dt{color:var(--quiet)}
.big{font-size:clamp(1.3rem,1rem + 2vw,2rem);line-height:1.25}
.empty{color:var(--quiet)}
p.actions{display:flex;flex-wrap:wrap;gap:.6rem}
ul.plain{list-style:none;display:grid;gap:.5rem}
@media (max-width:30rem){dl.facts{grid-template-columns:1fr}dl.facts dd{margin-bottom:.4rem}}
.onpaper{display:none}
.verdict{font-size:clamp(1.5rem,1.1rem + 2.4vw,2.4rem);line-height:1.2;font-weight:650}
section.drill{border-style:dashed;border-width:3px}
ul.marked{padding-left:1.2rem;display:grid;gap:.35rem}
@media print{.top,nav,form,.button,.unprintable{display:none}.onpaper{display:block}body{background:#fff}}
`);
