/** Reading protocol documents named on the command line. */
import { readFile } from 'node:fs/promises';
import type { ProtocolDocument } from '@limen/protocol';
import { Failure } from '../failure.ts';

const largestDocument = 5_000_000;
const faultsShown = 10;

export async function readDocumentText(file: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  if (text.length > largestDocument) throw new Failure('document_too_large', `${file} is larger than 5 MB.`);
  return text;
}

/** A document that parses; its faults with line and column otherwise. */
export async function readProtocolFile(file: string): Promise<ProtocolDocument> {
  const [text, { parseProtocol }] = await Promise.all([readDocumentText(file), import('@limen/protocol')]);
  const parsed = parseProtocol(text);
  if (parsed.ok) return parsed.protocol;
  const lines = parsed.problems
    .slice(0, faultsShown)
    .map(({ line, column, path, message }) => `${file}:${line}:${column}  ${path || '(document)'}  ${message}`);
  throw new Failure('invalid_protocol', `${file} is not a protocol.\n${lines.join('\n')}`, null, {
    problems: parsed.problems,
  });
}

/** The IANA name as the system writes it. */
export function zoneOf(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new Failure('usage', `--zone takes the name of a time zone, such as Europe/Berlin, not “${name}”.`);
  }
}
