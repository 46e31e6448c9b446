/** Refusals: RFC 9457 problem documents with a stable code. The table is the list of what this server can say. */
import type { shapes } from '@limen/contract';
import type { z } from 'zod';

export type ProblemDocument = z.output<typeof shapes.problem>;

const catalogue = {
  malformed_json: [400, 'The request body is not JSON.'],
  malformed_request: [400, 'The request could not be read as HTTP.'],
  invalid_input: [400, 'The request does not have the shape this route asks for.'],
  not_signed_in: [401, 'Sign in first.'],
  sign_in_refused: [401, 'These sign-in details are not right.'],
  device_refused: [401, 'This device is not registered here, or its signature does not fit this request.'],
  device_clock: [401, 'The clock of this device is too far from the server’s. Set it, and sign again.'],
  request_replayed: [409, 'This signed request was received before. Sign a new one.'],
  forbidden: [403, 'Your role in this study may not do this.'],
  step_up_required: [403, 'Confirm that it is you by entering your password again, then repeat this.'],
  foreign_origin: [403, 'This request comes from another site’s page and was not carried out.'],
  not_found: [404, 'There is nothing at this address.'],
  unknown_study: [404, 'There is no such study for you.'],
  unknown_participant: [404, 'There is no such participant for you.'],
  unknown_signal: [404, 'There is no such signal for you.'],
  unknown_version: [404, 'The study has no such version of the protocol.'],
  unknown_draft: [404, 'There is no such draft for you.'],
  unknown_shipment: [404, 'There is no such shipment for you.'],
  unknown_device: [404, 'There is no such device for you.'],
  unknown_site: [404, 'There is no such site for you.'],
  unknown_protocol: [404, 'The library holds no protocol of that name.'],
  method_not_allowed: [405, 'This address does not answer this method.'],
  conflict: [409, 'This id was used before with another content.'],
  already_set_up: [409, 'This installation has been set up already.'],
  already_locked: [409, 'The study is locked already.'],
  not_locked: [409, 'The study must be locked first.'],
  no_card_yet: [409, 'There is no card yet: its number is the label of the first kit.'],
  no_consent_yet: [409, 'No consent has been signed yet.'],
  not_released: [409, 'The allocation has not been released.'],
  study_exists: [409, 'There is a study with this id already.'],
  protocol_changed: [
    409,
    'Another version of the protocol was adopted meanwhile. Nothing was changed; look at it first.',
  ],
  draft_changed: [409, 'A newer version of this draft was saved meanwhile. Nothing was changed; choose what to keep.'],
  draft_full: [409, 'This draft has been saved as often as one can be. Export it and start a new draft from the file.'],
  too_many_drafts: [409, 'You have as many drafts as one person can have. Delete one first.'],
  login_taken: [409, 'There is an account with this login already.'],
  second_person_needed: [409, 'You have approved already; another person must approve too.'],
  already_acknowledged: [409, 'This signal has been acknowledged already.'],
  study_locked: [409, 'The study is locked; nothing is accepted any more.'],
  key_registered: [409, 'A device with this key is registered in this study already.'],
  too_many_phones: [409, 'As many phones as one person can have show reminders already. Forget them first.'],
  already_revoked: [409, 'This device has been revoked already.'],
  already_received: [409, 'This shipment was received before.'],
  kit_not_at_hand: [409, 'This kit is not at hand.'],
  code_replaced: [
    410,
    'This personal code has been replaced by a new one. Use the new one; the study team can make you another.',
  ],
  invitation_expired: [410, 'This invitation has run out. The study team can make you a new code.'],
  too_large: [413, 'The request is larger than this route accepts.'],
  unsupported_media_type: [415, 'Send the body as application/json.'],
  invalid_protocol: [422, 'The protocol document has problems.'],
  amendment_not_possible: [422, 'This document cannot replace the protocol of a running study.'],
  kit_not_in_shipment: [422, 'This kit is not in this shipment.'],
  unknown_kit_here: [422, 'This kit is not at this site.'],
  witness_refused: [422, 'The witness’s sign-in details are not right, or the witness is not of this study’s team.'],
  reminder_not_offered: [422, 'This server has not been set up to remind in this way.'],
  unknown_push_service: [422, 'This is not the address of a push service that this server sends to.'],
  cannot_be_printed: [422, 'The document cannot be put on paper.'],
  invalid_time_zone: [422, 'This is not a time zone of the IANA list, such as Europe/Berlin.'],
  too_many_requests: [429, 'Too many attempts. Wait a while and try again.'],
  header_too_large: [431, 'The headers of the request are too large.'],
  internal: [500, 'Something went wrong on our side. Nothing was changed.'],
  unavailable: [503, 'The server cannot reach its database just now. Nothing was changed; try again shortly.'],
  busy: [503, 'This participant’s record is very busy just now. Nothing was changed; try again shortly.'],
  randomisation_waiting: [503, 'Randomisation is waiting. Nothing was changed; try again shortly.'],
  envelopes_waiting: [503, 'The envelopes cannot be prepared just now. Nothing is lost; try again shortly.'],
  closed_report_waiting: [503, 'The vault cannot be reached just now. Nothing was ordered; try again shortly.'],
  release_waiting: [503, 'The vault cannot be reached just now. The approval is recorded; try again shortly.'],
  report_pending: [503, 'The report is being made; try again shortly.'],
  shutting_down: [503, 'The server is stopping; try again shortly.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof catalogue;
export const problemCodes = Object.keys(catalogue) as ProblemCode[];

type Extra = Partial<Pick<ProblemDocument, 'detail' | 'path' | 'kept' | 'problems' | 'newer'>>;

/** Thrown anywhere below a route; one place turns it into the reply. */
export class Problem extends Error {
  readonly document: ProblemDocument;

  constructor(document: ProblemDocument) {
    super(document.detail);
    this.name = 'Problem';
    this.document = document;
  }
}

export function problemOf(code: ProblemCode, extra: Extra = {}): Problem {
  const [status, sentence] = catalogue[code];
  return new Problem(documentOf(status, code, { detail: sentence, ...extra }));
}

/** A refusal whose code belongs to another package, such as a rule of the conduct of a study. */
export function refusalOf(status: number, code: string, extra: Extra & { detail: string }): Problem {
  return new Problem(documentOf(status, code, extra));
}

function documentOf(status: number, code: string, extra: Extra & { detail: string }): ProblemDocument {
  return { type: `urn:limen:problem:${code}`, title: code.replaceAll('_', ' '), status, code, ...extra };
}
