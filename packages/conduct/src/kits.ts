/** The kits a participant has had. Labels only: what a kit holds is not known here. */
import type { KitStatus, ParticipantState } from './state.ts';

/** In the order in which they were assigned. Records with one kit that came to nothing special need no list. */
export function kitsOf({ kits, kit, dispensed }: ParticipantState): Readonly<Record<string, KitStatus>> {
  if (kits !== undefined) return kits;
  return kit === null ? {} : { [kit]: dispensed ? 'dispensed' : 'assigned' };
}

/** The kit that is to be handed over next; null where none waits. */
export function awaitedKit(state: ParticipantState): string | null {
  return Object.entries(kitsOf(state)).find(([, status]) => status === 'assigned')?.[0] ?? null;
}

export function withKit(state: ParticipantState, kit: string, status: KitStatus): Readonly<Record<string, KitStatus>> {
  return { ...kitsOf(state), [kit]: status };
}
