/** What a synopsis says, as data: sections in the order of ICH M11, for a page or for paper. */

import { describeAllocation } from '../allocation-words.ts';
import { answerTo } from '../answers.ts';
import { interventionsOfArm } from '../contents.ts';
import type { ProtocolDocument } from '../document.ts';
import { findings } from '../findings.ts';
import { describeRegimen } from '../regimen-words.ts';
import { type ReportingItem, reportingItems } from '../reporting.ts';
import { calendarFacts } from './calendar-facts.ts';
import { type DoseWords, doseCheckText } from './dose-words.ts';

export type Synopsis = {
  /** BCP 47. */
  readonly language: string;
  /** Identifier and version, for the head of every page. */
  readonly running: string;
  readonly title: string;
  readonly lead: string;
  readonly sections: readonly SynopsisSection[];
};

export type SynopsisSection = { readonly title: string; readonly blocks: readonly SynopsisBlock[] };

export type SynopsisBlock =
  | { readonly kind: 'paragraph' | 'heading'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [term: string, says: Says])[] }
  /** The first cell of a row names it. */
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

export type Says = string | { readonly items: readonly string[] };

/** @param hash of the document, where it is known */
export function synopsisOf(protocol: ProtocolDocument, hash?: string): Synopsis {
  return {
    language: protocol.language,
    running: `${protocol.id} ${protocol.version}`,
    title: protocol.title,
    lead: 'Synopsis of the protocol, with the items of SPIRIT 2025',
    sections: sectionsOf(protocol, hash),
  };
}

function sectionsOf(protocol: ProtocolDocument, hash: string | undefined): SynopsisSection[] {
  const all: (SynopsisSection | null)[] = [
    { title: 'Identity', blocks: identity(protocol, hash) },
    { title: 'Rationale', blocks: protocol.rationale.split(/\n+/).map((text) => ({ kind: 'paragraph', text })) },
    { title: 'Objectives and endpoints', blocks: objectives(protocol) },
    (protocol.estimands ?? []).length === 0 ? null : { title: 'Estimands', blocks: estimands(protocol) },
    { title: 'Design, arms and doses', blocks: arms(protocol) },
    { title: 'Population', blocks: population(protocol) },
    { title: 'Dosing', blocks: dosing(protocol) },
    { title: 'Schedule of activities', blocks: schedule(protocol) },
    { title: 'Randomisation and blinding', blocks: blinding(protocol) },
    { title: 'Safety', blocks: safety(protocol) },
    { title: 'Analysis plan', blocks: analysis(protocol) },
    (protocol.sites ?? []).length === 0 ? null : { title: 'Sites', blocks: sites(protocol) },
    { title: 'Findings and their answers', blocks: remarks(protocol) },
    { title: 'SPIRIT 2025', blocks: spirit(protocol) },
    { title: 'Sources', blocks: sources(protocol) },
  ];
  return all.filter((section) => section !== null);
}

type Row = readonly [term: string, says: Says];

const facts = (rows: readonly (Row | null)[]): SynopsisBlock[] => [
  { kind: 'facts', rows: rows.filter((row) => row !== null) },
];

const table = (head: readonly string[], rows: readonly (readonly string[])[]): SynopsisBlock[] => [
  { kind: 'table', head, rows },
];

const settings = { takeHome: 'At home', observed: 'Observed', both: 'At home and observed' };
const levels = { primary: 'Primary', secondary: 'Secondary', exploratory: 'Exploratory' };

function identity(
  { id, version, language, languages, identity: known, setting }: ProtocolDocument,
  hash?: string,
): SynopsisBlock[] {
  const registrations = known?.registrations ?? [];
  return facts([
    ['Identifier', id],
    ['Version', version],
    hash === undefined ? null : ['Hash of the document', hash],
    ['Language', (languages ?? [language]).join(', ')],
    ['Setting', settings[setting]],
    known?.sponsor === undefined ? null : ['Sponsor', known.sponsor],
    registrations.length === 0
      ? null
      : ['Registration', registrations.map(({ registry, number }) => `${registry}: ${number}`).join('; ')],
    ...(known?.versions ?? []).map((one): Row => [`Version ${one.version}`, one.changes]),
  ]);
}

function objectives({ objectives: all, analysis: { endpoints } }: ProtocolDocument): SynopsisBlock[] {
  const named = new Map(endpoints.map(({ id, label }) => [id, label]));
  return table(
    ['Objective', 'Level', 'Endpoints'],
    all.map(({ text, level, endpoints: ids }) => [
      text,
      levels[level],
      ids.map((id) => named.get(id) ?? id).join('; '),
    ]),
  );
}

