/** Words for where a kit is. None of them tells what it holds. */
import type { ReplyOf, routes } from '../server/client.ts';
import type { Tone } from './labels.ts';

export type KitStatus = ReplyOf<typeof routes.supplyKits>['kits'][number]['status'];

const words: Readonly<Record<KitStatus, { label: string; tone: Tone }>> = {
  underway: { label: 'Under way', tone: 'plain' },
  inStock: { label: 'In stock', tone: 'good' },
  keptBack: { label: 'Kept back', tone: 'watch' },
  expired: { label: 'Expired', tone: 'watch' },
  missing: { label: 'Missing on receipt', tone: 'alarm' },
  damaged: { label: 'Damaged', tone: 'watch' },
  assigned: { label: 'To be handed over', tone: 'plain' },
  dispensed: { label: 'With the participant', tone: 'plain' },
  returned: { label: 'Returned', tone: 'plain' },
  lost: { label: 'Lost', tone: 'alarm' },
  destroyed: { label: 'Destroyed', tone: 'plain' },
};

export const kitWords = (status: KitStatus) => words[status];
export const kitStatuses = Object.keys(words) as KitStatus[];

export const shipmentWords: Readonly<
  Record<ReplyOf<typeof routes.supply>['shipments'][number]['status'], { label: string; tone: Tone }>
> = {
  sent: { label: 'Under way', tone: 'plain' },
  received: { label: 'Received', tone: 'good' },
  quarantined: { label: 'Kept back', tone: 'watch' },
  recalled: { label: 'Recalled', tone: 'alarm' },
};
