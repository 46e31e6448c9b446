/** What the pages of the supply share: the open study, its words, what was filled in. */

import type { BatchStatus } from '@limen/pharmacology';
import { formatQuantity, forms, isFormId } from '@limen/pharmacology';
import { html, type Markup } from '@limen/protocol';
import { doseOf } from '../../batch-record.ts';
import type { BatchState } from '../../batches.ts';
import { Refusal } from '../../refusals.ts';
import type { Account } from '../../register/entry.ts';
import { requireStudy } from '../../register/stock.ts';
import { type Client, inTransaction } from '../../store.ts';
import type { OpenStudy } from '../../study.ts';
import type { PersonVisit, Visit } from '../route.ts';

export type Room = { readonly client: Client; readonly study: OpenStudy };

/** One look at the study, in one transaction. */
export async function inStudy<T>({ house, params }: Visit, work: (room: Room) => Promise<T>): Promise<T> {
  return inTransaction(house, async (client) => {
    const study = await requireStudy(house, client, params.studyId ?? '');
    return work({ client, study });
  });
}

export const studyIdOf = ({ params }: Visit): string => params.studyId ?? '';
export const personOf = ({ session }: PersonVisit): string => session.person.personId;
export const placeHref = (studyId: string, path = ''): string =>
  `/room/studies/${encodeURIComponent(studyId)}/supply${path}`;

export function titleOf({ document, studyId }: OpenStudy): string {
  return document?.shortTitle ?? document?.title ?? studyId;
}

export function siteName({ sites }: OpenStudy, siteId: string | null): string {
  return sites.find((site) => site.siteId === siteId)?.name ?? siteId ?? '–';
}

/** A register's account in words. */
export function accountName(study: OpenStudy, account: Account): string {
  const [, kind, siteId = ''] = /^(site|participants) (.*)$/s.exec(account) ?? [];
  if (kind === undefined) return accountWords[account] ?? account;
  return kind === 'site' ? siteName(study, siteId) : `With participants, ${siteName(study, siteId)}`;
}

const accountWords: Readonly<Record<string, string>> = {
  outside: 'Outside',
  store: 'Vault, loose',
  kits: 'Vault, in kits',
  transit: 'Under way',
  used: 'Taken or not accounted for',
  lost: 'Lost',
  destroyed: 'Destroyed',
};

export function contentName({ document }: OpenStudy, intervention: string): string {
  return document?.interventions.find(({ id }) => id === intervention)?.label ?? intervention;
}

/** The person's own password; `form`: which of the page's forms it ends. */
export function confirmWith(form: string): Markup {
  return html`<p class="field"><label for="password-${form}">Your own password</label><input id="password-${form}" name="password" type="password" autocomplete="current-password" required></p>`;
}

/** A whole number from a form. */
export function numberIn(form: URLSearchParams, name: string, label: string): number {
  const text = (form.get(name) ?? '').trim();
  if (!/^\d{1,9}$/.test(text)) throw new Refusal('supply_refused', `${label}: write a whole number.`);
  return Number(text);
}

/** A measured number from a form. */
export function decimalIn(form: URLSearchParams, name: string, label: string): number {
  const text = (form.get(name) ?? '').trim().replace(',', '.');
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) throw new Refusal('supply_refused', `${label}: write a number.`);
  return value;
}

/** What a `datetime-local` field holds, as UTC. */
export function instantIn(form: URLSearchParams, name: string, label: string): string {
  const text = form.get(name) ?? '';
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(`${text.slice(0, 16)}:00.000Z`) : Number.NaN;
  if (Number.isNaN(time)) throw new Refusal('supply_refused', `${label}: write a date and a time.`);
  return new Date(time).toISOString();
}

/** For a `datetime-local` field. */
export const localNow = (now: string): string => now.slice(0, 16);

export const day = (at: string | Date): string => new Date(at).toISOString().slice(0, 10);

export const statusWords: Readonly<Record<BatchStatus, string>> = {
  quarantined: 'In quarantine',
  released: 'Released',
  recalled: 'Recalled',
  exhausted: 'Used up',
  expired: 'Expired',
  'retest-due': 'Retest due',
};

/** Dose of one capsule in words. */
export function doseWords({ record }: BatchState): string {
  const dose = doseOf(record);
  if (dose === null) return 'Placebo';
  if (dose.basis === 'none') return 'Not known';
  const interval = `${formatQuantity(dose.lower)} to ${formatQuantity(dose.upper)}`;
  return dose.basis === 'assay' ? `${formatQuantity(dose.estimate)} (${interval})` : interval;
}

/** What the register calls it: the substance, or placebo. */
export function substanceOf({ record: { form } }: BatchState): string {
  return form !== undefined && isFormId(form) ? forms[form].substance : 'placebo';
}

/** So many capsules as substance; empty for a placebo or a dose nobody knows. */
export function massWords({ record }: BatchState, capsules: number): string {
  const dose = doseOf(record);
  if (dose === null || dose.basis === 'none') return '';
  const times = (quantity: typeof dose.lower) => formatQuantity({ ...quantity, value: quantity.value * capsules });
  return dose.basis === 'assay' ? times(dose.estimate) : `${times(dose.lower)} to ${times(dose.upper)}`;
}
