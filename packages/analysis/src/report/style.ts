/** The look of the report: serif text, tabular figures, two inks that differ in shape as well as in colour. */
export const style = `
:root{color-scheme:light dark;--paper:#fdfcf9;--ink:#1d1f21;--soft:#55595e;--line:#cfcbc1;--wash:#f3f0e8;--active:#0a5c73;--placebo:#94480e;--accent:#0a5c73;--good:#1d6b3a;--warn:#8a3b12}
@media (prefers-color-scheme:dark){:root{--paper:#16181a;--ink:#ece9e2;--soft:#b3b0a8;--line:#44474b;--wash:#1f2225;--active:#6cc4dd;--placebo:#f0a868;--accent:#6cc4dd;--good:#86d3a0;--warn:#f2b48c}}
*{box-sizing:border-box}
html{font-size:17px;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font-family:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",Georgia,serif;line-height:1.55;font-variant-numeric:lining-nums;overflow-wrap:break-word}
header,main,footer,.contents{max-width:46rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:3.5rem}
.eyebrow,.meta,figcaption,caption,table,svg text,.contents,summary,.tag,code{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.eyebrow{font-size:.78rem;letter-spacing:.06em;color:var(--soft);margin:0}
h1{font-size:2.05rem;line-height:1.18;font-weight:500;margin:.4rem 0 1rem;text-wrap:balance}
h2{font-size:1.45rem;font-weight:500;line-height:1.25;margin:3.2rem 0 .8rem;padding-top:1rem;border-top:1px solid var(--line)}
h3{font-size:1.1rem;font-weight:600;margin:2rem 0 .4rem}
p{margin:.7rem 0;max-width:40rem;text-wrap:pretty}
ul,ol{padding-left:1.2rem;max-width:40rem}
li{margin:.25rem 0}
a{color:var(--accent);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem 1rem}
.meta{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.8rem 1.5rem;margin:1.6rem 0 0;padding:1rem 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
.meta div{min-width:0}
.meta dt{font-size:.75rem;color:var(--soft)}
.meta dd{margin:0;font-size:.95rem;font-variant-numeric:tabular-nums}
.contents{margin-top:1.6rem;font-size:.88rem}
.contents ol{columns:2;column-gap:2rem;margin:.3rem 0;padding-left:1.3rem}
.contents li{margin:0;padding:.12rem 0}
.contents h2{font-size:.78rem;font-weight:600;margin:0;padding:0;border:0;color:var(--soft)}
.lede{font-size:1.14rem;line-height:1.5}
.verdict{border-left:4px solid var(--accent);background:var(--wash);padding:.9rem 1.2rem;margin:1.4rem 0}
.verdict.warn{border-left-color:var(--warn)}
.verdict p{margin:.3rem 0}
.verdict h3{margin:0 0 .2rem}
.note{color:var(--soft);font-size:.9rem}
.tag{font-size:.75rem;border:1px solid var(--line);border-radius:1rem;padding:.05rem .55rem;color:var(--soft);white-space:nowrap}
figure{margin:1.8rem 0}
figcaption,caption{font-size:.86rem;line-height:1.4;text-align:left;color:var(--ink)}
figcaption{margin-bottom:.6rem}
caption{padding:0 0 .5rem;caption-side:top}
figcaption b,caption b{font-weight:650}
.scroll{overflow-x:auto;max-width:100%}
.drawing{min-width:33rem}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--ink);font-size:12.5px;font-variant-numeric:tabular-nums}
svg .soft{fill:var(--soft)}
svg .strong{font-weight:650}
svg .axis,svg .grid{stroke:var(--line);stroke-width:1;fill:none}
svg .zero{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 3}
svg .box{fill:var(--wash);stroke:var(--soft);stroke-width:1}
svg .link{stroke:var(--soft);stroke-width:1.2;fill:none}
svg .active{stroke:var(--active);fill:var(--active)}
svg .placebo{stroke:var(--placebo);fill:var(--placebo)}
svg .open{fill:var(--paper)}
svg .mark{stroke-width:1.8}
svg .band{fill:var(--active);fill-opacity:.16;stroke:none}
svg .curve{fill:none;stroke:var(--active);stroke-width:2.2}
svg .bar-soft{fill:var(--line)}
svg .on{fill:var(--paper)}
table{border-collapse:collapse;width:100%;font-size:.82rem;line-height:1.35;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:.34rem .55rem;border-bottom:1px solid var(--line);vertical-align:top}
th:first-child,td:first-child{text-align:left;padding-left:0}
td.left,th.left{text-align:left}
thead th{border-bottom:1.5px solid var(--ink);vertical-align:bottom;font-weight:600}
tbody th{font-weight:450}
tbody tr:last-child>*{border-bottom:1.5px solid var(--ink)}
.table{margin:1.6rem 0}
details{margin:.5rem 0}
summary{cursor:pointer;font-size:.82rem;color:var(--soft);padding:.2rem 0}
details[open]>summary{margin-bottom:.4rem}
code{font-size:.82em;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
dl.record{font-size:.88rem;display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.35rem 1.2rem}
dl.record dt{color:var(--soft)}
dl.record dd{margin:0;min-width:0}
footer{margin-top:4rem;padding-top:1rem;padding-bottom:4rem;color:var(--soft);font-size:.85rem}
@media (max-width:40rem){html{font-size:16px}header{padding-top:2rem}h1{font-size:1.6rem}.contents ol{columns:1}dl.record{grid-template-columns:1fr}dl.record dd{margin-bottom:.5rem}}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--wash:#f4f4f4;--active:#0a5c73;--placebo:#94480e;--accent:#000;--good:#1d6b3a;--warn:#7a3410}html{font-size:10.5pt}@page{margin:18mm 16mm}header,main,footer,.contents{max-width:none;padding:0}.drawing{min-width:0}.scroll{overflow:visible}figure,.verdict,tr,dl{break-inside:avoid}h2,h3,caption,figcaption{break-after:avoid}details::details-content{content-visibility:visible;display:block;height:auto}summary{list-style:none;break-after:avoid}summary::-webkit-details-marker{display:none}a{color:inherit;text-decoration:none}.skip{display:none}}
`;
