/**
 * Versions of a running study's protocol: which one a participant is on, day by day, and the calendar that follows.
 * People stay on the version they consented to; a version that needs no new consent reaches them on the day after it was
 * adopted, one that needs it on the day after they gave it.
 */
import { type CalendarOptions, compileCalendar } from './calendar.ts';
import type { Calendar, Occurrence } from './calendar-types.ts';
import type { ProtocolDocument } from './document.ts';
import { formatPath, type Path } from './document-path.ts';

export type AdoptedVersion = {
  readonly protocol: ProtocolDocument;
  /** UTC; the first version is adopted with the study. */
  readonly adoptedAt: string;
  readonly reconsent: boolean;
};

/** To which version of the protocol somebody consented, and the local date from which it counts; null: from the start. */
export type VersionConsent = { readonly protocolVersion: string; readonly fromDate: string | null };

/** A version as it applies to one participant from a local date on; null: from the start. */
export type VersionPart = { readonly protocol: ProtocolDocument; readonly fromDate: string | null };

/**
 * The versions of one participant in order, at least one. Who has not consented yet is on the newest.
 * @param adopted all versions of the study, oldest first
 * @param consents in the order given
 */
export function versionParts(
  adopted: readonly [AdoptedVersion, ...AdoptedVersion[]],
  consents: readonly VersionConsent[],
  timeZone: string,
): readonly [VersionPart, ...VersionPart[]] {
  const rankOf = ({ protocolVersion }: VersionConsent) => rankIn(adopted, protocolVersion);
  const [first] = consents;
  const start = first === undefined ? adopted.length - 1 : rankOf(first);
  let part: VersionPart = { protocol: (adopted[start] ?? adopted[0]).protocol, fromDate: null };
  const before: VersionPart[] = [];
  for (const [offset, next] of adopted.slice(start + 1).entries()) {
    const reached = next.reconsent
      ? consents.filter((consent) => rankOf(consent) > start + offset).map(({ fromDate }) => fromDate)
      : [dateAfter(next.adoptedAt, timeZone)];
    const [own, ...others] = reached;
    if (own === undefined) break;
    const fromDate = later(part.fromDate, others.reduce(earlier, own));
    if (fromDate !== part.fromDate) before.push(part);
    part = { protocol: next.protocol, fromDate };
  }
  const [opening, ...rest] = [...before, part];
  return [opening ?? part, ...rest];
}

/** The version a participant is on at a local date. */
export function versionOn(parts: readonly [VersionPart, ...VersionPart[]], date: string): ProtocolDocument {
  const begun = parts.filter(({ fromDate }) => fromDate === null || fromDate <= date);
  return (begun.at(-1) ?? parts[0]).protocol;
}

/** Whether somebody who has consented is asked again. */
export function isReconsentDue(adopted: readonly AdoptedVersion[], consents: readonly VersionConsent[]): boolean {
  if (consents.length === 0) return false;
  const reached = Math.max(...consents.map(({ protocolVersion }) => rankIn(adopted, protocolVersion)));
  return adopted.some(({ reconsent }, rank) => reconsent && rank > reached);
}

/**
 * The calendar over all versions: of each, the days on which it applies. Capsules are counted through.
 * @throws ProtocolError as `compileCalendar`
 */
export function calendarOver(parts: readonly [VersionPart, ...VersionPart[]], options: CalendarOptions): Calendar {
  const [{ protocol: first }, ...amended] = parts;
  if (amended.length === 0) return compileCalendar(first, options);
  const starts = parts.map(({ fromDate }) => (fromDate === null ? 1 : studyDayOf(options.startDate, fromDate)));
  const calendars = parts.map(({ protocol }) => compileCalendar(protocol, options));
  const last = calendars.at(-1) ?? compileCalendar(first, options);
  const kept = calendars.flatMap(({ occurrences }, index) => {
    const [from, until] = [starts[index] ?? 1, starts[index + 1] ?? Number.POSITIVE_INFINITY];
    return occurrences.filter(({ studyDay }) => studyDay >= from && studyDay < until);
  });
  const most = (parts.at(-1) ?? parts[0]).protocol.dosing.maximumDoses;
  return { ...last, occurrences: countedThrough(kept, most) };
}

function countedThrough(occurrences: readonly Occurrence[], most: number): Occurrence[] {
  const days = occurrences.filter(({ kind }) => kind === 'dose').map(({ studyDay }) => studyDay);
  const numbers = new Map(days.sort((a, b) => a - b).map((day, index) => [day, index + 1]));
  return occurrences
    .flatMap((occurrence): Occurrence[] => {
      if (occurrence.kind !== 'dose') return [occurrence];
      const doseNumber = numbers.get(occurrence.studyDay) ?? 0;
      return doseNumber > most ? [] : [{ ...occurrence, doseNumber }];
    })
    .sort((a, b) => (a.opensAt < b.opensAt ? -1 : a.opensAt > b.opensAt ? 1 : 0));
}

export type FixedChange = { readonly path: string; readonly message: string };

/**
 * What an amendment changes although it was committed to before the first participant: allocation and contents. Such a
 * change needs a study of its own.
 */
export function fixedChanges(before: ProtocolDocument, after: ProtocolDocument): FixedChange[] {
  const committed = 'The randomisation was committed with it before the first participant; it cannot be changed.';
  const of = (path: Path, was: unknown, is: unknown, message: string): FixedChange[] =>
    JSON.stringify(was) === JSON.stringify(is) ? [] : [{ path: formatPath(path), message }];
  const contents = ({ arms }: ProtocolDocument) => arms.map(({ id, weight, content }) => ({ id, weight, content }));
  const given = ({ interventions }: ProtocolDocument) =>
    interventions.map(({ id, role, substances, level, activePlacebo }) => [id, role, substances, level, activePlacebo]);
  const tooMany = after.dosing.maximumDoses > before.dosing.maximumDoses;
  return [
    ...of(['id'], before.id, after.id, 'An amendment has the id of its protocol.'),
    ...of(['randomisation'], before.randomisation, after.randomisation, committed),
    ...of(['arms'], contents(before), contents(after), committed),
    ...of(['interventions'], given(before), given(after), committed),
    ...of(['dosing', 'shamDoses'], before.dosing.shamDoses, after.dosing.shamDoses, committed),
    ...(tooMany
      ? [{ path: 'dosing.maximumDoses', message: `Kits hold ${before.dosing.maximumDoses} capsules and no more.` }]
      : []),
    ...of(
      ['startsOn'],
      before.startsOn,
      after.startsOn,
      'Participants have begun on the weekday of the first version.',
    ),
    ...of(
      ['blinding', 'guessActivity'],
      before.blinding.guessActivity,
      after.blinding.guessActivity,
      'Guesses are told apart by the activity in which they are asked.',
    ),
  ];
}

/** A version nobody knows of is the first: it was consented to before versions were written down. */
function rankIn(adopted: readonly AdoptedVersion[], version: string): number {
  return Math.max(
    0,
    adopted.findIndex(({ protocol }) => protocol.version === version),
  );
}

/** The study day of a local date; below 1 before the start. */
function studyDayOf(startDate: string, date: string): number {
  return Temporal.PlainDate.from(startDate).until(date, { largestUnit: 'days' }).days + 1;
}

function dateAfter(instant: string, timeZone: string): string {
  const date = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate();
  return date.add({ days: 1 }).toString();
}

const later = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a);
const earlier = (a: string | null, b: string | null): string | null =>
  a === null || b === null ? null : b < a ? b : a;
