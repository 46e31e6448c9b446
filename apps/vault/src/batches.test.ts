/** A batch from quarantine to the kit and out of use again, through the supply's door, on a real database. */
import assert from 'node:assert/strict';
import { hash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { canonicalJson } from '@limen/ledger';
import { createTestDatabases, type TestDatabases } from '@limen/postgres';
import { parseProtocol } from '@limen/protocol';
import { type BatchActRequest, type BatchRequest, startVault, type Vault, vaultClient, verifyTrail } from './index.ts';
import { readTrail } from './trail.ts';

const tokens = { study: 'study'.repeat(8), supply: 'supply'.repeat(8), emergency: 'emergency'.repeat(8) };
const studyId = 'lsd-study';
let databases: TestDatabases;
let vault: Vault;
let now = '2027-02-01T08:00:00.000Z';

const clientOf = (caller: keyof typeof tokens) => vaultClient({ address: vault.address, token: tokens[caller] });
const supply = () => clientOf('supply');
const refused = { code: 'supply_refused' };

const pdf = Buffer.from('%PDF-1.7\nA certificate of analysis.\n');
const sha256 = hash('sha256', pdf, 'hex');

const lsd: BatchRequest = {
  batchId: 'lsd-1',
  intervention: 'lsd-10',
  form: 'lsd-tartrate-1-1',
  fillWeight: { meanGrams: 0.3, sdGrams: 0.004, n: 30 },
  assay: {
    analyte: 'lsd-tartrate-1-1',
    contentPerUnit: { value: 48.8, unit: 'µg/g' },
    cv: 0.03,
    n: 6,
    method: 'HPLC-UV',
    date: '2026-12-01',
    laboratory: 'Laboratory',
    certificate: { fileName: 'Certificate of analysis (1).pdf', sha256 },
  },
  expires: '2028-06-30',
  made: '2026-11-15',
  retestOn: '2027-12-01',
  lot: 'P-77',
  label: { value: 10, unit: 'µg', form: 'lsd-base' },
  storage: { lowerCelsius: 15, upperCelsius: 25, light: 'protect', humidityUpTo: 60 },
};
const placebo: BatchRequest = {
  batchId: 'placebo-1',
  intervention: 'placebo',
  fillWeight: { meanGrams: 0.3, sdGrams: 0.004, n: 30 },
  expires: '2028-06-30',
};

before(async () => {
  databases = createTestDatabases();
  const database = await databases.freshDatabase();
  vault = await startVault({
    databaseUrl: database.connectionString,
    key: Buffer.alloc(32, 5),
    tokens,
    port: 0,
    clock: { now: () => now },
    random: (length) => randomBytes(length),
    log: () => undefined,
  });
  const text = readFileSync(new URL('../../../protocols/lsd-10ug-every-third-day.json', import.meta.url), 'utf8');
  const parsed = parseProtocol(text);
  assert.ok(parsed.ok);
  const document = JSON.parse(JSON.stringify(parsed.protocol));
  const { arms, interventions, randomisation, dosing, supply: rule } = parsed.protocol;
  assert.equal(rule?.assay, 'required');
  assert.deepEqual(interventions.map(({ id }) => id).sort(), ['lsd-10', 'placebo']);
  const design = { arms, procedure: randomisation.procedure, stratifyBy: randomisation.stratifyBy };
  const protocolHash = hash('sha256', canonicalJson(document), 'hex');
  await clientOf('study').createStudy({
    ...{ studyId, protocolHash, document, capsules: dosing.maximumDoses, ...design },
  });
});
after(async () => {
  await vault.close();
  await databases.close();
});

let acts = 0;
type Without<T> = T extends unknown ? Omit<T, 'actId' | 'by'> : never;
const act = (batchId: string, request: Without<BatchActRequest>, actId?: string) => {
  acts += 1;
  const whole = { ...request, actId: actId ?? `act-${acts}`, by: 'Pharmacist A' } as BatchActRequest;
  return supply().recordBatchAct(studyId, batchId, whole);
};
const release = (batchId: string) => act(batchId, { kind: 'released', reason: 'As tested' });
const listed = async (batchId: string) => {
  const { batches } = await supply().listBatches(studyId);
  const found = batches.find(({ record }) => record.batchId === batchId);
  assert.ok(found);
  return found;
};
const trail = async () => {
  const client = await vault.house.pool.connect();
  try {
    return await readTrail(vault.house, client, studyId);
  } finally {
    client.release();
  }
};
const lastReason = async () => {
  const entry = (await trail()).at(-1);
  assert.ok(entry?.header.type === 'request.refused');
  return (entry.content?.payload as { reason: string } | undefined)?.reason ?? '';
};

test('A batch without an assay is refused where the protocol demands one; the caller hears a code, the trail the reason', async () => {
  const { assay: _, ...bare } = lsd;
  await assert.rejects(supply().recordBatch(studyId, bare), {
    ...refused,
    message: 'The supply request cannot be met.',
  });
  assert.equal(await lastReason(), 'batch lsd-1: the protocol demands an assay of every batch');
  const { form: _form, label: _label, ...masked } = bare;
  await assert.rejects(supply().recordBatch(studyId, masked), refused);
  assert.match(await lastReason(), /is no placebo: its form is missing/);
});

test('What does not fit the protocol or itself is refused', async () => {
  const mushrooms = { form: 'dried-truffle', label: { value: 1, unit: 'mg', form: 'psilocybin' } } as const;
  const assay = { ...lsd.assay, analyte: 'psilocybin' } as NonNullable<BatchRequest['assay']>;
  for (const [batch, reason] of [
    [{ ...lsd, ...mushrooms, assay }, /the species of dried truffle \(sclerotia\) is not named/],
    [
      { ...lsd, ...mushrooms, assay, species: 'Psilocybe mexicana' },
      /it holds psilocybin, which the protocol does not/,
    ],
    [{ ...lsd, intervention: 'placebo' }, /placebo holds no substance/],
    [{ ...lsd, intervention: 'other' }, /no intervention other/],
    [{ ...lsd, made: '2029-01-01' }, /expires before it was made/],
    [{ ...lsd, retestOn: '2029-01-01' }, /retest is due after it expires/],
    [{ ...lsd, form: 'sugar' }, /no form “sugar”/],
    [{ ...placebo, label: lsd.label }, /a placebo with a label claim/],
  ] as [BatchRequest, RegExp][]) {
    await assert.rejects(supply().recordBatch(studyId, batch), refused);
    assert.match(await lastReason(), reason);
  }
  assert.deepEqual(await supply().listBatches(studyId), { batches: [] });
});

test('A recorded batch waits in quarantine; its dose is told in the label’s form', async () => {
  const recorded = await supply().recordBatch(studyId, lsd);
  assert.equal(recorded.status, 'quarantined');
  assert.match(
    recorded.dose?.explanation ?? '',
    /^10 µg LSD base per capsule: 0\.3 g times 48\.8 µg\/g of LSD tartrate/,
  );
  assert.deepEqual(await supply().recordBatch(studyId, lsd), recorded, 'again, the same');
  await supply().recordBatch(studyId, placebo);
  const found = await listed('lsd-1');
  assert.deepEqual([found.usable, found.status, found.record], [false, 'quarantined', lsd]);
  assert.match(found.text, /10 µg LSD base.*In quarantine: not to be used\./);
  assert.deepEqual((await listed('placebo-1')).text, 'A placebo. In quarantine: not to be used.');
});

test('A certificate is kept if a record names its hash, is what it says by its first bytes, and is whole', async () => {
  await assert.rejects(release('lsd-1'), refused);
  assert.match(await lastReason(), /the certificate Certificate of analysis \(1\)\.pdf is not in the vault/);
  const put = (path: string, body: Uint8Array) =>
    fetch(`${vault.address}/studies/${studyId}/batches/${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${tokens.supply}`, 'content-type': 'application/octet-stream' },
      body: Uint8Array.from(body),
    });
  const damaged = Buffer.concat([pdf, Buffer.from('x')]);
  assert.equal((await put(`lsd-1/certificates/${sha256}`, damaged)).status, 409);
  assert.match(await lastReason(), /another hash than was said/);
  const script = Buffer.from('<script>alert(1)</script>');
  await assert.rejects(supply().storeCertificate(studyId, 'lsd-1', script), refused);
  assert.match(await lastReason(), /neither PDF nor PNG nor JPEG/);
  await assert.rejects(supply().storeCertificate(studyId, 'lsd-1', damaged), refused);
  assert.match(await lastReason(), /no record of batch lsd-1 names a file of this hash/);
  assert.equal((await put(`lsd-1/certificates/${sha256}`, Buffer.alloc(10 * 1024 * 1024 + 1))).status, 400);
  await assert.rejects(supply().readCertificate(studyId, 'lsd-1', sha256), { code: 'not_found' });

  const stored = await supply().storeCertificate(studyId, 'lsd-1', pdf);
  assert.deepEqual(await supply().storeCertificate(studyId, 'lsd-1', pdf), stored, 'again, the same');
  const back = await supply().readCertificate(studyId, 'lsd-1', sha256);
  assert.deepEqual([Buffer.from(back.bytes), back.type], [pdf, 'application/pdf']);
  assert.deepEqual((await listed('lsd-1')).certificates[0]?.stored, true);
  const types = (await trail()).map(({ header }) => header.type).filter((type) => type.startsWith('certificate.'));
  assert.deepEqual(types, ['certificate.stored', 'certificate.read']);
});

