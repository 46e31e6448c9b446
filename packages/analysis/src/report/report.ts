/** One self-contained HTML file: no scripts, nothing loaded, the same bytes from the same results. */

import { html, type Part } from '@limen/protocol';
import type { Results } from '../results.ts';
import { blocks } from './blocks.ts';
import { consortSection } from './consort.ts';
import { methodsSection, reproducibilitySection } from './methods.ts';
import { blindingSection, outcomesSection, type Section, summarySection } from './sections.ts';
import { adverseEventsSection, exposureSection, participantsSection, studyMeta } from './study-sections.ts';
import { style } from './style.ts';

const dummyWords =
  'Arms were drawn at random for this dry run alone; nobody’s real allocation was read. It shows that the plan runs on the data so far, and nothing of what the capsules do.';

/** @returns a complete HTML document, ending in a line break */
export function renderReport(results: Results): string {
  const sections = sectionsOf(results);
  const dummy = results.dummy === true;
  const kind = dummy ? 'Dry run' : results.kind === 'study' ? 'Study report' : 'Analysis of a finished trial';
  const title = dummy ? `Dry run on a dummy allocation: ${results.title}` : results.title;
  const document = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>`;
  const body = html`</style>
</head>
<body>
<a class="skip" href="#summary">Skip to the summary</a>
<header><p class="eyebrow">${kind}</p><h1>${title}</h1>${dummy && html`<div class="verdict warn" role="note"><h3>No result of this page means anything</h3><p>${dummyWords}</p></div>`}${results.partial && html`<div class="verdict warn" role="note"><h3>Partial result</h3><p>Not all that was planned could be fitted; what is missing stands below.</p></div>`}${results.description !== '' && html`<p>${results.description}</p>`}<dl class="meta">${metaOf(results).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></header>
<nav class="contents" aria-labelledby="contents"><h2 id="contents">Contents</h2><ol>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
<main>
${findingsMarkup(results)}${sections.map(
  ({
    id,
    title: heading,
    body: content,
  }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}${dummy && html` <span class="tag">dummy allocation</span>`}</h2>${content}</section>
`,
)}</main>
<footer>${dummy && html`<strong>${dummyWords}</strong> `}Made by ${results.software.name} ${results.software.version} from ${results.kind === 'study' ? 'a locked record' : 'a table and its map'}. Numbers are rounded for reading; the results file holds them in full.</footer>
</body>
</html>
`;
  return `<!doctype html>\n${document.text}${style}${body.text}`;
}

/** Above everything else, so that nobody reads a number without them. */
function findingsMarkup(results: Results): Part {
  const { findings } = results;
  if (findings.length === 0) return null;
  const item = ({ message, rows }: Results['findings'][number]) =>
    html`<li>${message}${rows.length > 0 && html` <span class="note">(${rows.join(', ')})</span>`}</li>`;
  return html`<section aria-labelledby="findings"><h2 id="findings">Findings about the data${results.dummy === true && html` <span class="tag">dummy allocation</span>`}</h2><ul>${findings.map(item)}</ul></section>
`;
}

function sectionsOf(results: Results): Section[] {
  const numbered = blocks();
  const { study } = results;
  return [
    summarySection(results),
    ...(study === null ? [] : [participantsSection(study, numbered)]),
    outcomesSection(results, numbered),
    blindingSection(results, numbered),
    ...(study === null ? [] : [exposureSection(study, numbered), adverseEventsSection(study, numbered)]),
    methodsSection(results, numbered),
    reproducibilitySection(results),
    ...(study === null ? [] : [consortSection(results, study, numbered)]),
  ];
}

function metaOf(results: Results): readonly (readonly [string, Part])[] {
  if (results.study !== null) return studyMeta(results, results.study);
  const rows = results.outcomes.reduce((sum, { rows: own }) => sum + own, 0);
  return [
    ['Participants', results.participants],
    ['Outcomes', results.outcomes.length],
    ['Rows', rows],
    ['Compared', `${results.labels.active} with ${results.labels.placebo}`],
  ];
}
