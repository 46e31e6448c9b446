import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { type PackingSlip, printPackingSlip } from './documents/packing-slip.ts';
import { Press } from './press.ts';
import { qrSvg } from './qr.ts';

const slip: PackingSlip = {
  language: 'de-AT',
  printedAt: '2026-01-02T03:04:05.678Z',
  paper: 'a4',
  studyTitle: 'Micro-dosing <and> mood & more',
  shipment: 'S-4K2',
  from: 'Pharmacy',
  to: 'Site North',
  lot: '2026-A',
  expiry: '2027-03-31',
  storage: 'Below 25 °C',
  capsulesPerKit: 14,
  labels: ['K7Q4M2XP', 'B7Q4M2XP'],
};
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const text = (pdf: Uint8Array) => Buffer.from(pdf).toString('latin1');

/** What a file says of itself: information, XMP and catalogue, without the hash of its content. */
function metadataOf(pdf: Uint8Array): string {
  const whole = text(pdf);
  const end = whole.slice(whole.indexOf('/Title <'), whole.indexOf('xref\n0 '));
  return end.replaceAll(/<xmpMM:(\w+)>.*?<\/xmpMM:\1>/g, '').replaceAll(/\b\d+ 0 (obj|R)/g, '');
}

describe('the press', () => {
  it('gives the same bytes for the same data, here and in another process', async () => {
    const here = sha256(await printPackingSlip(slip));
    assert.equal(sha256(await printPackingSlip(slip)), here);
    const program = `import { createHash } from 'node:crypto';
      import { printPackingSlip } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
      console.log(createHash('sha256').update(await printPackingSlip(${JSON.stringify(slip)})).digest('hex'));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'Pacific/Auckland', LANG: 'de_DE.UTF-8' },
    });
    assert.equal(stdout.trim(), here);
  });

  it('names the product, the kind of paper and the moment, and nothing of the content', async () => {
    const pdf = await printPackingSlip(slip);
    const said = metadataOf(pdf);
    assert.match(said, /<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Packing slip<\/rdf:li>/);
    assert.match(said, /\/CreationDate \(D:20260102030405Z\)/);
    assert.match(said, /\/DisplayDocTitle true/);
    assert.match(said, /\/Lang \(de-AT\)/);
    assert.doesNotMatch(text(pdf), /typst|\/Author|\/Creator|CreatorTool|dc:creator/i);
    const other = { ...slip, studyTitle: 'Another', labels: ['QQQQMMMM', 'ZZZZ1111'], to: 'Site South' };
    assert.equal(metadataOf(await printPackingSlip(other)), said);
  });

  it('makes a file whose parts stand where its table says', async () => {
    const whole = text(await printPackingSlip(slip));
    const start = Number(/startxref\n(\d+)\n%%EOF$/.exec(whole)?.[1]);
    assert.ok(whole.slice(start).startsWith('xref\n0 '));
    const offsets = [...whole.slice(start).matchAll(/^(\d{10}) 00000 n/gm)].map((row) => Number(row[1]));
    for (const [index, offset] of offsets.entries()) assert.ok(whole.slice(offset).startsWith(`${index + 1} 0 obj`));
    const [, length] = /\/Length (\d+)\s+\/Type \/Metadata/.exec(whole) ?? [];
    const stream = whole.indexOf('stream\n<?xpacket') + 'stream\n'.length;
    assert.equal(whole.slice(stream + Number(length), stream + Number(length) + 10), '\nendstream');
  });

  it('tags its text, so that it can be read aloud', async () => {
    assert.match(text(await printPackingSlip(slip)), /\/StructTreeRoot .*\/MarkInfo <<\s+\/Marked true/s);
  });

  it('refuses what is no language and no instant', async () => {
    await assert.rejects(async () => printPackingSlip({ ...slip, language: 'no language' }), { code: 'bad_input' });
    await assert.rejects(async () => printPackingSlip({ ...slip, printedAt: '2026-01-02' }), { code: 'bad_input' });
  });

  it('goes on after a document that it refused', async () => {
    await assert.rejects(printPackingSlip({ ...slip, to: '\u{1F600}' }), { code: 'missing_glyph' });
    await printPackingSlip(slip);
  });

  const metadata = { title: 'Labels', language: 'en', printedAt: '2026-01-02T03:04:05Z' };
  const sheet = { columns: 1, rows: 1, width: 70, height: 37, left: 0, top: 0, gapX: 0, insetX: 4, insetY: 3 };
  const words = { studyTitle: 'A', lines: ['B'], codeName: 'C', skip: 0, outlines: false };
  const envelopes = [{ name: 'D', code: qrSvg('E') }];
  const data = { title: 'Labels', language: 'en', region: null, sheet: { paper: 'a4', ...sheet }, envelopes, ...words };
  const job = { template: 'envelope-labels', metadata, data };

  it('is replaced when it breaks, and its jobs are told', async () => {
    const press = new Press();
    const first = await press.print(job);
    // What cannot be written as JSON breaks the thread, as a fault in the compiler would.
    const [broken, beside] = [press.print({ ...job, data: { ...data, skip: 0n } }), press.print(job)];
    await assert.rejects(broken, { code: 'template' });
    await assert.rejects(beside, { code: 'template' });
    assert.deepEqual(await press.print(job), first);
  });

  it('is closed when it has long had nothing to do, and starts again', async () => {
    const press = new Press(1);
    const first = await press.print(job);
    for (let waited = 0; press.running && waited < 200; waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(press.running, false);
    assert.deepEqual(await press.print(job), first);
  });
});
