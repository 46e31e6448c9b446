/** Every instrument, by id. */
import { InstrumentError } from './errors.ts';
import type { Instrument } from './instrument.ts';
import { adverseEvent } from './library/adverse-event.ts';
import { dailyCheckIn } from './library/daily.ts';
import { dass21 } from './library/dass.ts';
import {
  treatmentGuessCapsule,
  treatmentGuessCapsuleForced,
  treatmentGuessPeriod,
  treatmentGuessPeriodForced,
} from './library/guess.ts';
import { hamd17Total } from './library/hamd.ts';
import { gad7, phq4, phq9 } from './library/phq.ts';
import { acuteRatings, expectancy, postAcute } from './library/ratings.ts';
import { screeningQuestionnaire } from './library/screening.ts';
import { cognitiveTasks } from './library/tasks.ts';
import { who5 } from './library/who.ts';

export const allInstruments: readonly Instrument[] = [
  phq9,
  gad7,
  phq4,
  dass21,
  who5,
  hamd17Total,
  dailyCheckIn,
  acuteRatings,
  postAcute,
  expectancy,
  treatmentGuessCapsule,
  treatmentGuessCapsuleForced,
  treatmentGuessPeriod,
  treatmentGuessPeriodForced,
  adverseEvent,
  screeningQuestionnaire,
  ...cognitiveTasks,
];

const byId = new Map(allInstruments.map((instrument) => [instrument.id, instrument]));

/** Undefined when there is none. */
export const findInstrument = (id: string): Instrument | undefined => byId.get(id);

/** @throws InstrumentError `unknown-instrument` */
export function instrumentById(id: string): Instrument {
  const found = byId.get(id);
  if (!found) throw new InstrumentError('unknown-instrument', `Instrument "${id}".`);
  return found;
}
