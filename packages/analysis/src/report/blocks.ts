/** Figures and tables: numbered, titled, described, with the data behind every drawing. */
import { html, type Markup, type Part } from '@limen/protocol';

export type Column = { readonly head: string; readonly left?: boolean };
export type TableBlock = {
  readonly title: string;
  readonly columns: readonly Column[];
  /** The first cell of a row is its header. */
  readonly rows: readonly (readonly Part[])[];
  readonly note?: Part;
};
export type FigureBlock = {
  readonly title: string;
  /** What the drawing shows, in a sentence for people who do not see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly drawing: Part;
  readonly data: Omit<TableBlock, 'title'>;
};

export type Blocks = { figure(block: FigureBlock): Markup; table(block: TableBlock): Markup };

/** Hands out the numbers of one report. */
export function blocks(): Blocks {
  let figures = 0;
  let tables = 0;
  return {
    figure(block) {
      figures += 1;
      return figureMarkup(block, figures);
    },
    table(block) {
      tables += 1;
      const caption = html`<b>Table ${tables}.</b> ${block.title}`;
      return html`<div class="table">${tableMarkup(block, caption, `Table ${tables}: ${block.title}`)}${
        block.note !== undefined && html`<p class="note">${block.note}</p>`
      }</div>`;
    },
  };
}

function figureMarkup(block: FigureBlock, number: number): Markup {
  const { title, description, width, height } = block;
  const id = `figure-${number}`;
  return html`<figure id="${id}"><figcaption><b>Figure ${number}.</b> ${title}</figcaption>
<div class="scroll" role="region" aria-label="Figure ${number}, drawing" tabindex="0"><div class="drawing"><svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>${block.drawing}</svg></div></div>
<details><summary>Numbers behind figure ${number}</summary>${tableMarkup(block.data, html`Numbers behind figure ${number}`, `Numbers behind figure ${number}`)}${
    block.data.note !== undefined && html`<p class="note">${block.data.note}</p>`
  }</details></figure>
`;
}

export function tableMarkup(block: Omit<TableBlock, 'title'>, caption: Markup, label: string): Markup {
  const cellClass = (index: number) => (block.columns[index]?.left ? html` class="left"` : null);
  const head = block.columns.map(({ head: text }, index) => html`<th scope="col"${cellClass(index)}>${text}</th>`);
  const body = block.rows.map((cells) => {
    const [first = null, ...rest] = cells;
    const others = rest.map((cell, index) => html`<td${cellClass(index + 1)}>${cell}</td>`);
    return html`<tr><th scope="row">${first}</th>${others}</tr>
`;
  });
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}
