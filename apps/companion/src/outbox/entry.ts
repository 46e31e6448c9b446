/** What a person entered, as a command that can be sent any number of times and counts once. */
import type { CommandOf } from '@limen/conduct';

/** The commands a participant's own phone makes. */
export type OwnCommandType =
  | 'screen'
  | 'consent'
  | 'recordDose'
  | 'recordWearableDays'
  | 'submit'
  | 'reportAdverseEvent'
  | 'planPacking'
  | 'recordPacking'
  | 'openEnvelope'
  | 'checkLeftovers'
  | 'withdraw';
export type OwnCommand = CommandOf<OwnCommandType>;

export type Refusal = {
  readonly code: string;
  readonly detail: string;
  readonly problems: readonly { readonly path: string; readonly detail: string }[];
};

export type Entry = {
  readonly command: OwnCommand;
  /** What the person calls it: the activity's label. */
  readonly label: string;
  /** By the device's clock, UTC. */
  readonly occurredAt: string;
  readonly timeZone: string;
  /** Sendings that the server answered with a fault of its own. */
  readonly faults: number;
  /** Set where the server did not accept it and the person must look at it. */
  readonly refusal: Refusal | null;
};

const idBytes = 18;

/** 24 letters, 144 random bits: made once per act, so that a repeat is recognised. */
export function makeCommandId(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): string {
  const bytes = random(new Uint8Array(idBytes));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

/** What is put on the phone with an entry: everything but the id and the times, which are added when it is saved. */
export type Draft = { [T in OwnCommandType]: Omit<CommandOf<T>, 'commandId' | 'device'> }[OwnCommandType];
