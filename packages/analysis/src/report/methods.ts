/** Methods and reproducibility, written from the plan and from what was done. */

import { html, type Part } from '@limen/protocol';
import { curveResamples } from '../curve.ts';
import type { Results, StudyPart } from '../results.ts';
import type { Blocks } from './blocks.ts';
import { looksMarkup } from './further-analyses.ts';
import type { Section } from './sections.ts';

const procedureWords: Readonly<Record<string, string>> = {
  complete: 'complete randomisation',
  permutedBlocks: 'permuted blocks of random size',
  bigStick: 'the big stick design (Soares and Wu 1983)',
  biasedCoin: 'the biased coin design (Efron 1971)',
  urn: 'the urn design (Wei 1977)',
  blockUrn: 'the block urn design (Zhao and Weng 2011)',
  maximal: 'the maximal procedure (Berger, Ivanova and Knoll 2003)',
  minimisation: 'minimisation with a random element (Pocock and Simon 1975)',
  nOf1: 'cycles of periods in random order within each person',
  selfBlindingWeeks: 'the self-blinding week schedule (Szigeti et al. 2021)',
};

export function methodsSection(results: Results, blocks: Blocks): Section {
  const { study } = results;
  const rows = results.outcomes.map((outcome): Part[] => [
    outcome.label,
    outcome.level,
    outcome.contrastKind,
    html`<code>${outcome.unadjusted.formula}</code>`,
    html`<code>${outcome.withGuess.formula}</code>`,
  ]);
  const body = html`${study !== null && studyMethods(study)}<p>Linear mixed models were fitted by restricted maximum likelihood, with degrees of freedom after Satterthwaite; formulas without a random term by least squares. Where the plan names a covariance over visits, a mixed model for repeated measures took the place of random terms (Mallinckrodt et al. 2008): visits are study days, and conditions are compared at the last one or at the day the plan names. Intervals are two-sided 95% intervals, tests two-sided at ${results.alpha}. Each planned model was fitted a second time with the guess as a further term. A model that could not be fitted is reported with its reason and without numbers.</p><p>Bang’s index is given per condition and the James index over both, at every time point. The guess-rate curve re-weights the four combinations of condition and guess exactly (“did not know” keeps its share); its band comes from ${curveResamples} draws of participants with replacement. Combinations with fewer than 15 rows are marked.</p>${blocks.table(
    {
      title: 'The analysis plan',
      columns: [
        { head: 'Outcome' },
        { head: 'Level', left: true },
        { head: 'Compared by', left: true },
        { head: 'Planned model', left: true },
        { head: 'With the guess', left: true },
      ],
      rows,
    },
  )}`;
  return {
    id: 'methods',
    title: 'Methods',
    body: html`${body}${study !== null && multiplicityMarkup(study)}${study !== null && looksMarkup(study, blocks)}`,
  };
}

const familyWords: Readonly<Record<string, string>> = {
  oneComparison: 'One comparison is tested; no adjustment.',
  holm: 'The family of tests is adjusted after Holm (1979).',
  hochberg: 'The family of tests is adjusted after Hochberg (1988).',
  gatekeeping:
    'The family is tested in the order of the plan, the highest dose first, each at the full level until the first that is not shown.',
  dunnett: 'Comparisons of one outcome with the reference are adjusted after Dunnett (1955).',
  falseDiscoveryRate: 'The false discovery rate of the family is controlled after Benjamini and Hochberg (1995).',
  graph: 'The family is tested by a graph that hands on shares of the level (Bretz et al. 2009).',
};

function multiplicityMarkup({ multiplicity }: StudyPart): Part {
  if (multiplicity === undefined) return null;
  return html`<p>${familyWords[multiplicity.method] ?? multiplicity.method} ${multiplicity.reason}</p>`;
}

function studyMethods({ protocol }: StudyPart): Part {
  const drawn = procedureWords[protocol.procedure] ?? protocol.procedure;
  const { factors, households } = protocol;
  const balanced = factors !== undefined && ` over ${factors.join(', ')}`;
  const shared = households === true && ' People of one household had one arm.';
  return html`<p>${households ? 'Households' : 'Participants'} were allocated by ${drawn}${balanced}${protocol.stratified && ', separately per site'}.${shared} The allocation stayed in a system of its own until the data were locked. Everybody randomised is analysed with what was allocated, whatever was taken afterwards. Where capsules are compared, a row counts with the capsule of its day, or with the latest one taken before; rows of days whose capsule was not taken are left out. Entries given late are in the analysis; entries outside their window are left out and counted. Baseline is the mean of the same score before the first capsule.</p>`;
}

export function reproducibilitySection(results: Results): Section {
  const { study, software } = results;
  const record: [string, Part][] =
    study === null
      ? []
      : [
          ['Protocol', html`${study.protocol.id} ${study.protocol.version}`],
          ...study.protocol.amendments.map(({ version, at, reconsent }): [string, string] => [
            `Version ${version}`,
            `adopted ${at}, ${reconsent ? 'after new consent' : 'without new consent'}`,
          ]),
          ['Protocol hash', html`<code>${study.protocol.hash ?? 'not handed over'}</code>`],
          ['Data locked', study.lock.at],
          ['Lock hash', html`<code>${study.lock.hash}</code>`],
          ['Allocation released', study.lock.releasedAt ?? 'not recorded'],
          ['Commitment, published', html`<code>${study.randomisation.commitment}</code>`],
          ['Commitment, recomputed', html`<code>${study.randomisation.recomputed ?? 'not possible'}</code>`],
          ['Released seed', html`<code>${study.protocol.seed}</code>`],
        ];
  const last: [string, Part][] = [
    ['Seed of the resampling', html`<code>${results.resamplingSeed}</code>`],
    ['Software', `${software.name} ${software.version}`],
    ['Form of the results', html`<code>${results.format}</code>`],
  ];
  const body = html`${study !== null && html`<div class="verdict${!study.randomisation.verified && ' warn'}"><h3>Randomisation ${study.randomisation.verified ? 'verified' : 'not verified'}</h3><p>${study.randomisation.finding}</p></div>`}<dl class="record">${[...record, ...last].map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>${results.sources.length > 0 && html`<h3>Sources</h3><ul>${results.sources.map((source) => html`<li>${source}</li>`)}</ul>`}<p class="note">The same input gives this report again, byte for byte.</p>`;
  return { id: 'reproducibility', title: 'Reproducibility', body };
}
