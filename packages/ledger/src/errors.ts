/** Every refusal of this package: a stable code and a sentence a person can act on. */
export const ledgerErrors = {
  'canonical.number': 'A record can hold only finite numbers; store the text of any other value.',
  'canonical.type':
    'A record can hold only null, booleans, numbers, texts, lists and plain objects; leave out what is undefined.',
  'canonical.text': 'A record can hold only well-formed Unicode text without lone surrogates.',
  'canonical.depth': 'A record may be nested at most 64 levels deep.',
  'hash.malformed': 'A hash must be 64 lower-case hexadecimal digits (SHA-256).',
  'salt.malformed': 'A salt must be 64 lower-case hexadecimal digits: 32 bytes from a cryptographic random source.',
  'text.empty': 'Study, stream, event id, type, actor id and role must not be empty.',
  'time.malformed': 'A time must be UTC as in 2026-03-01T09:30:00.000Z.',
  'time.backwards': 'The new entry is older than the last of its stream by more than 2 seconds; check the clock.',
  'seq.invalid': 'A sequence number must be a whole number; the first entry of a stream has 1.',
  'erasure.malformed':
    'An erasure must name at least one entry as { seq, eventId } in the list "erased" of its payload.',
  'erasure.forbidden': 'An erasure itself cannot be erased: its payload holds no personal data and must stay readable.',
  'heads.duplicate': 'A checkpoint holds every stream once.',
  'heads.unknown': 'No such stream in this checkpoint.',
  'checkpoint.order': 'A checkpoint must belong to the study of the one before and must not be older than it.',
  'key.malformed': 'An Ed25519 secret key must be 32 bytes.',
} as const;

export type LedgerErrorCode = keyof typeof ledgerErrors;

export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode;
  /** Where or what, without any recorded value. */
  readonly detail: string | undefined;

  constructor(code: LedgerErrorCode, detail?: string) {
    super(detail === undefined ? ledgerErrors[code] : `${ledgerErrors[code]} (${detail})`);
    this.code = code;
    this.detail = detail;
  }
}
