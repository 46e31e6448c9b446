/** Participants of the benchmark: 365 first days and twenty zones, in order, as a compiler likes them best. */
export type Person = { readonly startDate: string; readonly timeZone: string; readonly drawSeed: string };

export const zones = [
  'Europe/Berlin',
  'Europe/London',
  'Europe/Lisbon',
  'Atlantic/Azores',
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Santiago',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Pacific/Auckland',
  'Pacific/Chatham',
] as const;
const starts = 365;

/** The share of one of `workers` workers: whole groups of one date and zone. */
export function* peopleOf(worker: number, workers: number, total: number): Generator<Person> {
  const groups = starts * zones.length;
  const first = Temporal.PlainDate.from('2027-01-01');
  for (let group = worker; group < groups; group += workers) {
    const startDate = first.add({ days: group % starts }).toString();
    const timeZone = zones[Math.floor(group / starts)] ?? zones[0];
    const size = Math.floor(((group + 1) * total) / groups) - Math.floor((group * total) / groups);
    for (let person = 0; person < size; person += 1) yield { startDate, timeZone, drawSeed: `${group}-${person}` };
  }
}
