/** How a participant packed and opened their own envelopes, read off the record: steps, weights, weeks, seal. */
import type { TimelineEntry } from '../../server/timeline.ts';

type Entry = Pick<TimelineEntry, 'type' | 'recordedAt' | 'data'>;

export type PackingStory = {
  readonly mode: 'self' | 'helper';
  readonly steps: readonly { readonly label: string; readonly at: string | null; readonly by: string }[];
  readonly weights: { readonly text: string; readonly findings: readonly string[] } | null;
  readonly weeks: readonly { readonly week: number; readonly at: string | null; readonly remarks: readonly string[] }[];
  /** null: not looked at yet. */
  readonly seal: { readonly fine: boolean; readonly text: string } | null;
  /** Team members who packed and therefore do not rate this person. */
  readonly packers: readonly string[];
};

const stepLabels: readonly (readonly [string, string])[] = [
  ['printed', 'Labels printed'],
  ['filled', 'Eight sets filled'],
  ['weighed', 'Three capsules weighed'],
  ['shuffled', 'Closed and shuffled'],
  ['sorted', 'Envelopes scanned'],
  ['sealed', 'Leftovers sealed'],
];

const findingWords: Readonly<Record<string, string>> = {
  scaleTooCoarse: 'the scale is too coarse to tell a tenth of the weight',
  notOfThisScale: 'the weights are not ones this scale can show',
  weightsDiffer: 'the weights differ by more than a tenth',
};

const flagWords: Readonly<Record<string, string>> = {
  otherWeek: 'the envelope of another week',
  leftover: 'an envelope that was to stay sealed',
  secondInWeek: 'a second one in this week',
  openedBefore: 'one that had been opened before',
};

/** Null for somebody who planned no envelopes. */
export function packingStory(entries: readonly Entry[]): PackingStory | null {
  const planned = entries.find(({ type }) => type === 'packing.planned');
  if (planned === undefined) return null;
  const recorded = entries.filter(({ type }) => type === 'packing.recorded');
  const last = (step: string) => recorded.findLast(({ data }) => data.step === step);
  const weeks = Array.isArray(planned.data.weeks) ? planned.data.weeks.length : 0;
  return {
    mode: planned.data.mode === 'helper' ? 'helper' : 'self',
    steps: stepLabels.map(([step, label]) => {
      const entry = last(step);
      return { label, at: entry?.recordedAt ?? null, by: entry?.data.by === 'helper' ? 'by the helper' : '' };
    }),
    weights: weightsOf(last('weighed')),
    weeks: Array.from({ length: weeks }, (_, index) => weekOf(index + 1, entries)),
    seal: sealOf(entries.find(({ type }) => type === 'leftovers.checked')),
    packers: entries.filter(({ type }) => type === 'packing.packerDeclared').map(({ data }) => String(data.accountId)),
  };
}

function weightsOf(entry: Entry | undefined): PackingStory['weights'] {
  if (entry === undefined || !Array.isArray(entry.data.weights)) return null;
  const findings = Array.isArray(entry.data.findings) ? entry.data.findings : [];
  const text = `${entry.data.weights.join(', ')} mg on a scale that shows ${String(entry.data.resolutionMg)} mg`;
  return { text, findings: findings.map((one) => findingWords[String(one)] ?? String(one)) };
}

function weekOf(week: number, entries: readonly Entry[]): PackingStory['weeks'][number] {
  const opened = entries.filter(({ type, data }) => type === 'envelope.opened' && data.week === week);
  const strange = entries.filter(({ type, data }) => type === 'entry.kept' && isForeign(data, week));
  const flags = opened.flatMap(({ data }) => (Array.isArray(data.flags) ? data.flags.map(String) : []));
  return {
    week,
    at: opened[0]?.recordedAt ?? null,
    remarks: [
      ...flags.map((flag) => flagWords[flag] ?? flag),
      ...strange.map(() => 'an envelope that is not this person’s'),
    ],
  };
}

function isForeign({ code, content }: Entry['data'], week: number): boolean {
  return code === 'envelope_unknown' && (content as { week?: unknown } | null)?.week === week;
}

function sealOf(entry: Entry | undefined): PackingStory['seal'] {
  if (entry === undefined) return null;
  if (entry.data.matches !== true) return { fine: false, text: 'carries another code than at the start' };
  return entry.data.intact === true ? { fine: true, text: 'whole' } : { fine: false, text: 'torn' };
}
