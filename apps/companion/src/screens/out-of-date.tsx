/** A form this version of the app does not have. */
import type { Instrument } from '@limen/instruments';

export function outOfDate(instrument: Instrument | undefined, version: string | null) {
  if (instrument !== undefined && (version === null || instrument.version === version)) return null;
  return (
    <p class="card">
      This form is newer than the app on your phone. Go online, close the app and open it again. If it stays like this,
      call the study team.
    </p>
  );
}
