/** The page of a report as blocks for paper: what stands on the page stands on paper, in the same order. */
import { type ChildNode, type Element, isTag, isText } from 'domhandler';
import { DomUtils, parseDocument } from 'htmlparser2';
import { TypesetError } from '../errors.ts';

/** Words in one look; `to` is the part of the paper they lead to. */
export interface Run {
  readonly text: string;
  readonly look: 'plain' | 'strong' | 'code' | 'tag';
  readonly to: string | null;
}

export type PageBlock =
  | { readonly kind: 'heading'; readonly level: number; readonly id: string | null; readonly runs: readonly Run[] }
  | { readonly kind: 'paragraph'; readonly role: 'plain' | 'lede' | 'note' | 'eyebrow'; readonly runs: readonly Run[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Run[])[] }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly (readonly Run[])[])[] }
  | {
      readonly kind: 'table';
      readonly caption: readonly Run[];
      readonly head: readonly (readonly Run[])[];
      /** Columns, from 0, that stand right. */
      readonly right: readonly number[];
      readonly rows: readonly (readonly (readonly Run[])[])[];
    }
  | { readonly kind: 'figure'; readonly caption: readonly Run[]; readonly alt: string; readonly svg: string }
  | { readonly kind: 'callout'; readonly warn: boolean; readonly blocks: readonly PageBlock[] };

export interface PageContent {
  readonly title: string;
  readonly blocks: readonly PageBlock[];
}

/**
 * @param page a document written by Limen itself: a report or a dry run
 * @throws TypesetError `bad_input` where the page is none, or holds an element that paper would lose
 */
export function contentOf(page: string): PageContent {
  const document = parseDocument(page);
  const find = (name: string) => DomUtils.findOne((element) => element.name === name, document.children);
  const [title, style, body] = [find('title'), find('style'), find('body')];
  if (title === null || style === null || body === null)
    throw new TypesetError('bad_input', 'The page is not a report of Limen.');
  const ids = new Set(DomUtils.filter((node) => isTag(node) && 'id' in node.attribs, body, true).map(idOf));
  const blocks = blocksOf(body.children, { ids, look: drawingStyle(DomUtils.textContent(style)) });
  return { title: DomUtils.textContent(title), blocks };
}

/** What a block needs to know of the page it stands on. */
interface Page {
  readonly ids: ReadonlySet<string>;
  /** The style of drawings, with the inks of paper. */
  readonly look: string;
}

