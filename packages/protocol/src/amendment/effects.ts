/** Whom a change concerns, from when, and whether it needs new consent. The first line that fits decides. */
export type ChangeEffect = {
  /** `armGiven`: people who are given what is changed; nobody blinded is told which arm that is. */
  readonly concerns: 'everyone' | 'armGiven' | 'newPeople' | 'site' | 'team' | 'analysis' | 'nobody';
  readonly from: 'consent' | 'nextDay' | 'screening' | 'atOnce' | 'analysis' | 'never';
  readonly reconsent: boolean;
  readonly reason: string;
};

type Kind = 'added' | 'removed' | 'changed' | 'moved';
type Rule = {
  /** Field names joined by points, ids in place of list numbers. */
  readonly at: RegExp;
  readonly when?: (kind: Kind) => boolean;
  readonly effect: ChangeEffect;
};

const asked = (concerns: ChangeEffect['concerns'], reason: string): ChangeEffect => ({
  concerns,
  from: 'consent',
  reconsent: true,
  reason,
});
const told = (concerns: ChangeEffect['concerns'], from: ChangeEffect['from'], reason: string): ChangeEffect => ({
  concerns,
  from,
  reconsent: false,
  reason,
});

const words = told('everyone', 'nextDay', 'Only words change.');
const document = told('nobody', 'never', 'It says something about the document and nothing to participants.');
const moved = told('nobody', 'never', 'Only the order in the document changes.');

const rules: readonly Rule[] = [
  { at: /^(format|version|identity|reporting|answers|sources|id)\b/, effect: document },
  { at: /^consent\./, when: (kind) => kind === 'added', effect: asked('everyone', 'There is a new consent text.') },
  { at: /^consent\./, when: (kind) => kind === 'removed', effect: document },
  { at: /^consent\b/, effect: asked('everyone', 'What people have signed is changed.') },
  { at: /^(analysis|estimands|objectives)\b/, effect: told('analysis', 'analysis', 'Only the analysis changes.') },
  { at: /^population\.plannedSampleSize/, effect: told('nobody', 'atOnce', 'More or fewer people are planned.') },
  { at: /^population\b/, effect: told('newPeople', 'screening', 'Who can take part changes for people yet to come.') },
  { at: /^randomisation\b/, effect: told('newPeople', 'screening', 'Allocation changes for people yet to come.') },
  { at: /^startsOn/, effect: told('newPeople', 'screening', 'People yet to come begin on another weekday.') },
  { at: /^(title|shortTitle|rationale|language|languages)\b/, effect: words },
  { at: /^(arms|interventions|epochs|activities)\.[^.]+\.(label|description)$/, effect: words },
  { at: /^dosing\.unitLabel/, effect: words },
  { at: /^interventions\b/, effect: asked('armGiven', 'What capsules hold changes.') },
  { at: /^arms\b/, effect: asked('armGiven', 'What an arm is given changes.') },
  { at: /^dosing\b/, effect: asked('everyone', 'When or how capsules are taken changes.') },
  { at: /^epochs\b/, effect: asked('everyone', 'How long people take part changes.') },
  {
    at: /^activities\.[^.]+$/,
    when: (kind) => kind === 'removed',
    effect: told('everyone', 'nextDay', 'Less is asked.'),
  },
  {
    at: /^activities\.[^.]+\.(after|purpose)\b/,
    effect: told('everyone', 'nextDay', 'The same is asked in another order.'),
  },
  { at: /^activities\b/, effect: asked('everyone', 'What people are asked, or when, changes.') },
  { at: /^setting/, effect: asked('everyone', 'Where capsules are taken changes.') },
  { at: /^blinding\.(armsDisclosed|masked)/, effect: asked('everyone', 'Who knows what changes.') },
  { at: /^blinding\b/, effect: told('everyone', 'atOnce', 'How an allocation is opened in an emergency changes.') },
  { at: /^safety\.contacts/, effect: told('everyone', 'atOnce', 'Whom to call changes: tell people at once.') },
  { at: /^safety\.stoppingRules/, effect: told('team', 'atOnce', 'When the study pauses changes.') },
  { at: /^safety\b/, effect: asked('everyone', 'Rules for people’s safety change.') },
  { at: /^medication\b/, effect: asked('everyone', 'What people may take beside the capsules changes.') },
  { at: /^sites\b/, effect: told('site', 'atOnce', 'A site or its licences change.') },
  { at: /^(supply|roles|burden)\b/, effect: told('team', 'atOnce', 'How the team works changes.') },
];

const other = asked('everyone', 'It is not known to be harmless.');

export function effectOf(names: readonly (string | number)[], kind: Kind): ChangeEffect {
  if (kind === 'moved' && names[0] !== 'consent') return moved;
  const path = names.join('.');
  return rules.find(({ at, when }) => at.test(path) && (when?.(kind) ?? true))?.effect ?? other;
}
