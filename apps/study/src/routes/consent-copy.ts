/** The copy of a signed consent that the person keeps: the text as it was signed, their choices, when they signed. */
import { createHash } from 'node:crypto';
import { routes } from '@limen/contract';
import type { ConsentVersion, ProtocolDocument } from '@limen/protocol';
import { printConsentCopy } from '@limen/typeset';
import { factsOf, listStream } from '../data/ledger.ts';
import type { LedgerTable } from '../data/schema.ts';
import { readRecords } from '../record/participants.ts';
import type { OpenStudy } from '../record/studies.ts';
import { forParticipant } from '../server/call.ts';
import { problemOf } from '../server/problem.ts';
import { createPrinter } from './print-once.ts';
import { openStudy } from './studies.ts';

const remembered = 20;
const printOnce = createPrinter(remembered);

type Signed = {
  readonly protocol: ProtocolDocument;
  readonly form: ConsentVersion;
  readonly entry: LedgerTable;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly timeZone: string;
};

/** The text of that version in any version of the protocol; a text keeps its version for good. */
function textOf({ versions, protocol }: OpenStudy, version: string): [ProtocolDocument, ConsentVersion] | null {
  for (const one of [protocol, ...versions.map((known) => known.protocol)]) {
    const form = one.consent.find((candidate) => candidate.version === version);
    if (form !== undefined) return [one, form];
  }
  return null;
}

/** Dated by the signature: the same file whenever it is fetched. */
function print({ protocol, form, entry, facts, timeZone }: Signed): Promise<Uint8Array> {
  const choices = facts.choices as Readonly<Record<string, boolean>>;
  const { label, phone, hours } = protocol.safety.contacts[0] ?? { label: 'Your study team', hours: '' };
  const zoned = Temporal.Instant.from(entry.recorded_at).toZonedDateTimeISO(timeZone);
  const signedAt = `${zoned.toPlainDate()}, ${zoned.toPlainTime().toString({ smallestUnit: 'minute' })} (${timeZone})`;
  const how = 'Signed in the app with the personal code, after the questions about the text.';
  return printConsentCopy({
    ...{ language: form.language, paper: 'a4', printedAt: entry.recorded_at },
    studyTitle: protocol.title,
    heading: form.title,
    version: form.version,
    sections: form.sections.map(({ heading, text }) => ({ heading, text })),
    choices: form.choices.map((one) => ({ question: one.label, answer: choices[one.id] === true ? 'Yes' : 'No' })),
    signatures: [{ role: 'Participant', name: String(facts.signature), signedAt, how }],
    contact: [label, phone, hours].filter((part) => part !== undefined && part !== '').join(', '),
    hash: createHash('sha256').update(JSON.stringify(form.sections)).digest('hex'),
  });
}

const consentCopy = forParticipant(routes.consentCopy, async ({ scope, house, reply }) => {
  const { studyId, participantId } = scope;
  const [[record], entries, study] = await Promise.all([
    readRecords(house.database, studyId, [participantId]),
    listStream(house.database, scope, { after: null, limit: 200, types: ['participant.consented'] }),
    openStudy(house, studyId),
  ]);
  const entry = entries.at(-1);
  const facts = entry === undefined ? null : factsOf(entry);
  const [protocol, form] = textOf(study, String(facts?.version)) ?? [];
  if (record === undefined || entry === undefined || facts === null || protocol === undefined || form === undefined) {
    throw problemOf('no_consent_yet');
  }
  reply.header('content-disposition', `attachment; filename="consent-${form.version}.pdf"`);
  const { timeZone } = record.state;
  return printOnce(JSON.stringify([studyId, participantId, entry.event_id, protocol.version]), () =>
    print({ protocol, form, entry, facts, timeZone }),
  );
});

export const consentCopyHandlers = { consentCopy };
