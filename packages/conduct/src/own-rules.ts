/** Names, in holds and signals, of what is not a rule of the protocol. */
export const ownRules = {
  suicidality: 'suicidality-flag',
  severeAdverseEvent: 'severe-adverse-event',
  doseOutOfWindow: 'dose-out-of-window',
  clock: 'device-clock',
  codeBroken: 'code-broken',
  kitLost: 'kit-lost',
  kept: 'entry-kept',
  medicine: 'medicine-interaction',
  packingWeight: 'packing-weight',
  envelopeSequence: 'envelope-sequence',
  leftoverSeal: 'leftover-seal',
  personalCode: 'personal-code',
  manual: 'manual',
} as const;
