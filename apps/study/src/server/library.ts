/** The protocols this installation ships: JSON files of one folder, read at the start. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ProtocolDocument, parseProtocol } from '@limen/protocol';
import type { Log } from './log.ts';

export type LibraryEntry = { readonly id: string; readonly text: string; readonly protocol: ProtocolDocument };
export type Library = { list(): readonly LibraryEntry[]; get(id: string): LibraryEntry | null };

/** A file that does not parse is left out and said in the log: it must not keep a server from starting. */
export async function readLibrary(folder: string | null, log: Log): Promise<Library> {
  const names = folder === null ? [] : await readdir(folder).catch(() => []);
  const entries: LibraryEntry[] = [];
  for (const name of names.filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json')).sort()) {
    const text = await readFile(path.join(folder ?? '', name), 'utf8');
    const parsed = parseProtocol(text);
    if (parsed.ok) entries.push({ id: parsed.protocol.id, text, protocol: parsed.protocol });
    else log({ level: 'warn', event: 'library.skipped', file: name, problems: parsed.problems.length });
  }
  return { list: () => entries, get: (id) => entries.find((entry) => entry.id === id) ?? null };
}
