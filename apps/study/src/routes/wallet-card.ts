/** The card a participant carries: the number by which the vault finds them, and whom to call. */
import { kitsOf } from '@limen/conduct';
import { routes } from '@limen/contract';
import type { ProtocolDocument } from '@limen/protocol';
import { printWalletCards, TypesetError } from '@limen/typeset';
import { readRecords } from '../record/participants.ts';
import { forParticipant } from '../server/call.ts';
import { problemOf } from '../server/problem.ts';
import { openStudy } from './studies.ts';

const remembered = 50;
const printed = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

type Card = {
  readonly protocol: ProtocolDocument;
  readonly number: string;
  readonly startDate: string;
  readonly vaultPages: string | null;
};

/** Dated by the first study day: the same file whenever and by whomever it is fetched. */
async function print({ protocol, number, startDate, vaultPages }: Card): Promise<Uint8Array<ArrayBuffer>> {
  const { blinding, interventions, safety, shortTitle, language } = protocol;
  const page = vaultPages === null ? null : `${vaultPages}/emergency`;
  const { label, phone } = safety.contacts.find((contact) => contact.phone !== undefined) ?? {};
  const pdf = await printWalletCards({
    ...{ language, paper: 'a4', printedAt: `${startDate}T00:00:00.000Z` },
    studyTitle: shortTitle,
    numbers: [number],
    // The same on every card of the study.
    mayContain: blinding.armsDisclosed
      ? `${interventions.map((one) => one.label).join('; ')}.`
      : 'ask at the emergency phone.',
    phone: phone ?? 'See the app',
    web: page?.replace(/^https?:\/\//, '') ?? 'Ask at the emergency phone',
    codeAddress: page === null ? '{number}' : `${page}?number={number}`,
    lines: label === undefined ? [] : [label],
  });
  return new Uint8Array(pdf);
}

async function printOnce(card: Card, key: string): Promise<Uint8Array<ArrayBuffer>> {
  const pdf = printed.get(key) ?? print(card);
  printed.delete(key);
  printed.set(key, pdf);
  for (const old of [...printed.keys()].slice(0, -remembered)) printed.delete(old);
  try {
    return await pdf;
  } catch (error) {
    printed.delete(key);
    if (!(error instanceof TypesetError) || error.code === 'template') throw error;
    throw problemOf('cannot_be_printed', { detail: error.message });
  }
}

const walletCard = forParticipant(routes.walletCard, async ({ scope, house, reply }) => {
  const { studyId, participantId } = scope;
  const [record] = await readRecords(house.database, studyId, [participantId]);
  const [number] = record === undefined ? [] : Object.keys(kitsOf(record.state));
  const startDate = record?.state.startDate ?? null;
  if (number === undefined || startDate === null) throw problemOf('no_card_yet');
  const { protocol } = await openStudy(house, studyId);
  reply.header('content-disposition', `attachment; filename="card-${number}.pdf"`);
  const card = { protocol, number, startDate, vaultPages: house.vaultPages };
  return printOnce(card, JSON.stringify([studyId, protocol.version, number, startDate, house.vaultPages]));
});

export const walletCardHandlers = { walletCard };
