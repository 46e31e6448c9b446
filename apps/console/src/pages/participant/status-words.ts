/** What a thing of the schedule is called in each of its states. */
import type { Detail } from './detail.ts';

type Item = Pick<Detail['schedule'][number], 'kind' | 'status'>;

const ofDose: Readonly<Record<Item['status'], string>> = {
  upcoming: 'to come',
  due: 'due now',
  late: 'due now, late',
  done: 'taken',
  missed: 'recorded as missed',
  closed: 'not recorded',
  blocked: 'waiting',
};
const ofActivity: Readonly<Record<Item['status'], string>> = {
  ...ofDose,
  done: 'answered',
  missed: 'not answered',
  closed: 'not answered',
};

export const statusWord = ({ kind, status }: Item): string => (kind === 'dose' ? ofDose : ofActivity)[status];
