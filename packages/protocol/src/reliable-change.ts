/** What an endpoint's score must change by in one person to be more than error of measurement. */
import { findInstrument, InstrumentError, reliableChange } from '@limen/instruments';
import type { Endpoint, ProtocolDocument } from './document.ts';

export type ReliableThreshold = {
  /** In units of the score: 1.96 sd √2 √(1 − r) (Jacobson & Truax 1991, J Consult Clin Psychol 59:12). */
  readonly threshold: number;
  /** Where reliability and spread come from. */
  readonly source: string;
};

/** Null where the score has no published reliability. */
export function reliableThreshold(protocol: ProtocolDocument, endpoint: Endpoint): ReliableThreshold | null {
  const activity = protocol.activities.find(({ id }) => id === endpoint.activity);
  const instrument = activity && findInstrument(activity.instrument);
  if (instrument === undefined) return null;
  try {
    const { threshold, source } = reliableChange(instrument, endpoint.score, null, null);
    return { threshold, source };
  } catch (error) {
    if (error instanceof InstrumentError) return null;
    throw error;
  }
}
