/**
 * The checklist of CONSORT 2025 (Hopewell et al. 2025, BMJ 389:e081123), filled with links into this report. Topics are in our own words; what
 * only the authors can say is taken from the protocol, or named as theirs to add.
 */
import { html, type Part } from '@limen/protocol';
import type { Results, StudyPart } from '../results.ts';
import type { Blocks } from './blocks.ts';
import type { Section } from './sections.ts';

type Where = { readonly id: string; readonly says: string };
type Row = readonly [item: string, topic: string, where?: (study: StudyPart, results: Results) => Where | null];

const at = (id: string, says: string) => (): Where => ({ id, says });

const items: readonly Row[] = [
  [
    '1a',
    'named as a randomised trial in the title',
    (_, { title }) => (/random/i.test(title) ? { id: 'summary', says: 'Title' } : null),
  ],
  ['1b', 'structured summary', at('summary', 'In plain words')],
  ['2', 'registration'],
  ['3', 'where protocol and analysis plan can be read', at('reproducibility', 'Version and hash of the protocol')],
  ['4', 'sharing of data and code', at('reproducibility', 'How to repeat the analysis')],
  ['5a', 'funding'],
  ['5b', 'conflicts of interest'],
  [
    '6',
    'background and rationale',
    (_, { description }) => (description === '' ? null : { id: 'summary', says: 'Rationale, under the title' }),
  ],
  ['7', 'objectives', at('methods', 'Outcomes of the analysis plan')],
  ['8', 'involvement of patients and the public'],
  ['9', 'design', at('methods', 'Methods')],
  ['10', 'changes after the start', at('reproducibility', 'Amendments of the protocol')],
  ['11', 'settings and places'],
  ['12a', 'eligibility of participants', at('participants', 'Flow, with reasons')],
  ['12b', 'eligibility of sites and of those who deliver'],
  ['13', 'interventions and comparator', at('exposure', 'Capsules due and taken')],
  ['14', 'outcomes, primary and secondary', at('methods', 'The analysis plan')],
  ['15', 'how harms were defined and found', at('adverse-events', 'Adverse events')],
  ['16a', 'how the size was chosen'],
  [
    '16b',
    'looks before the end',
    ({ interims }) =>
      interims && interims.length > 0
        ? { id: 'methods', says: 'Looks before the end' }
        : { id: 'methods', says: 'None planned' },
  ],
  ['17a', 'who made the sequence, and how', at('reproducibility', 'Seed, commitment and re-drawing')],
  ['17b', 'type of randomisation and restrictions', at('methods', 'Allocation')],
  ['18', 'concealment', at('methods', 'Allocation in a system of its own')],
  ['19', 'who could see the sequence', at('methods', 'Allocation in a system of its own')],
  ['20a', 'who was blinded'],
  ['20b', 'how blinding was kept, and what came of it', at('blinding', 'Blinding and expectation')],
  ['21a', 'statistical methods', at('methods', 'Methods')],
  ['21b', 'who is in each analysis', at('participants', 'Analysis sets')],
  ['21c', 'missing data', at('outcomes', 'Rows left out, and sensitivity analyses where planned')],
  ['21d', 'further analyses', at('outcomes', 'With the guess in the model, strata, subgroups')],
  ['22a', 'flow of participants', at('participants', 'Flow diagram')],
  ['22b', 'losses and exclusions, with reasons', at('participants', 'Flow diagram')],
  [
    '23a',
    'dates of recruitment and follow-up',
    ({ flow }) => (flow.enrolment.length > 0 ? { id: 'participants', says: 'Enrolment over time' } : null),
  ],
  ['23b', 'why the trial ended'],
  ['24a', 'what was given in fact', at('exposure', 'Exposure and entries')],
  ['24b', 'care beside it'],
  ['25', 'baseline data by arm', at('participants', 'Baseline')],
  ['26', 'numbers analysed, effects with their precision', at('outcomes', 'Outcomes')],
  ['27', 'harms', at('adverse-events', 'Adverse events')],
  ['28', 'ancillary analyses', at('outcomes', 'Models, means and strata')],
  ['29', 'interpretation'],
  ['30', 'limitations'],
];

export function consortSection(results: Results, study: StudyPart, blocks: Blocks): Section {
  const answers = new Map(study.reporting.map((one) => [one.item, one]));
  const rows = items.map(([item, topic, where]): Part[] => {
    const place = where?.(study, results) ?? null;
    const answer = answers.get(item);
    const said =
      answer?.says ?? (answer?.notApplicable === undefined ? null : `Not applicable: ${answer.notApplicable}`);
    const link = place === null ? null : html`<a href="#${place.id}">${place.says}</a>`;
    const cell = said === null ? (link ?? 'The authors’ to add') : link === null ? said : html`${link}. ${said}`;
    return [item, topic, cell];
  });
  const open = rows.filter(([, , cell]) => cell === 'The authors’ to add').length;
  const body = blocks.table({
    title: 'CONSORT 2025 checklist',
    columns: [{ head: 'Item' }, { head: 'Topic', left: true }, { head: 'Where', left: true }],
    rows,
    note: `${rows.length - open} of ${rows.length} items have a place in this report or an answer in the protocol; ${open} are the authors’ to add.`,
  });
  return { id: 'consort', title: 'CONSORT 2025', body };
}
