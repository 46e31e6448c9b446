/** A form this version of the app does not have. */
import type { Instrument } from '@limen/instruments';
import { words } from '../words/index.ts';

export function outOfDate(instrument: Instrument | undefined, version: string | null) {
  if (instrument !== undefined && (version === null || instrument.version === version)) return null;
  return <p class="card">{words().activity.outOfDate}</p>;
}