test('At rest a certificate and an act say nothing without the key, and nothing of them is changed', async () => {
  await act('placebo-1', { kind: 'recalled', reason: 'Made for this test' });
  const { rows } = await vault.house.pool.query('select to_jsonb(c) as row, c.sealed from certificate c');
  assert.ok(!JSON.stringify(rows[0].row).includes(sha256));
  assert.ok(!rows[0].sealed.includes('%PDF'));
  const kept = await vault.house.pool.query('select to_jsonb(a) as row, a.sealed from batch_act a');
  assert.ok(!JSON.stringify(kept.rows.map(({ row }) => row)).includes('recalled'));
  assert.ok(kept.rows.every(({ sealed }) => !sealed.includes('recalled') && sealed.length === 1024 + 28));
  await assert.rejects(vault.house.pool.query('delete from batch_act'), /never changed/);
  await assert.rejects(vault.house.pool.query("update batch_act set batch_id = 'lsd-1'"), /never changed/);
});

test('Only the supply may ask', async () => {
  for (const caller of ['study', 'emergency'] as const) {
    const client = clientOf(caller);
    const denied = { code: 'unauthorised' };
    await assert.rejects(client.listBatches(studyId), denied);
    await assert.rejects(client.traceBatch(studyId, 'lsd-1'), denied);
    await assert.rejects(client.readBatchAct(studyId, 'lsd-1', 'act-1'), denied);
    await assert.rejects(client.storeCertificate(studyId, 'lsd-1', pdf), denied);
    await assert.rejects(client.readCertificate(studyId, 'lsd-1', sha256), denied);
    const request = { kind: 'released', actId: 'x', by: 'Somebody', reason: 'None at all' } as const;
    await assert.rejects(client.recordBatchAct(studyId, 'lsd-1', request), denied);
  }
});

