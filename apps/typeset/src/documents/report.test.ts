import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pagesOf, withoutPoppler } from '../test-pdf.ts';
import { contentOf, type PageBlock } from './page-blocks.ts';
import { printReport } from './report.ts';

const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A &amp; B</title>
<style>
svg text{fill:var(--ink)}
svg .active{stroke:var(--active);fill:var(--active)}
@media print{:root{color-scheme:light;--ink:#000;--active:#0a5c73}.skip{display:none}}
</style></head>
<body>
<a class="skip" href="#summary">Skip</a>
<header><p class="eyebrow">Study report</p><h1>A &amp; B</h1><dl class="meta"><div><dt>Participants</dt><dd>12</dd></div></dl></header>
<nav class="contents"><h2 id="contents">Contents</h2><ol><li><a href="#summary">Summary</a></li></ol></nav>
<main>
<section><h2 id="summary">Summary <span class="tag">dry run</span></h2><p class="lede">It = *is* #not $markup$ &lt;here&gt; @all, as <code>y ~ arm</code>.</p>
<div class="verdict warn"><h3>Careful</h3><p>See <a href="#outcomes">the outcomes</a> and <a href="#nowhere">what is not here</a>.</p></div></section>
<section><h2 id="outcomes">Outcomes</h2>
<figure id="figure-1"><figcaption><b>Figure 1.</b> Differences</figcaption><div class="scroll"><div class="drawing"><svg viewBox="0 0 100 40" role="img"><title>Differences</title><desc>One square at 2.</desc><rect class="active" x="1" y="2" width="10" height="10"/><text x="5" y="30">a &lt; b</text></svg></div></div>
<details><summary>Numbers behind figure 1</summary><div class="scroll"><table><caption>Numbers behind figure 1</caption><thead><tr><th scope="col">Outcome</th><th scope="col">Estimate</th></tr></thead><tbody><tr><th scope="row">Mood</th><td>2.2192</td></tr></tbody></table></div></details></figure>
<details id="outcome-mood"><summary>Mood: models</summary><p>Folded away on the page.</p><ul class="note"><li>A note</li></ul></details></section>
</main>
<footer>Made by Limen.</footer>
</body>
</html>`;

const words = (block: PageBlock | undefined): string =>
  block !== undefined && 'runs' in block ? block.runs.map(({ text }) => text).join('') : '';

describe('the blocks of a page', () => {
  const { title, blocks } = contentOf(page);
  const ofKind = <K extends PageBlock['kind']>(kind: K) =>
    blocks.filter((block): block is Extract<PageBlock, { kind: K }> => block.kind === kind);

  it('are those of the page in their order, without the contents, which paper makes anew', () => {
    assert.equal(title, 'A & B');
    const kinds =
      'paragraph heading facts heading paragraph callout heading figure table heading paragraph list paragraph';
    assert.deepEqual(blocks.map(({ kind }) => kind).join(' '), kinds);
    assert.deepEqual(ofKind('heading').map(words), ['A & B', 'Summary dry run', 'Outcomes', 'Mood: models']);
  });

  it('lead only to places that the page has', () => {
    const [callout] = ofKind('callout');
    const links = callout?.blocks.flatMap((block) => ('runs' in block ? block.runs.map(({ to }) => to) : []));
    assert.deepEqual(
      links?.filter((to) => to !== null),
      ['outcomes'],
    );
  });

  it('hold a drawing with the inks of paper and its text alternative', () => {
    const [figure] = ofKind('figure');
    assert.equal(figure?.alt, 'One square at 2.');
    assert.match(figure?.svg ?? '', /\.active\{stroke:#0a5c73;fill:#0a5c73\}/);
    assert.match(figure?.svg ?? '', /a &lt; b/);
    assert.doesNotMatch(figure?.svg ?? '', /<title>|var\(/);
  });

  it('are refused where paper would lose something, or where the page is another', () => {
    const lost = page.replace('<footer>', '<video></video><footer>');
    assert.throws(() => contentOf(lost), { code: 'bad_input', message: /video/ });
    assert.throws(() => contentOf('<h1>Report</h1>'), { code: 'bad_input' });
  });
});

describe('a report on paper', () => {
  const print = (printedAt: string | null) => printReport({ language: 'en', paper: 'a4', printedAt, page });

  it('holds what is folded away on the page, and words stay words', { skip: withoutPoppler }, async () => {
    const text = pagesOf(await print(null))
      .join(' ')
      .replace(/[\s\u200B]+/g, ' ');
    const parts = ['It = *is* #not $markup$ <here> @all, as y ~ arm.', 'Folded away on the page.', 'Mood 2.2192'];
    for (const part of [...parts, 'Careful', 'Made by Limen.']) assert.ok(text.includes(part), `${part} in ${text}`);
  });

  it('is the same file every time, and names an instant only where one belongs to it', async () => {
    const [first, second] = [await print(null), await print(null)];
    assert.deepEqual(first, second);
    const read = (pdf: Uint8Array) => Buffer.from(pdf).toString('latin1');
    assert.doesNotMatch(read(first), /CreationDate|CreateDate/);
    assert.match(read(await print('2026-06-02T10:00:00.000Z')), /CreationDate \(D:20260602100000Z\)/);
  });
});
