/** How the synopsis looks, on a screen and on paper. */
import { Markup } from '../html.ts';

export const synopsisStyle: Markup = new Markup(`
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 56rem; padding: 1.5rem 1rem 4rem; font: 15px/1.5 Georgia, 'Times New Roman', serif; color: #1c2321; background: #fff; }
h1, h2, h3, th, .running, .lead { font-family: system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.2rem 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 0.6rem; padding-bottom: 0.2rem; border-bottom: 2px solid #1f5f58; }
h3 { font-size: 1rem; margin: 1rem 0 0.3rem; }
.running, .lead { color: #4d5a57; font-size: 0.9rem; margin: 0; }
table { border-collapse: collapse; width: 100%; margin: 0.4rem 0 0.9rem; font-size: 0.88rem; }
th, td { border: 1px solid #c8d1ce; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; overflow-wrap: break-word; }
thead th { background: #eef3f1; }
tbody th { font-weight: 500; }
.facts th { width: 11rem; }
ul { margin: 0; padding-left: 1.1rem; }
.wide { overflow-x: auto; }
@media (max-width: 40rem) {
  .facts, .facts tbody, .facts tr, .facts th, .facts td { display: block; width: auto; border: 0; padding: 0.1rem 0; }
  .facts tr { border-bottom: 1px solid #c8d1ce; padding: 0.3rem 0; }
}
@media print {
  @page { margin: 18mm 16mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  h2 { break-after: avoid; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
`);