/** Rules of the page's style that speak of drawings, with every colour as the page has it when printed. */
function drawingStyle(style: string): string {
  const inks = /@media print\{:root\{(.*?)\}/s.exec(style)?.[1] ?? '';
  const ink = new Map(inks.split(';').map((one) => one.split(':') as [string, string]));
  const rules = style.split('\n').filter((line) => line.startsWith('svg '));
  if (ink.size < 2 || rules.length === 0) throw new TypesetError('bad_input', 'The page is not a report of Limen.');
  return rules
    .map((rule) =>
      rule.slice('svg '.length).replaceAll(/var\((--[a-z]+)\)/g, (_, name: string) => ink.get(name) ?? '#000'),
    )
    .join('')
    .concat('text{font-family:"Noto Sans"}');
}

const idOf = (node: ChildNode): string => (isTag(node) ? (node.attribs.id ?? '') : '');
const classesOf = (element: Element): readonly string[] => (element.attribs.class ?? '').split(' ');
const childrenNamed = (element: Element, name: string): Element[] =>
  DomUtils.getElementsByTagName(name, element.children, true);

const containers = new Set(['header', 'main', 'section', 'footer', 'div', 'details', 'figure']);
const paragraphRoles = ['lede', 'note', 'eyebrow'] as const;

function blocksOf(nodes: readonly ChildNode[], page: Page): PageBlock[] {
  const blocks: PageBlock[] = [];
  let loose: ChildNode[] = [];
  const flush = () => {
    const runs = runsOf(loose, page);
    loose = [];
    if (runs.length > 0) blocks.push({ kind: 'paragraph', role: 'note', runs });
  };
  for (const node of nodes) {
    if (!isTag(node) || inline.has(node.name)) {
      loose.push(node);
      continue;
    }
    flush();
    blocks.push(...blockOf(node, page));
  }
  flush();
  return blocks;
}

function blockOf(element: Element, page: Page): readonly PageBlock[] {
  const { name } = element;
  const classes = classesOf(element);
  // Contents are made anew with the numbers of pages; what a drawing's numbers are called stands above them as caption.
  if (name === 'nav' || name === 'figcaption') return [];
  if (name === 'summary') return ancestorNamed(element, 'figure') === null ? [headingOf(element, page, 3)] : [];
  if (/^h[1-3]$/.test(name)) return [headingOf(element, page, Number(name.slice(1)))];
  if (name === 'p') {
    const role = paragraphRoles.find((one) => classes.includes(one)) ?? 'plain';
    return [{ kind: 'paragraph', role, runs: runsOf(element.children, page) }];
  }
  if (name === 'ul' || name === 'ol') {
    const items = childrenNamed(element, 'li').map((item) => runsOf(item.children, page));
    return [{ kind: 'list', ordered: name === 'ol', items }];
  }
  if (name === 'dl') return [factsOf(element, page)];
  if (name === 'table') return [tableOf(element, page)];
  if (name === 'svg') return [figureOf(element, page)];
  if (classes.includes('verdict')) {
    return [{ kind: 'callout', warn: classes.includes('warn'), blocks: blocksOf(element.children, page) }];
  }
  if (containers.has(name)) return blocksOf(element.children, page);
  throw new TypesetError('bad_input', `The page holds “${name}”, which has no place on paper.`);
}

function headingOf(element: Element, page: Page, level: number): PageBlock {
  const id = element.attribs.id ?? null;
  return { kind: 'heading', level, id, runs: runsOf(element.children, page) };
}

function factsOf(element: Element, page: Page): PageBlock {
  const [terms, says] = [childrenNamed(element, 'dt'), childrenNamed(element, 'dd')];
  return {
    kind: 'facts',
    rows: terms.map((term, index) => [term, says[index]].map((one) => runsOf(one?.children ?? [], page))),
  };
}

function tableOf(element: Element, page: Page): PageBlock {
  const heads = childrenNamed(element, 'thead').flatMap((head) => childrenNamed(head, 'th'));
  const rows = childrenNamed(element, 'tbody').flatMap((body) => childrenNamed(body, 'tr'));
  return {
    kind: 'table',
    caption: runsOf(
      childrenNamed(element, 'caption').flatMap((one) => one.children),
      page,
    ),
    head: heads.map((one) => runsOf(one.children, page)),
    right: heads.flatMap((one, index) => (index === 0 || classesOf(one).includes('left') ? [] : [index])),
    rows: rows.map((row) => row.children.filter(isTag).map((cell) => runsOf(cell.children, page))),
  };
}

function figureOf(svg: Element, page: Page): PageBlock {
  const figure = ancestorNamed(svg, 'figure');
  const caption = figure === null ? [] : childrenNamed(figure, 'figcaption').flatMap((one) => one.children);
  const alt = childrenNamed(svg, 'desc').map(DomUtils.textContent).join(' ');
  const [, , width, height] = (svg.attribs.viewBox ?? '').split(' ');
  const drawing = svg.children.filter((node) => !(isTag(node) && ['title', 'desc'].includes(node.name)));
  const markup = DomUtils.getOuterHTML(drawing, { xmlMode: true });
  return {
    kind: 'figure',
    caption: runsOf(caption, page),
    alt,
    svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${svg.attribs.viewBox}" width="${width}" height="${height}"><style>${page.look}</style>${markup}</svg>`,
  };
}

function ancestorNamed(element: Element, name: string): Element | null {
  for (let at = element.parent; at !== null && isTag(at); at = at.parent) if (at.name === name) return at;
  return null;
}

const inline = new Set(['a', 'b', 'strong', 'em', 'code', 'span', 'br']);

function runsOf(nodes: readonly ChildNode[], page: Page): Run[] {
  const runs = nodes.flatMap((node) => runsUnder(node, { look: 'plain', to: null }, page));
  return trimmed(runs);
}

function runsUnder(node: ChildNode, outer: Omit<Run, 'text'>, page: Page): Run[] {
  if (isText(node)) return [{ ...outer, text: node.data.replaceAll(/[ \t\n]+/g, ' ') }];
  // The link over the top of the page leads nowhere on paper.
  if (!isTag(node) || classesOf(node).includes('skip')) return [];
  if (node.name === 'br') return [{ ...outer, text: '\n' }];
  const look =
    node.name === 'code'
      ? 'code'
      : node.name === 'span' && classesOf(node).includes('tag')
        ? 'tag'
        : node.name === 'b' || node.name === 'strong'
          ? 'strong'
          : outer.look;
  const target = node.name === 'a' ? (node.attribs.href ?? '').replace(/^#/, '') : '';
  const to = page.ids.has(target) ? target : outer.to;
  return node.children.flatMap((child) => runsUnder(child, { look, to }, page));
}

/** Without space at either end, and without runs that say nothing. */
function trimmed(runs: readonly Run[]): Run[] {
  const said = runs.filter(({ text }) => text !== '');
  const first = said.findIndex(({ text }) => text.trim() !== '');
  const last = said.findLastIndex(({ text }) => text.trim() !== '');
  return said.slice(first < 0 ? said.length : first, last + 1).map((run, index, all) => {
    const start = index === 0 ? run.text.replace(/^[ \n]+/, '') : run.text;
    return { ...run, text: index === all.length - 1 ? start.replace(/[ \n]+$/, '') : start };
  });
}
