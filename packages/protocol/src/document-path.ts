/** Paths into a document, and the place in the text they lead to. */
import type { Node } from 'jsonc-parser';

export type Path = readonly (string | number)[];

function propertyOf(node: Node, key: string): readonly Node[] | undefined {
  return node.type === 'object'
    ? node.children?.find(({ children }) => children?.[0]?.value === key)?.children
    : undefined;
}

export function keyNodeOf(node: Node, key: string): Node | undefined {
  return propertyOf(node, key)?.[0];
}

/** The deepest node that exists on the path: a missing field is shown at the object it is missing from. */
export function nodeAt(root: Node, path: Path): Node {
  let node = root;
  for (const step of path) {
    const next = typeof step === 'number' ? node.children?.[step] : propertyOf(node, step)?.[1];
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

/** `['activities', 2, 'window']` as `activities[2].window`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
