/** Batches: the list, a new one, and one batch with its decisions and what was taken in. */
import { randomUUID } from 'node:crypto';
import { forms } from '@limen/pharmacology';
import { html, type Markup } from '@limen/protocol';
import { tellStatus } from '../../batch-judge.ts';
import { recordBatch, recordBatchAct } from '../../batch-record.ts';
import { type BatchState, readBatches, statusOf } from '../../batches.ts';
import { batchActRequest, batchRequest } from '../../protocol-batches.ts';
import { Refusal } from '../../refusals.ts';
import { heldBy } from '../../register/balances.ts';
import { readBalances, takeInCapsules } from '../../register/stock.ts';
import { area, choice, field, instant, notice, table } from '../page.ts';
import type { PageRoute } from '../route.ts';
import {
  confirmWith,
  contentName,
  decimalIn,
  doseWords,
  inStudy,
  instantIn,
  localNow,
  numberIn,
  personOf,
  placeHref,
  statusWords,
  studyIdOf,
  titleOf,
} from './frame.ts';

const optional = (form: URLSearchParams, name: string): string | undefined => form.get(name)?.trim() || undefined;

export const batchesPage: PageRoute = {
  path: '/studies/:studyId/supply/batches',
  who: 'pharmacist',
  place: 'Batches',
  get: async (visit) =>
    inStudy(visit, async ({ client, study }) => {
      const now = visit.house.clock.now();
      const batches = await readBatches(client, study);
      const balances = await readBalances(client, study);
      const interventions = study.document?.interventions.map(({ id, label }) => ({ value: id, label })) ?? [];
      return {
        page: {
          title: 'Batches',
          over: titleOf(study),
          lead: 'Capsules made together from one source. A batch is in quarantine until somebody releases it.',
          unblinding: true,
          body: [
            batches.length === 0
              ? html`<p class="empty">No batch yet. Record the first one below; it starts in quarantine.</p>`
              : html`<section>${table(
                  'Batches',
                  ['Batch', 'Holds', 'Dose of a capsule', 'Status', 'Expires', 'Loose in the vault'],
                  batches.map((batch) => [
                    html`<a href="${placeHref(study.studyId, `/batches/${batch.record.batchId}`)}">${batch.record.batchId}</a>`,
                    contentName(study, batch.record.intervention),
                    doseWords(batch),
                    statusWords[statusOf(batch, now)],
                    batch.record.expires,
                    String(heldBy(balances, 'store', batch.record.batchId)),
                  ]),
                  [5],
                )}</section>`,
            newBatch(interventions),
          ],
        },
      };
    }),
  post: async (visit) => {
    const { form, house } = visit;
    const parsed = batchRequest.safeParse({
      batchId: form.get('batchId')?.trim(),
      intervention: form.get('intervention'),
      form: optional(form, 'form'),
      lot: optional(form, 'lot'),
      fillWeight: {
        meanGrams: decimalIn(form, 'meanMg', 'Mean fill weight') / 1000,
        sdGrams: decimalIn(form, 'sdMg', 'Standard deviation') / 1000,
        n: numberIn(form, 'n', 'Capsules weighed'),
      },
      ...assayIn(form),
      expires: form.get('expires'),
    });
    if (!parsed.success) {
      const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
      throw new Refusal('supply_refused', `Look again at: ${fields}.`);
    }
    const { batchId } = await recordBatch(house, studyIdOf(visit), parsed.data);
    return { redirect: placeHref(studyIdOf(visit), `/batches/${batchId}`) };
  },
};

function assayIn(form: URLSearchParams) {
  const value = optional(form, 'content');
  if (value === undefined) return {};
  return {
    assay: {
      analyte: optional(form, 'analyte') ?? optional(form, 'form') ?? '',
      contentPerUnit: { value: decimalIn(form, 'content', 'Content'), unit: form.get('contentUnit') },
      cv: decimalIn(form, 'cvPercent', 'Coefficient of variation') / 100,
      method: optional(form, 'method') ?? '',
      date: form.get('assayDate') ?? '',
    },
  };
}

function newBatch(interventions: readonly { value: string; label: string }[]): Markup {
  const every = Object.entries(forms).map(([value, { label }]) => ({ value, label }));
  const none = { value: '', label: 'None: a placebo' };
  return html`<section><h2>Record a batch</h2><form method="post">
${field({ name: 'batchId', label: 'Batch', hint: 'Small letters, digits and hyphens. It never leaves the vault.' })}
${interventions.length === 0 ? field({ name: 'intervention', label: 'Intervention of the protocol' }) : choice({ name: 'intervention', label: 'Intervention of the protocol', options: interventions })}
${choice({ name: 'form', label: 'What was weighed', options: [none, ...every], required: false })}
${field({ name: 'lot', label: 'Production lot', required: false })}
<fieldset><legend>Net fill</legend>${field({ name: 'meanMg', label: 'Mean, mg' })}${field({ name: 'sdMg', label: 'Standard deviation, mg' })}${field({ name: 'n', label: 'Capsules weighed' })}</fieldset>
<fieldset><legend>Assay</legend><p class="hint">Leave empty for a placebo, or where there is none.</p>${field({ name: 'content', label: 'Content', required: false })}${choice({ name: 'contentUnit', label: 'Unit', options: ['µg/g', 'mg/g'].map((value) => ({ value, label: value })), required: false })}${choice({ name: 'analyte', label: 'Counted as', options: [{ value: '', label: 'What was weighed' }, ...every], required: false })}${field({ name: 'cvPercent', label: 'Coefficient of variation, %', required: false })}${field({ name: 'method', label: 'Method', required: false })}${field({ name: 'assayDate', label: 'Date', type: 'date', required: false })}</fieldset>
${field({ name: 'expires', label: 'Last day of use', type: 'date' })}
<button>Record the batch</button></form></section>`;
}