test('Uniformity: ten that do not pass ask for twenty more, and until then nothing is released', async () => {
  const wide = Array.from({ length: 10 }, (_, index) => 10 + (index % 2 ? 0.75 : -0.75));
  const uniformity = (values: number[]) =>
    act('lsd-1', { kind: 'uniformity', results: { as: 'mass', values, unit: 'µg', form: 'lsd-base' } });
  const first = await uniformity(wide);
  assert.deepEqual([first.act.finding?.decision, first.status], ['test-20-more', 'quarantined']);
  await assert.rejects(release('lsd-1'), refused);
  assert.match(await lastReason(), /Acceptance value 19\.0 of 10 units.*Test 20 more units/);
  const weights = await act('lsd-1', {
    kind: 'uniformity',
    results: { as: 'weight', netGrams: [0.3, 0.301, 0.299, 0.3, 0.302, 0.298, 0.3, 0.3, 0.301, 0.299] },
  });
  assert.match(weights.act.explanation, /At this dose the chapter asks for assays of single units/);
  assert.deepEqual([weights.act.finding?.decision, weights.act.finding?.methodSuffices], ['passes', false]);
  await assert.rejects(release('lsd-1'), refused);
  assert.match(await lastReason(), /Test 20 more units/, 'even weights do not stand in for contents');
  const all = [...wide, ...Array.from({ length: 20 }, (_, index) => 10 + (index % 2 ? 0.4 : -0.4))];
  const second = await uniformity(all);
  assert.equal(second.act.finding?.decision, 'passes');
  const kept = await supply().readBatchAct(studyId, 'lsd-1', second.act.actId);
  assert.ok(kept.kind === 'uniformity' && kept.results.as === 'mass');
  assert.deepEqual(kept.results.values, all);
  await assert.rejects(supply().readBatchAct(studyId, 'placebo-1', second.act.actId), { code: 'not_found' });
});

