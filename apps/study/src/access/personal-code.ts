/** How long an invitation holds, and what is told of a personal code that opens nothing any more. */
import { ownRules } from '@limen/conduct';
import type { PersonalCode } from '../data/accounts.ts';
import { recordIdFor } from '../record/ids.ts';
import type { House } from '../server/house.ts';

/** An invitation that nobody has answered runs out; a code that was used does not. */
export const invitationDays = 30;

export function invitationEnds(issuedAt: string): string {
  return new Date(Date.parse(issuedAt) + invitationDays * 86_400_000).toISOString();
}

export type CodeFault = 'code_replaced' | 'invitation_expired';

export function faultOf({ replacedAt, status, issuedAt }: PersonalCode, now: string): CodeFault | null {
  if (replacedAt !== null) return 'code_replaced';
  return status === 'invited' && now >= invitationEnds(issuedAt) ? 'invitation_expired' : null;
}

const messages: Readonly<Record<CodeFault, string>> = {
  code_replaced:
    'Somebody came with a personal code that has been replaced. If it was not the participant, the old code is in other hands; it opens nothing.',
  invitation_expired:
    'Somebody came with this invitation after it had run out. If it was the person invited, make them a new personal code.',
};

/** Tells the team once for each code. */
export async function tellTeam(house: House, code: PersonalCode, fault: CodeFault): Promise<void> {
  const { studyId, participantId, codeHash } = code;
  const study = await house.studies.get(studyId);
  if (study === null) return;
  const idOf = (kind: string) => recordIdFor(house.deriver, kind, studyId, `${participantId}|${fault}|${codeHash}`);
  const signal = {
    type: 'signal.raised',
    signalId: idOf('signal'),
    rule: ownRules.personalCode,
    severity: 'routine',
    about: ownRules.personalCode,
    message: messages[fault],
  } as const;
  const actor = { id: 'system', role: 'system' } as const;
  const act = { study, participantId, actor, now: house.now() };
  await house.writer.note(act, idOf('command'), { fault, codeHash }, signal, async () => undefined);
}
