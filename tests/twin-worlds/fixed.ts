/** Scenarios written by hand: one that does everything once, and a small one in which leaks are planted. */
import type { ActName } from './acts.ts';
import type { Scenario, Step } from './scenario.ts';
import { failures } from './scenario.ts';

const enrolment: readonly ActName[] = ['invite', 'join', 'screen', 'consent', 'confirm', 'randomise', 'dispense'];

const stepsOf = (plan: readonly (readonly [number, ActName])[]): Step[] =>
  plan.map(([who, act]) => ({ who, act, minutes: 7 }));

const enrolled = (people: number): [number, ActName][] =>
  Array.from({ length: people }, (_, who) => enrolment.map((act): [number, ActName] => [who, act])).flat();

const everyone = (people: number, act: ActName): [number, ActName][] =>
  Array.from({ length: people }, (_, who): [number, ActName] => [who, act]);

const common = {
  design: { library: 'lsd-10ug-every-third-day', procedure: null, bySite: false, sites: 2 },
  startsAt: '2027-03-01T08:00:00.000Z',
  language: 'nl',
} as const;

/** Everything there is, once; every page and filter as everybody. */
export const everything: Scenario = {
  ...common,
  seed: 'everything',
  twin: 'swap',
  people: 4,
  thorough: true,
  draws: [{ from: 'everything' }, { from: 'everything', swapped: true }],
  steps: stepsOf([
    ...enrolled(3),
    ...['invite', 'join', 'nonsense', 'randomise', 'screen', 'consentToOldVersion', 'consentWithoutUnderstanding'].map(
      (act): [number, ActName] => [3, act as ActName],
    ),
    ...['consent', 'dispense', 'confirm'].map((act): [number, ActName] => [3, act as ActName]),
    ...failures.map((act): [number, ActName] => [3, act]),
    ...['randomise', 'randomise', 'dispenseAnother', 'dispense'].map((act): [number, ActName] => [3, act as ActName]),
    ...everyone(4, 'untilDose'),
    ...everyone(4, 'untilDose'),
    ...everyone(4, 'diary'),
    ...['mildEvent', 'assess', 'severeEvent', 'seriousEvent', 'acknowledge', 'resume', 'hold', 'resume'].map(
      (act): [number, ActName] => [0, act as ActName],
    ),
    ...['secondDevice', 'correct', 'peek', 'wrongPassword', 'stepUp', 'draft', 'handleSupply', 'takeCheckpoint'].map(
      (act): [number, ActName] => [1, act as ActName],
    ),
    [1, 'renewCode'] as [number, ActName],
    ...['loseKit', 'replaceKit', 'returnKit', 'amend', 'diary', 'withdrawFromDosing', 'diary', 'complete'].map(
      (act): [number, ActName] => [2, act as ActName],
    ),
    ...['withdrawFromStudy', 'withdrawFromFutureUse'].map((act): [number, ActName] => [3, act as ActName]),
    ...everyone(4, 'breakCode'),
    [0, 'lock'],
    [0, 'diary'],
    [0, 'approveOnce'],
  ]),
};

/** One person's arm is another in the second world: the smallest difference a leak can tell. */
export const small: Scenario = {
  ...common,
  seed: 'small',
  twin: 'single',
  people: 3,
  thorough: false,
  draws: [{ from: 'small' }, { from: 'small', single: 0 }],
  steps: stepsOf([
    ...enrolled(3),
    [0, 'randomise'],
    ...everyone(3, 'untilDose'),
    ...everyone(3, 'mildEvent'),
    [1, 'loseKit'],
    [1, 'replaceKit'],
    [1, 'breakCode'],
    [0, 'breakCode'],
  ]),
};