test('An active batch is matched with a placebo batch, by eye and by scale; a pair that can be told apart is not released', async () => {
  await supply().recordBatch(studyId, { ...placebo, batchId: 'placebo-2' });
  const panel = (correct: number, against = 'placebo-2') =>
    act('lsd-1', { kind: 'appearance', against, people: 20, correct });
  await assert.rejects(panel(10, 'lsd-1'), refused);
  await assert.rejects(panel(21), refused);
  await assert.rejects(act('lsd-1', { kind: 'appearance', against: 'placebo-2', people: 19, correct: 10 }), refused);
  assert.match(await lastReason(), /a panel has 20 people or more/);
  assert.equal((await panel(15)).act.finding?.passes, false);
  await assert.rejects(release('lsd-1'), refused);
  assert.match(await lastReason(), /people can tell them apart/);
  assert.equal((await panel(12)).act.finding?.passes, true);
  const matched = await act('lsd-1', {
    kind: 'weights',
    against: 'placebo-2',
    grams: [0.401, 0.402, 0.4, 0.399, 0.4],
    againstGrams: [0.4, 0.401, 0.4, 0.402, 0.399],
    marginGrams: 0.01,
  });
  assert.equal(matched.act.finding?.equivalent, true);
});

test('A release is an act with a person and a reason, once per id; then the batch may go into a kit', async () => {
  const asked = { kind: 'released', reason: 'Uniform, matched, certified' } as const;
  const released = await act('lsd-1', asked, 'release-1');
  assert.equal(released.status, 'released');
  assert.deepEqual(await act('lsd-1', asked, 'release-1'), released, 'again, the same');
  await assert.rejects(act('lsd-1', { ...asked, reason: 'Another' }, 'release-1'), refused);
  await assert.rejects(act('lsd-1', asked), refused);
  assert.match(await lastReason(), /From released to released/);
  const entry = (await trail()).findLast(({ header }) => header.type === 'batch.released');
  assert.deepEqual(entry?.header.actor, { id: 'Pharmacist A', role: 'pharmacist' });
  assert.match(JSON.stringify(entry?.content?.payload), /"reason":"Uniform, matched, certified"/);
  const found = await listed('lsd-1');
  assert.deepEqual([found.usable, found.status], [true, 'released']);
  assert.match(found.text, /Released; use until 2028-06-30, retest on 2027-12-01\./);

  await release('placebo-2');
  const { kit } = await clientOf('study').allocate(studyId, { participantId: 'P1000', stratum: 'all', requestId: 'r' });
  const packed = (await supply().packingList(studyId, kit)).capsules[0];
  assert.ok(packed?.batchId === 'lsd-1' || packed?.batchId === 'placebo-2');
  await act('lsd-1', { kind: 'quarantined', reason: 'Asked by the monitor' });
  await act('placebo-2', { kind: 'quarantined', reason: 'Asked by the monitor' });
  assert.equal((await supply().packingList(studyId, kit)).capsules[0]?.batchId, null);
  await release('lsd-1');
  await release('placebo-2');

  await supply().markPacked(studyId, kit);
  const held = packed?.batchId ?? '';
  assert.deepEqual(await supply().traceBatch(studyId, held), {
    batchId: held,
    kits: [{ kit, participantId: 'P1000', place: null }],
  });
  const other = held === 'lsd-1' ? 'placebo-2' : 'lsd-1';
  assert.deepEqual((await supply().traceBatch(studyId, other)).kits, []);
  assert.equal((await trail()).at(-1)?.header.type, 'batch.traced');
  await assert.rejects(supply().traceBatch(studyId, 'none'), { code: 'not_found' });
});

