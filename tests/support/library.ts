/** Libraries of protocols for tests: one of the shipped, asking for more. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instrumentById } from '@limen/instruments';

export type Library = { readonly folder: string; readonly remove: () => void };

/** A folder with one shipped protocol that asks for more instruments on the first day, under their titles. */
export function libraryWith(protocol: string, instruments: readonly string[]): Library {
  const folder = mkdtempSync(join(tmpdir(), 'limen-library-'));
  const file = join(import.meta.dirname, '..', '..', 'protocols', `${protocol}.json`);
  const document = JSON.parse(readFileSync(file, 'utf8'));
  const like = document.activities.find(({ id }: { id: string }) => id === 'check-in-baseline');
  const window = { opensAt: '06:00', closesAt: '23:59', closesAfterDays: 4, lateDays: 0 };
  const on = { kind: 'days', days: [1] };
  const asked = (id: string) => ({ id: `asked-${id}`, label: instrumentById(id).texts.en.title, instrument: id });
  document.activities.push(...instruments.map((id) => ({ ...like, ...asked(id), on, window })));
  writeFileSync(join(folder, `${protocol}.json`), JSON.stringify(document));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
