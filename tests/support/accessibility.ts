/** Accessibility of a page, judged by axe-core inside it. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

export interface AccessibilityViolation {
  /** Rule, such as `color-contrast`. */
  readonly rule: string;
  readonly impact: string;
  readonly help: string;
  /** Selectors of the elements at fault. */
  readonly elements: readonly string[];
}

/** WCAG 2.2 up to level AA. */
const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Runs axe-core in the page as it is now; an empty list is what a test wants. `within` limits it to a selector. */
export async function findAccessibilityViolations(
  page: Page,
  within?: string,
): Promise<readonly AccessibilityViolation[]> {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // Evaluated, not added as a script element: a page with a strict content policy must be testable as it is.
  await page.evaluate(`if (!globalThis.axe) { ${source} }`);
  const context = within === undefined ? 'document' : JSON.stringify(within);
  const options = JSON.stringify({ runOnly: { type: 'tag', values: STANDARD }, resultTypes: ['violations'] });
  const answer: unknown = await page.evaluate(
    `axe.run(${context}, ${options}).then((results) => results.violations.map((found) => ({
      rule: found.id,
      impact: String(found.impact),
      help: found.help,
      elements: found.nodes.map((node) => node.target.join(' ')),
    })))`,
  );
  return answer as readonly AccessibilityViolation[];
}

/** The violations as text for an assertion's message. */
export function describeViolations(violations: readonly AccessibilityViolation[]): string {
  return violations.map((one) => `${one.rule} (${one.impact}): ${one.help}\n  ${one.elements.join('\n  ')}`).join('\n');
}