function estimands({ estimands: all = [] }: ProtocolDocument): SynopsisBlock[] {
  return all.flatMap((one): SynopsisBlock[] => [
    { kind: 'heading', text: one.id },
    ...facts([
      ['Treatment', one.treatment],
      ['Population', one.population],
      ['Variable', one.variable],
      [
        'Intercurrent events',
        {
          items: one.intercurrentEvents.map(
            ({ event, strategy, reason }) =>
              `${spaced(event)}: ${spaced(strategy)}${reason === undefined ? '' : `. ${reason}`}`,
          ),
        },
      ],
      ['Summary', one.summary],
    ]),
  ]);
}

function arms(protocol: ProtocolDocument): SynopsisBlock[] {
  const { arms: all, interventions, epochs } = protocol;
  const labels = new Map(interventions.map(({ id, label }) => [id, label]));
  const given = (arm: (typeof all)[number]) =>
    interventionsOfArm(arm)
      .map((id) => labels.get(id) ?? id)
      .join('; ');
  const words = (dose: DoseWords) => `${dose.amount}${dose.window === null ? '' : `. ${dose.window}`}`;
  return [
    ...table(
      ['Arm', 'Share', 'Given', 'Description'],
      all.map((arm) => [arm.label, String(arm.weight), given(arm), arm.description]),
    ),
    ...table(
      ['Intervention', 'Role', 'Dose', 'Description'],
      interventions.map(({ label, role, substances = [], description, activePlacebo }) => [
        label,
        activePlacebo === undefined ? role : 'active placebo',
        substances.length === 0
          ? (activePlacebo?.amount ?? '')
          : substances.map((one) => words(doseCheckText(one))).join('; '),
        description,
      ]),
    ),
    ...table(
      ['Epoch', 'Days'],
      epochs.map(({ label, firstDay, lastDay }) => [label, `${firstDay} to ${lastDay}`]),
    ),
  ];
}

function population({
  population: { description, plannedSampleSize, eligibility },
  medication,
}: ProtocolDocument): SynopsisBlock[] {
  const of = (kind: 'inclusion' | 'exclusion') => ({
    items: eligibility.filter((one) => one.kind === kind).map(({ label }) => label),
  });
  const medicines = (list: readonly { label: string; reason: string }[]) => ({
    items: list.map(({ label, reason }) => `${label}: ${reason}`),
  });
  return facts([
    ['Who takes part', description],
    ['Planned number', String(plannedSampleSize)],
    ['Inclusion', of('inclusion')],
    ['Exclusion', of('exclusion')],
    medication === undefined ? null : ['Prohibited medicines', medicines(medication.prohibited)],
    medication === undefined ? null : ['Cautioned medicines', medicines(medication.cautioned)],
  ]);
}

function dosing(protocol: ProtocolDocument): SynopsisBlock[] {
  const { dosing: plan, supply } = protocol;
  const { doses, apart, minutes } = calendarFacts(protocol);
  const { observed, titration } = plan;
  return facts([
    ['Regimen', describeRegimen(plan.regimen)],
    [
      'Number and spacing',
      `${doses} doses${apart === null ? '' : `, ${apart} days apart`}; at least ${plan.minimumHoursBetween} hours between two`,
    ],
    ['Time of day', `${plan.takeFrom} to ${plan.takeUntil}`],
    [
      'A missed dose',
      plan.missed === 'skip' ? 'is left out' : 'may be taken until the end of its day; nothing is doubled',
    ],
    observed === undefined
      ? null
      : [
          'Observed',
          `${observed.firstDoses === undefined ? 'every dose' : `the first ${observed.firstDoses}`}, ${observed.opensAt} to ${observed.closesAt}`,
        ],
    titration === undefined
      ? null
      : [
          'Titration',
          `Steps are written in the document; at least ${titration.minimumDosesPerStep} doses a step. ${titration.notTolerated}`,
        ],
    supply === undefined
      ? null
      : [
          'Supply',
          `${supply.unitsPerKit} units a kit. ${contentOf(supply.content)}${supply.release} ${supply.storage} ${supply.accountability}`,
        ],
    ['Time asked of a person', minutes],
  ]);
}

const contentOf = (content: NonNullable<ProtocolDocument['supply']>['content']): string =>
  content === undefined ? '' : `Content within ${content.lower} to ${content.upper} % of the label. `;

function schedule({ activities, epochs, dosing: { unitLabel, epoch, regimen } }: ProtocolDocument): SynopsisBlock[] {
  const head = ['Activity', ...epochs.map(({ label }) => label)];
  const row = (label: string, at: string, when: string) => [label, ...epochs.map(({ id }) => (id === at ? when : ''))];
  return table(head, [
    row(unitLabel, epoch, describeRegimen(regimen)),
    ...activities.map(({ label, instrument, on, window, epoch: at }) =>
      row(
        `${label} (${instrument})`,
        at,
        `${on === 'doseDays' ? 'dose days' : describeRegimen(on)}, ${window.opensAt} to ${window.closesAt}`,
      ),
    ),
  ]);
}

