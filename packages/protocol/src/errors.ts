/** Everything this package throws, with a sentence a person can act on. Problems of a document are values, not errors. */
export const errorCodes = {
  start_date_invalid: 'The start date is not a calendar date such as 2026-03-02.',
  start_day_wrong_weekday: 'The protocol starts on another weekday; nextStartDate gives the next date that fits.',
  time_zone_unknown: 'The time zone is not an IANA name such as Europe/Berlin.',
  draw_seed_missing: 'The protocol draws days at random; give the drawSeed that was stored for the participant.',
  reference_dangling: 'The protocol names something it does not define; read its findings before compiling it.',
  rule_invalid: 'A rule of the protocol cannot be read; read its findings before using it.',
} as const;

export type ProtocolErrorCode = keyof typeof errorCodes;

export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, detail?: string) {
    super(detail === undefined ? errorCodes[code] : `${errorCodes[code]} (${detail})`);
    this.code = code;
  }
}
