/** The card a participant carries: the number by which the vault finds them, and whom to call. */
import { kitsOf } from '@limen/conduct';
import { routes } from '@limen/contract';
import type { ProtocolDocument } from '@limen/protocol';
import { printWalletCards } from '@limen/typeset';
import { readRecords } from '../record/participants.ts';
import { forParticipant } from '../server/call.ts';
import { problemOf } from '../server/problem.ts';
import { createPrinter } from './print-once.ts';
import { openStudy } from './studies.ts';

const remembered = 50;
const printOnce = createPrinter(remembered);

type Card = {
  readonly protocol: ProtocolDocument;
  readonly number: string;
  readonly startDate: string;
  readonly vaultPages: string | null;
};

/** Dated by the first study day: the same file whenever and by whomever it is fetched. */
function print({ protocol, number, startDate, vaultPages }: Card): Promise<Uint8Array> {
  const { blinding, interventions, safety, shortTitle, language } = protocol;
  const page = vaultPages === null ? null : `${vaultPages}/emergency`;
  const { label, phone } = safety.contacts.find((contact) => contact.phone !== undefined) ?? {};
  return printWalletCards({
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
  const key = JSON.stringify([studyId, protocol.version, number, startDate, house.vaultPages]);
  return printOnce(key, () => print(card));
});

export const walletCardHandlers = { walletCard };
