/**
 * What people who packed their own capsules took: by the envelope they opened, not by the one they should have. Who
 * opened others than planned is in no contrast of arms, as in Szigeti et al. 2021; the capsules count for what they held.
 */
import type { EventFields } from './study-events.ts';
import { isRecord } from './study-events.ts';
import type { DoseRow, EnvelopeRow } from './tables.ts';

const foreign = 'otherPerson';

export type ReleasedEnvelope = {
  readonly token: string;
  readonly week: number | null;
  /** Intervention ids, the first capsule day first. */
  readonly contents: readonly string[];
};

type Allocated = { readonly contents: readonly string[]; readonly envelopes?: readonly ReleasedEnvelope[] };

/** Openings as recorded, and those of somebody else's envelope that were refused and kept. */
export function envelopeRows(participantId: string, events: readonly EventFields[]): EnvelopeRow[] {
  return events.flatMap((event): EnvelopeRow[] => {
    if (event.type === 'envelope.opened') {
      const flags = event.list('flags').map(String);
      const place = { week: event.number('week'), envelope: event.text('envelope'), openedAt: event.text('openedAt') };
      return [{ participantId, ...place, flags, source: event.source }];
    }
    if (event.type !== 'entry.kept' || event.optionalText('code') !== 'envelope_unknown') return [];
    const content = event.value('content');
    if (!isRecord(content) || typeof content.week !== 'number') return [];
    const place = { week: content.week, envelope: String(content.envelope), openedAt: event.recordedAt };
    return [{ participantId, ...place, flags: [foreign], source: event.source }];
  });
}

/** Whether a person's weeks are the ones drawn for them, as far as the record says. */
export function isAsPlanned(opened: readonly EnvelopeRow[]): boolean {
  return opened.every(({ flags }) => flags.length === 0);
}

/**
 * What a capsule held; null where it cannot be known: of an envelope that is not this person's, or after a second one
 * was opened in the same week. A week without any opening in the record is taken as planned.
 */
export function heldBy(
  dose: Pick<DoseRow, 'doseNumber' | 'takenAt'>,
  { contents, envelopes }: Allocated,
  opened: readonly EnvelopeRow[],
): string | null {
  const planned = contents[dose.doseNumber - 1] ?? null;
  const perWeek = envelopes?.[0]?.contents.length;
  if (envelopes === undefined || perWeek === undefined) return planned;
  const week = Math.ceil(dose.doseNumber / perWeek);
  const [first, second] = opened.filter((row) => row.week === week).sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
  if (first === undefined) return planned;
  if (second !== undefined && (dose.takenAt === null || dose.takenAt >= second.openedAt)) return null;
  const envelope = envelopes.find(({ token }) => token === first.envelope);
  return envelope?.contents[(dose.doseNumber - 1) % perWeek] ?? null;
}

export type EnvelopeSummary = {
  /** People who planned envelopes. */
  readonly packed: number;
  readonly opened: number;
  readonly flagged: readonly { readonly flag: string; readonly openings: number }[];
  /** People in no contrast of arms for it. */
  readonly otherThanPlanned: number;
  /** Leftovers whose seal was looked at, and those found torn or with another code. */
  readonly sealsChecked: number;
  readonly sealsBroken: number;
};

export function envelopeSummary(tables: {
  readonly envelopes: readonly EnvelopeRow[];
  readonly packing: readonly { readonly sealChecked: boolean; readonly sealBroken: boolean }[];
}): EnvelopeSummary | null {
  const { envelopes, packing } = tables;
  if (packing.length === 0) return null;
  const flags = [
    ...Map.groupBy(
      envelopes.flatMap((row) => row.flags),
      (flag) => flag,
    ),
  ];
  const people = [...Map.groupBy(envelopes, ({ participantId }) => participantId).values()];
  return {
    packed: packing.length,
    opened: envelopes.length,
    flagged: flags.map(([flag, list]) => ({ flag, openings: list.length })).sort((a, b) => (a.flag < b.flag ? -1 : 1)),
    otherThanPlanned: people.filter((rows) => !isAsPlanned(rows)).length,
    sealsChecked: packing.filter(({ sealChecked }) => sealChecked).length,
    sealsBroken: packing.filter(({ sealBroken }) => sealBroken).length,
  };
}

/** Null for somebody who planned no envelopes. */
export function packingOf(participantId: string, events: readonly EventFields[]) {
  if (!events.some(({ type }) => type === 'packing.planned')) return null;
  const checked = events.find(({ type }) => type === 'leftovers.checked');
  const broken = checked !== undefined && !(checked.flag('intact') && checked.flag('matches'));
  return { participantId, sealChecked: checked !== undefined, sealBroken: broken };
}
