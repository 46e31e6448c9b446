/**
 * The metadata of a PDF. Typst writes its own name and version; a file of ours names the product, the kind of paper and
 * the moment it was asked for, and nothing else. Typst ends every file with three objects: information, XMP, catalogue;
 * they are written anew and everything before them stays byte for byte.
 */
import { TypesetError } from './errors.ts';

export interface Metadata {
  /** The kind of paper, as "Kit labels". It is the title a reader's window and a screen reader show. */
  readonly title: string;
  /** BCP 47. */
  readonly language: string;
  /** An instant, ISO 8601 in UTC, in whole seconds; null leaves the dates out. */
  readonly printedAt: string | null;
}

const PRODUCER = 'Limen';

export function withMetadata(pdf: Uint8Array, metadata: Metadata): Uint8Array {
  const text = Buffer.from(pdf).toString('latin1');
  const { offsets, trailer, count } = readTail(text);
  const [info = 0, xmp = 0, catalogue = 0] = offsets.slice(-3);
  const id = /\/ID \[\((.*?)\) /.exec(trailer)?.[1];
  const pages = /<xmpTPg:NPages>(\d+)</.exec(text.slice(xmp))?.[1];
  const root = text.slice(catalogue, text.indexOf('endobj', catalogue));
  const preferences = '/ViewerPreferences <<';
  if (id === undefined || pages === undefined || !root.includes('/Type /Catalog') || !root.includes(preferences))
    throw new TypesetError('template', 'The file does not end as this version of typst ends it.');
  const parts = [
    informationOf(count - 3, metadata),
    xmpOf(count - 2, metadata, { id, pages }),
    `${root.replace(preferences, `${preferences}\n    /DisplayDocTitle true`)}endobj\n`,
  ];
  return Buffer.concat([pdf.subarray(0, info), ...closed(parts, info, offsets, { count, id })]);
}

function readTail(text: string): { offsets: number[]; trailer: string; count: number } {
  const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1]);
  const [table = '', trailer = ''] = text.slice(start).split('trailer');
  const offsets = [...table.matchAll(/^(\d{10}) 00000 n/gm)].map((line) => Number(line[1]));
  return { offsets, trailer, count: offsets.length + 1 };
}

/** The new objects as bytes, then the table of where every object starts. */
function closed(
  parts: readonly string[],
  from: number,
  old: readonly number[],
  { count, id }: { count: number; id: string },
): Buffer[] {
  const bytes = parts.map((part) => Buffer.from(part, 'utf8'));
  const offsets = old.slice(0, -3);
  let at = from;
  for (const part of bytes) {
    offsets.push(at);
    at += part.length;
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
  const table = `xref\n0 ${count}\n0000000000 65535 f \n${rows.join('')}`;
  const end = `trailer\n<<\n  /Size ${count}\n  /Root ${count - 1} 0 R\n  /Info ${count - 3} 0 R\n  /ID [(${id}) (${id})]\n>>\nstartxref\n${at}\n%%EOF`;
  return [...bytes, Buffer.from(table + end, 'latin1')];
}

function informationOf(number: number, { title, printedAt }: Metadata): string {
  const date = printedAt === null ? null : `(D:${printedAt.replace(/[-:T]/g, '')})`;
  const hexTitle = Buffer.from(`\uFEFF${title}`, 'utf16le').swap16().toString('hex').toUpperCase();
  return `${number} 0 obj
<<
  /Title <${hexTitle}>
  /Producer (${PRODUCER})${date === null ? '' : `\n  /ModDate ${date}\n  /CreationDate ${date}`}
>>
endobj

`;
}

const xmlText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function xmpOf(number: number, metadata: Metadata, { id, pages }: { id: string; pages: string }): string {
  const { title, language, printedAt } = metadata;
  const dates =
    printedAt === null
      ? ''
      : `\n<xmp:ModifyDate>${printedAt}</xmp:ModifyDate>\n<xmp:CreateDate>${printedAt}</xmp:CreateDate>`;
  const packet = `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:xmpTPg="http://ns.adobe.com/xap/1.0/t/pg/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${xmlText(title)}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>${xmlText(language)}</rdf:li></rdf:Bag></dc:language>
<dc:format>application/pdf</dc:format>
<pdf:Producer>${PRODUCER}</pdf:Producer>${dates}
<xmpTPg:NPages>${pages}</xmpTPg:NPages>
<xmpMM:DocumentID>${id}</xmpMM:DocumentID>
<xmpMM:InstanceID>${id}</xmpMM:InstanceID>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`;
  return `${number} 0 obj
<<
  /Length ${Buffer.byteLength(packet)}
  /Type /Metadata
  /Subtype /XML
>>
stream
${packet}
endstream
endobj

`;
}