function blinding(protocol: ProtocolDocument): SynopsisBlock[] {
  const plan = protocol.blinding;
  const { emergencyPlan, emergencyUnblinding } = plan;
  return facts([
    ['Procedure', describeAllocation(protocol)],
    ['Blinded', plan.masked.length === 0 ? 'nobody' : plan.masked.join(', ')],
    ['Participants are told which arms exist', plan.armsDisclosed ? 'yes' : 'no'],
    emergencyUnblinding === undefined ? null : ['Emergency unblinding', emergencyUnblinding],
    emergencyPlan === undefined
      ? null
      : [
          'Emergency plan',
          `${emergencyPlan.mayOpen.map(spaced).join(', ')}. ${emergencyPlan.available} ${emergencyPlan.backup} ${emergencyPlan.afterwards}`,
        ],
  ]);
}

function safety({ safety: { holdRules, stoppingRules = [] } }: ProtocolDocument): SynopsisBlock[] {
  return [
    ...table(
      ['Rule for a participant', 'Effect', 'Source'],
      holdRules.map(({ label, effect, source }) => [label, effect, source ?? '']),
    ),
    ...(stoppingRules.length === 0
      ? []
      : table(
          ['Rule for the study', 'Pauses when'],
          stoppingRules.map((rule) => [
            rule.label,
            rule.kind === 'count'
              ? `${rule.atLeast} or more people`
              : `Pr(rate > ${rule.limit}) > ${rule.probability} once ${rule.minimumExposed} people are exposed`,
          ]),
        )),
  ];
}

function analysis({ analysis: plan }: ProtocolDocument): SynopsisBlock[] {
  const { multiplicity, missingData, interims, expectancy, alpha } = plan;
  return [
    ...table(
      ['Endpoint', 'Level', 'Contrast', 'Model'],
      plan.endpoints.map(({ label, level, contrast, model, repeated }) => [
        label,
        levels[level],
        contrast,
        repeated === undefined ? model : `${model}; repeated measures, ${spaced(repeated.covariance)} covariance`,
      ]),
    ),
    ...facts([
      ['Significance level', String(alpha)],
      multiplicity === undefined ? null : ['Multiplicity', `${spaced(multiplicity.method)}: ${multiplicity.reason}`],
      missingData === undefined
        ? null
        : ['Missing data', `${missingData.primary} ${missingData.sensitivity.join(' ')}`],
      interims === undefined
        ? null
        : [
            'Interim looks',
            `${interims.looks.map(({ information, decides }) => `${information * 100} % for ${decides}`).join('; ')}. ${interims.board}`,
          ],
      expectancy === undefined ? null : ['Expectancy', expectancy.use],
    ]),
  ];
}

function sites({ sites: all = [] }: ProtocolDocument): SynopsisBlock[] {
  return table(
    ['Site', 'Jurisdiction', 'Licences'],
    all.map(({ label, jurisdiction, licences }) => [
      label,
      jurisdiction,
      licences.map(({ authority, number }) => `${authority} ${number}`).join('; '),
    ]),
  );
}

function remarks(protocol: ProtocolDocument): SynopsisBlock[] {
  const found = findings(protocol);
  if (found.length === 0) return [{ kind: 'paragraph', text: 'The check of the document finds nothing.' }];
  return table(
    ['Finding', 'Kind', 'Answer'],
    found.map((one) => [`${one.path}: ${one.message}`, one.severity, answerTo(protocol, one) ?? 'not answered']),
  );
}

const statuses: Readonly<Record<ReportingItem['status'], string>> = {
  stated: 'in the sections above',
  answered: '',
  notApplicable: 'not applicable',
  empty: 'EMPTY',
};

function spirit(protocol: ProtocolDocument): SynopsisBlock[] {
  const written = new Map((protocol.reporting?.spirit ?? []).map((one) => [one.item, one.says ?? one.notApplicable]));
  return table(
    ['Item', 'Topic', 'What the document says'],
    reportingItems(protocol)
      .filter(({ standard }) => standard === 'SPIRIT 2025')
      .map(({ item, topic, status }) => {
        const says = status === 'answered' || status === 'notApplicable' ? (written.get(item) ?? '') : '';
        return [item, topic, [statuses[status], says].filter((part) => part !== '').join(': ')];
      }),
  );
}

function sources({ sources: all }: ProtocolDocument): SynopsisBlock[] {
  const items = all.map(({ citation, url }) => (url === undefined ? citation : `${citation} ${url}`));
  return [{ kind: 'list', items }];
}

/** `treatmentPolicy` as `treatment policy`. */
const spaced = (name: string): string =>
  name.replace(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
