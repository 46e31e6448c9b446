/** Sensitivity analyses and subgroups of one outcome, and the looks before the end. */
import { html, type Markup, type Part } from '@limen/protocol';
import { faintPower } from '../interims.ts';
import type { InterimLook, Outcome, Possible, SensitivityEstimate, StudyPart, Term } from '../results.ts';
import { type Blocks, tableMarkup } from './blocks.ts';
import { digitsFor, fixed, interval, percent, pValue } from './numbers.ts';

type Shown = Pick<Term, 'estimate' | 'standardError' | 'p' | 'lower' | 'upper'>;

function isPossible<T extends object>(value: Possible<T>): value is T {
  return !('notPossible' in value);
}

function cells(result: Possible<Shown>): Part[] {
  if (!isPossible(result)) return [`not possible: ${result.notPossible}`, ''];
  const digits = digitsFor(result.standardError);
  return [`${fixed(result.estimate, digits)} (${interval(result.lower, result.upper, digits)})`, pValue(result.p)];
}

function aboutImputation(result: Possible<SensitivityEstimate>): string {
  if (!isPossible(result)) return '';
  const { participants, missing, visits, at, tippingPoint } = result;
  const seen = `${participants} participants`;
  if (missing === undefined || visits === undefined) return seen;
  const filled = `${seen}; ${missing} of ${participants * visits.length} visits imputed; compared in the ${at}`;
  if (tippingPoint === undefined) return filled;
  if (tippingPoint === null) return `${filled}; no shift tried takes the significance`;
  if (tippingPoint === 0) return `${filled}; not significant without a shift`;
  return `${filled}; tips at a shift of ${fixed(tippingPoint, 2)}`;
}

export function sensitivityMarkup({ sensitivity = [], label }: Outcome): Markup | null {
  if (sensitivity.length === 0) return null;
  const rows = sensitivity.flatMap(({ what, kind, rows: own }) =>
    own.map(({ label: level, result }): Part[] => [
      kind === 'model' ? html`<code>${what}</code>` : what,
      level,
      ...cells(result),
      aboutImputation(result),
    ]),
  );
  const columns = [
    { head: 'Analysis' },
    { head: 'Compared', left: true },
    { head: 'Difference (95% interval)' },
    { head: 'p' },
    { head: 'Of whom', left: true },
  ];
  return tableMarkup({ columns, rows }, html`Sensitivity analyses of the plan`, `Sensitivity analyses: ${label}`);
}

export function subgroupsMarkup({ subgroups = [], label }: Outcome): Markup | null {
  if (subgroups.length === 0) return null;
  const rows = subgroups.flatMap(({ by, groups, interaction }) => [
    ...groups.map(({ group, label: level, participants, result }): Part[] => [
      `${by}: ${group}`,
      level,
      participants,
      ...cells(result),
    ]),
    [
      `${by}: same difference in all groups`,
      '',
      '',
      isPossible(interaction)
        ? `F ${fixed(interaction.f, 2)} on ${interaction.df1} and ${fixed(interaction.df2, 1)}`
        : `not possible: ${interaction.notPossible}`,
      isPossible(interaction) ? pValue(interaction.p) : '',
    ],
  ]);
  const columns = [
    { head: 'Group' },
    { head: 'Compared', left: true },
    { head: 'Participants' },
    { head: 'Difference (95% interval)' },
    { head: 'p' },
  ];
  return tableMarkup({ columns, rows }, html`Subgroups of the plan`, `Subgroups: ${label}`);
}

export function looksMarkup({ interims = [] }: StudyPart, blocks: Blocks): Markup | null {
  if (interims.length === 0) return null;
  const shown = (value: InterimLook['z']) => (value === null ? 'none' : fixed(value, 4));
  return blocks.table({
    title: 'Looks planned before the end, and their boundaries',
    columns: [
      'Look',
      'Information',
      'Decides on',
      'Critical |z|',
      'Two-sided p',
      'Error spent',
      `z of ${percent(faintPower)} conditional power`,
    ].map((head) => ({ head })),
    rows: interims.map(({ id, information, decides, z, nominalP, spent, faintZ }): Part[] => [
      id,
      percent(information),
      decides,
      shown(z),
      nominalP === null ? 'none' : pValue(nominalP),
      spent === null ? 'none' : fixed(spent, 4),
      shown(faintZ),
    ]),
    note: `Error spending after Lan and DeMets (1983), two-sided; looks that decide on futility or safety spend none. The last column is the z of a trend that, going on as it is, would pass the boundary at the end with a probability of ${percent(faintPower)} (Lan and Wittes 1988); a weaker trend has less. It is no rule for stopping unless the plan says so.`,
  });
}
