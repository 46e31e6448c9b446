/** Refusals. A blinded caller gets one code and one sentence, whatever the reason; the trail has the reason. */
export const refusals = {
  unauthorised: { status: 401, detail: 'This caller may not ask that.' },
  request_invalid: { status: 400, detail: 'The request is not of the agreed form.' },
  unknown_route: { status: 404, detail: 'There is no such question.' },
  study_refused: { status: 409, detail: 'The study cannot be created.' },
  allocation_refused: { status: 409, detail: 'No kit can be given.' },
  envelopes_refused: { status: 409, detail: 'The envelopes cannot be given.' },
  release_refused: { status: 409, detail: 'The release cannot be given.' },
  supply_refused: { status: 409, detail: 'The supply request cannot be met.' },
  not_found: { status: 404, detail: 'There is no such entry.' },
  unavailable: { status: 503, detail: 'The vault cannot answer now.' },
} as const;

export type RefusalCode = keyof typeof refusals;

export class Refusal extends Error {
  readonly code: RefusalCode;
  /** For the trail and the log inside the vault; never sent. */
  readonly reason: string;

  constructor(code: RefusalCode, reason: string) {
    super(refusals[code].detail);
    this.name = 'Refusal';
    this.code = code;
    this.reason = reason;
  }
}
