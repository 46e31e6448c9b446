/** A protocol as one page to read, print and send round: its synopsis and its SPIRIT table. */

import type { ProtocolDocument } from './document.ts';
import { html, type Markup } from './html.ts';
import { type Says, type SynopsisBlock, synopsisOf } from './synopsis/content.ts';
import { synopsisStyle } from './synopsis/style.ts';

export type { Says, Synopsis, SynopsisBlock, SynopsisSection } from './synopsis/content.ts';
export { synopsisOf } from './synopsis/content.ts';

/**
 * One self-contained page without scripts, with sections in the order of ICH M11. The same document gives the same bytes.
 * @param hash of the document, where it is known
 */
export function synopsisHtml(protocol: ProtocolDocument, hash?: string): string {
  const { language, running, title, lead, sections } = synopsisOf(protocol, hash);
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${protocol.shortTitle} ${protocol.version}: synopsis</title>
<style>${synopsisStyle}</style>
</head>
<body>
<header>
<p class="running">${running}</p>
<h1>${title}</h1>
<p class="lead">${lead}</p>
</header>
<main>
${sections.map((section) => html`<section><h2>${section.title}</h2>${section.blocks.map(blockHtml)}</section>`)}
</main>
</body>
</html>
`;
  return page.text;
}

function blockHtml(block: SynopsisBlock): Markup {
  switch (block.kind) {
    case 'paragraph':
      return html`<p>${block.text}</p>`;
    case 'heading':
      return html`<h3>${block.text}</h3>`;
    case 'list':
      return listHtml(block.items);
    case 'facts':
      return html`<table class="facts"><tbody>${block.rows.map(
        ([term, says]) => html`<tr><th scope="row">${term}</th><td>${saysHtml(says)}</td></tr>`,
      )}</tbody></table>`;
    case 'table':
      return tableHtml(block);
  }
}

const saysHtml = (says: Says): Markup | string => (typeof says === 'string' ? says : listHtml(says.items));

const listHtml = (items: readonly string[]): Markup => html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;

const tableHtml = ({ head, rows }: Extract<SynopsisBlock, { kind: 'table' }>): Markup =>
  html`<div class="wide"><table><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${rows.map(
    ([first, ...rest]) =>
      html`<tr><th scope="row">${first ?? ''}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
