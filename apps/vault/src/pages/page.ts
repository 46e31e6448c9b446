/** What every page of the vault looks like: made on the server, no script, nothing of it in a cache. */
import { html, type Markup, type Part } from '@limen/protocol';
import type { Session } from '../people/sessions.ts';
import { look } from './look.ts';

export type Page = {
  readonly title: string;
  /** What the title belongs to, such as the study. */
  readonly over?: string;
  readonly lead?: string;
  readonly body: Part;
  /** Who must not look over the shoulder: shown as a band above the page. */
  readonly unblinding?: boolean;
  /** Paper is found by others. */
  readonly unprintable?: boolean;
};

export type Place = { readonly href: string; readonly label: string; readonly here: boolean };

/** The whole document. */
export function renderPage(page: Page, session: Session | null, places: readonly Place[]): string {
  const { title, over, lead, body, unblinding, unprintable } = page;
  const navigation = places.map(
    ({ href, label, here }) => html`<li><a href="${href}"${here ? html` aria-current="page"` : null}>${label}</a></li>`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Limen vault</title>
<style>${look}</style>
</head>
<body>
<a class="skip" href="#page">Skip to the page</a>
<header class="top">
<a class="name" href="/room">Limen <span>vault</span></a>
${session === null ? null : html`<form method="post" action="/room/sign-out"><span class="who">${session.person.name}</span><button class="quiet">Sign out</button></form>`}
</header>
${navigation.length === 0 ? null : html`<nav aria-label="Pages"><ul>${navigation}</ul></nav>`}
${unblinding ? html`<p class="unblinding" role="note"><strong>Unblinded.</strong> What stands here must not reach anybody who is blinded.</p>` : null}
${unprintable ? html`<p class="onpaper">This page is not printed: paper is found by others. Open it again where it is needed.</p>` : null}
<main id="page" tabindex="-1"${unprintable ? html` class="unprintable"` : null}>
${over === undefined ? null : html`<p class="over">${over}</p>`}
<h1>${title}</h1>
${lead === undefined ? null : html`<p class="lead">${lead}</p>`}
${body}
</main>
</body>
</html>
`.text;
}

type FieldOptions = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value?: string;
  readonly required?: boolean;
};

export function field(
  options: FieldOptions & { readonly type?: string; readonly autocomplete?: string; readonly attributes?: Markup },
): Markup {
  const { name, label, hint, value, required = true, type = 'text', autocomplete = 'off', attributes } = options;
  return html`<p class="field"><label for="${name}">${label}</label>${hintOf(name, hint)}<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}"${value === undefined ? null : html` value="${value}"`}${required ? html` required` : null}${describedBy(name, hint)}${attributes ? html` ${attributes}` : null}></p>`;
}

export function area(options: FieldOptions & { readonly rows?: number }): Markup {
  const { name, label, hint, value = '', required = true, rows = 3 } = options;
  return html`<p class="field"><label for="${name}">${label}</label>${hintOf(name, hint)}<textarea id="${name}" name="${name}" rows="${rows}"${required ? html` required` : null}${describedBy(name, hint)}>${value}</textarea></p>`;
}

export function choice(
  options: FieldOptions & { readonly options: readonly { readonly value: string; readonly label: string }[] },
): Markup {
  const { name, label, hint, value, options: all, required = true } = options;
  const rows = all.map(
    (one) => html`<option value="${one.value}"${one.value === value ? html` selected` : null}>${one.label}</option>`,
  );
  return html`<p class="field"><label for="${name}">${label}</label>${hintOf(name, hint)}<select id="${name}" name="${name}"${required ? html` required` : null}${describedBy(name, hint)}>${rows}</select></p>`;
}

const hintOf = (name: string, hint: string | undefined) =>
  hint === undefined ? null : html`<span class="hint" id="${name}-hint">${hint}</span>`;
const describedBy = (name: string, hint: string | undefined) =>
  hint === undefined ? null : html` aria-describedby="${name}-hint"`;

/** A table that scrolls sideways on a phone instead of the page. `numeric`: columns set to the right. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Part[])[],
  numeric: readonly number[] = [],
): Markup {
  const cell = (column: number) => (numeric.includes(column) ? html` class="number"` : null);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${head.map((text, column) => html`<th scope="col"${cell(column)}>${text}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map((part, column) => html`<td${cell(column)}>${part}</td>`)}</tr>`)}</tbody></table></div>`;
}

export const notice = (kind: 'good' | 'bad', text: string): Markup =>
  html`<p class="notice ${kind}" role="${kind === 'bad' ? 'alert' : 'status'}">${text}</p>`;

/** `2027-02-01 08:00 UTC`. */
export function instant(at: Date | string | null): string {
  if (at === null) return '–';
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
