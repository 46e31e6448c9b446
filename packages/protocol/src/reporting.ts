/**
 * The items of SPIRIT 2025 and those of CONSORT 2025 that are settled before a trial, and where a document says each.
 * Topics are in our own words; item numbers follow the published checklists and are to be held against them before a
 * protocol is submitted.
 */
import type { ProtocolDocument } from './document.ts';

export type ReportingItem = {
  readonly standard: 'SPIRIT 2025' | 'CONSORT 2025';
  readonly item: string;
  readonly topic: string;
  /** `stated`: another section says it. `answered`, `notApplicable`: under `reporting`. */
  readonly status: 'stated' | 'answered' | 'notApplicable' | 'empty';
};

type Stated = (protocol: ProtocolDocument) => boolean;
type Row = readonly [item: string, topic: string, stated?: Stated];

const always: Stated = () => true;
const masked: Stated = ({ blinding }) => blinding.masked.length > 0;

export const spiritItems: readonly Row[] = [
  ['1a', 'title', always],
  ['1b', 'structured summary', always],
  ['2', 'protocol version', always],
  ['3a', 'who contributed what'],
  ['3b', 'sponsor', ({ identity }) => identity?.sponsor !== undefined],
  ['3c', 'role of sponsor and funder'],
  ['3d', 'committees and their members’ roles'],
  ['4', 'registration', ({ identity }) => (identity?.registrations?.length ?? 0) > 0],
  ['5', 'where protocol and analysis plan can be read'],
  ['6', 'sharing of data, code and materials'],
  ['7a', 'funding'],
  ['7b', 'conflicts of interest'],
  ['8', 'how results are made known'],
  ['9a', 'background and rationale', always],
  ['9b', 'why this comparator'],
  ['10', 'objectives', always],
  ['11', 'involvement of patients and the public'],
  ['12', 'design', always],
  ['13', 'setting and sites', ({ sites }) => (sites?.length ?? 0) > 0],
  ['14a', 'eligibility of participants', always],
  ['14b', 'eligibility of sites and of those who deliver'],
  ['15a', 'interventions and comparator', always],
  ['15b', 'when capsules are stopped or changed', ({ safety }) => safety.holdRules.length > 0],
  ['15c', 'adherence'],
  ['15d', 'other care that is allowed or not'],
  ['16', 'outcomes', always],
  ['17', 'harms', ({ safety }) => safety.holdRules.length > 0],
  ['18', 'timeline of a participant', always],
  ['19', 'sample size and its assumptions'],
  ['20', 'recruitment'],
  ['21a', 'how the sequence is made', always],
  ['21b', 'type of randomisation', always],
  ['22', 'concealment'],
  ['23', 'who has access to the sequence'],
  ['24a', 'who is blinded', always],
  ['24b', 'how blinding is kept'],
  [
    '24c',
    'emergency unblinding',
    ({ blinding }) => blinding.emergencyPlan !== undefined || blinding.emergencyUnblinding !== undefined,
  ],
  ['25a', 'how data are collected', always],
  ['25b', 'how participants are kept in the trial'],
  ['26', 'data management'],
  ['27a', 'statistical methods', always],
  ['27b', 'who is in each analysis', ({ estimands }) => (estimands?.length ?? 0) > 0],
  ['27c', 'missing data', ({ analysis }) => analysis.missingData !== undefined],
  ['27d', 'further analyses'],
  ['28a', 'data monitoring committee'],
  ['28b', 'interim analyses', ({ analysis }) => analysis.interims !== undefined],
  ['29', 'monitoring and auditing'],
  ['30', 'ethics approval'],
  ['31', 'how amendments are made and told'],
  ['32a', 'consent', always],
  ['32b', 'consent for further use', ({ consent }) => consent.some(({ choices }) => choices.length > 0)],
  ['33', 'confidentiality', ({ consent }) => consent.some(({ sections }) => sections.some(({ id }) => id === 'data'))],
  [
    '34',
    'care after the trial',
    ({ consent }) => consent.some(({ sections }) => sections.some(({ id }) => id === 'supply')),
  ],
];

export const consortItems: readonly Row[] = [
  ['2', 'registration', ({ identity }) => (identity?.registrations?.length ?? 0) > 0],
  ['3', 'where protocol and analysis plan can be read'],
  ['4', 'sharing of data and code'],
  ['5a', 'funding'],
  ['5b', 'conflicts of interest'],
  ['8', 'involvement of patients and the public'],
  ['20a', 'who is blinded', masked],
];

/** Every item of both standards and what the document does about it. */
export function reportingItems(protocol: ProtocolDocument): ReportingItem[] {
  const { spirit = [], consort = [] } = protocol.reporting ?? {};
  const statusOf = (row: Row, written: typeof spirit): ReportingItem['status'] => {
    const [item, , stated] = row;
    const entry = written.find((candidate) => candidate.item === item);
    if (entry?.notApplicable !== undefined) return 'notApplicable';
    if (entry?.says !== undefined) return 'answered';
    return stated?.(protocol) === true ? 'stated' : 'empty';
  };
  const of = (standard: ReportingItem['standard'], rows: readonly Row[], written: typeof spirit) =>
    rows.map((row): ReportingItem => ({ standard, item: row[0], topic: row[1], status: statusOf(row, written) }));
  return [...of('SPIRIT 2025', spiritItems, spirit), ...of('CONSORT 2025', consortItems, consort)];
}