const decisions = [
  { value: 'released', label: 'Release it' },
  { value: 'quarantined', label: 'Put it in quarantine' },
  { value: 'recalled', label: 'Recall it, for good' },
  { value: 'exhausted', label: 'It is used up' },
];

export const oneBatch: PageRoute = {
  path: '/studies/:studyId/supply/batches/:batchId',
  who: 'pharmacist',
  get: async (visit) =>
    inStudy(visit, async ({ client, study }) => {
      const now = visit.house.clock.now();
      const batch = (await readBatches(client, study)).find(({ record }) => record.batchId === visit.params.batchId);
      if (batch === undefined) throw new Refusal('not_found', 'There is no such batch.');
      const balances = await readBalances(client, study);
      return {
        page: {
          title: batch.record.batchId,
          over: 'Batches',
          unblinding: true,
          body: [
            facts(batch, contentName(study, batch.record.intervention), now),
            html`<section><h2>Decide</h2><p class="hint">A batch that is held back or recalled stops every shipment that holds it, as a whole. Calling back the kits of one batch alone would tell which kits hold it; what was handed out from those shipments is called back with them.</p><form method="post"><input type="hidden" name="act" value="decide">${choice({ name: 'kind', label: 'Decision', options: decisions })}${area({ name: 'reason', label: 'Why' })}${confirmWith('decide')}<button>Decide</button></form></section>`,
            html`<section><h2>Take capsules in</h2><p>Loose in the vault: ${String(heldBy(balances, 'store', batch.record.batchId))}</p><form method="post"><input type="hidden" name="act" value="take">${field({ name: 'capsules', label: 'Capsules counted' })}${field({ name: 'reference', label: 'Papers they came with', hint: 'Such as the number of Form 222 or of the electronic order.' })}${field({ name: 'happenedAt', label: 'Received (UTC)', type: 'datetime-local', value: localNow(now) })}${confirmWith('take')}<button>Take them in</button></form></section>`,
            history(batch),
          ],
        },
      };
    }),
  confirms: true,
  post: async (visit) => {
    const { form, house, params, session } = visit;
    const [studyId, batchId] = [studyIdOf(visit), params.batchId ?? ''];
    if (form.get('act') === 'take') {
      await takeInCapsules(house, studyId, personOf(visit), {
        batchId,
        capsules: numberIn(form, 'capsules', 'Capsules counted'),
        reference: form.get('reference') ?? '',
        happenedAt: instantIn(form, 'happenedAt', 'Received'),
      });
    } else {
      const reason = form.get('reason') ?? '';
      const act = { kind: form.get('kind'), actId: randomUUID(), by: session.person.name, reason };
      const parsed = batchActRequest.safeParse(act);
      if (!parsed.success) throw new Refusal('supply_refused', 'Choose a decision, and say why.');
      await recordBatchAct(house, studyId, batchId, parsed.data);
    }
    return { redirect: placeHref(studyId, `/batches/${encodeURIComponent(batchId)}`) };
  },
};

function facts(batch: BatchState, holds: string, now: string): Markup {
  const { record } = batch;
  const status = statusOf(batch, now);
  return html`<section>${status === 'released' ? notice('good', tellStatus(batch, now)) : html`<p>${tellStatus(batch, now)}</p>`}<dl class="facts"><dt>Holds</dt><dd>${holds}</dd><dt>Dose of a capsule</dt><dd>${doseWords(batch)}</dd><dt>Net fill</dt><dd>${(record.fillWeight.meanGrams * 1000).toFixed(1)} mg, standard deviation ${(record.fillWeight.sdGrams * 1000).toFixed(1)} mg, ${String(record.fillWeight.n)} weighed</dd><dt>Assay</dt><dd>${record.assay === undefined ? 'None' : `${record.assay.contentPerUnit.value} ${record.assay.contentPerUnit.unit}, ${record.assay.method}, ${record.assay.date}`}</dd><dt>Production lot</dt><dd>${record.lot ?? '–'}</dd><dt>Last day of use</dt><dd>${record.expires}</dd></dl></section>`;
}

function history({ acts }: BatchState): Markup {
  if (acts.length === 0) return html`<p class="empty">Nothing was decided about it yet.</p>`;
  return html`<section>${table(
    'What was done',
    ['When', 'What', 'By', 'Found'],
    acts.map(({ kind, by, reason, at, explanation }) => [
      instant(at),
      kind,
      by,
      [explanation, reason].filter((text) => text !== null && text !== '').join(' '),
    ]),
  )}</section>`;
}
