/** What was signed, and the file a person can keep of it. */
import type { ConsentForm } from '../server/answers.ts';
import { fill, languageNow, words } from '../words/index.ts';

export const signedConsentName = 'signed-consent';
export type SignedConsent = {
  readonly form: ConsentForm;
  readonly choices: Readonly<Record<string, boolean>>;
  readonly signature: string;
  /** By the device's clock, UTC. */
  readonly signedAt: string;
};

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const asText = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);

export function htmlOf(form: ConsentForm, signed: SignedConsent | null): string {
  const { common, consent } = words();
  const sections = form.sections.map(
    ({ heading, text }) =>
      `<h2>${asText(heading)}</h2>\n${text
        .split(/\n+/)
        .map((part) => `<p>${asText(part)}</p>`)
        .join('\n')}`,
  );
  const choices = form.choices.map(
    ({ id, label }) => `<li>${asText(label)} <strong>${signed?.choices[id] ? common.yes : common.no}</strong></li>`,
  );
  const signature =
    signed === null
      ? ''
      : `<h2>${asText(consent.whatChose)}</h2>\n<ul>${choices.join('\n')}</ul>\n<p>${asText(fill(consent.signed, { name: signed.signature, when: `${signed.signedAt} (UTC)` }))}</p>`;
  return [
    '<!doctype html>',
    `<html lang="${languageNow()}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${asText(form.title)}</title>`,
    '<style>body{font:1rem/1.6 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}</style>',
    `</head><body><h1>${asText(form.title)}</h1><p>${asText(fill(common.version, { version: form.version }))}</p>`,
    ...sections,
    signature,
    '</body></html>',
  ].join('\n');
}