test('A logger that left the storage range puts the batch in quarantine, and the trail says why', async () => {
  const readings = (celsius: number[]) => celsius.map((one, hours) => ({ hours, celsius: one }));
  const calm = await act('lsd-1', { kind: 'temperature', readings: readings([20, 21, 22, 21]) });
  assert.deepEqual([calm.status, calm.act.finding?.verdict], ['released', 'within']);
  const hot = await act('lsd-1', { kind: 'temperature', readings: readings([20, 34, 35, 22]) });
  assert.deepEqual([hot.status, hot.act.finding?.verdict], ['quarantined', 'outside']);
  const [quarantine, logged] = (await trail()).slice(-2).toReversed();
  assert.deepEqual([logged?.header.type, quarantine?.header.type], ['batch.temperature', 'batch.quarantined']);
  await assert.rejects(act('placebo-2', { kind: 'temperature', readings: readings([20, 21]) }), refused);
  assert.match(await lastReason(), /no storage range/);
  await act('lsd-1', { kind: 'released', reason: 'Retained samples are unchanged' });
});

test('A retest that is due stops a batch; out of specification it stays in quarantine, in specification it goes on', async () => {
  now = '2027-12-01T08:00:00.000Z';
  assert.deepEqual([(await listed('lsd-1')).status, (await listed('lsd-1')).usable], ['retest-due', false]);
  const retest = (percentOfLabel: number[], retestOn?: string) =>
    act('lsd-1', { kind: 'retested', date: '2027-12-01', percentOfLabel, ...(retestOn ? { retestOn } : {}) });
  assert.equal((await retest([88.1, 89.3])).status, 'quarantined');
  await assert.rejects(release('lsd-1'), refused);
  await assert.rejects(retest([99], '2027-12-01'), refused);
  assert.match(await lastReason(), /does not lie ahead/);
  assert.equal((await retest([97.2, 98.1], '2028-03-01')).act.finding?.inSpecification, true);
  assert.equal((await release('lsd-1')).status, 'released');
  assert.equal((await listed('lsd-1')).retestOn, '2028-03-01');
});

test('Stability tells the shelf life and changes nothing; impossible numbers are refused', async () => {
  const points = [100.4, 99.6, 98.9, 98.6, 97.6].map((percentOfLabel, index) => ({
    months: 3 * index,
    percentOfLabel,
  }));
  const found = await act('lsd-1', { kind: 'stability', points });
  assert.deepEqual([found.status, found.act.finding?.shelfLifeMonths], ['released', 24]);
  await assert.rejects(act('lsd-1', { kind: 'stability', points: points.slice(0, 2) }), refused);
});

test('A recall is final, an expired batch is not released, and the trail holds together', async () => {
  assert.equal((await act('lsd-1', { kind: 'recalled', reason: 'Supplier’s notice' })).status, 'recalled');
  await assert.rejects(release('lsd-1'), refused);
  await act('placebo-2', { kind: 'quarantined', reason: 'Before it expires' });
  now = '2028-07-01T08:00:00.000Z';
  assert.equal((await listed('placebo-2')).status, 'expired');
  await assert.rejects(release('placebo-2'), refused);
  assert.match(await lastReason(), /expired on 2028-06-30/);
  const client = await vault.house.pool.connect();
  assert.ok((await verifyTrail(vault.house, client, studyId)).ok);
  client.release();
});
