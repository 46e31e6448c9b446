/** The consent text that is signed now. */
import type { ConsentVersion, ProtocolDocument } from './document.ts';

/** The newest version in the protocol's language; versions are major.minor. */
export function newestConsent({ consent, language }: Pick<ProtocolDocument, 'consent' | 'language'>): ConsentVersion {
  const own = consent.filter((form) => form.language === language);
  const [first, ...rest] = own.length > 0 ? own : consent;
  if (first === undefined) throw new TypeError('A protocol has a consent form.');
  return rest.reduce((newest, form) => (compareVersions(form.version, newest.version) > 0 ? form : newest), first);
}

/** Below 0 where `a` is the older one; parts are compared as numbers. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  const place = left.findIndex((part, index) => part !== (right[index] ?? 0));
  return place === -1 ? left.length - right.length : (left[place] ?? 0) - (right[place] ?? 0);
}
