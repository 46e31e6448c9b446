import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import { protocolSchema } from '@limen/protocol';
import pg from 'pg';
import { twoArmTemplate } from '../drafts/two-arm.ts';
import {
  addColleague,
  libraryFolder,
  type Person,
  refusalOf,
  startTestHouse,
  type TestHouse,
  testProtocol,
} from '../test-house.ts';

let house: TestHouse;
let investigator: Person;
let administrator: Person;
let colleague: Person;
let sound: string;
let pool: pg.Pool;

before(async () => {
  house = await startTestHouse();
  ({ investigator, administrator } = house.staff);
  colleague = await addColleague(house, 'colleague', { studyId: 'second', role: 'investigator', siteId: null });
  pool = new pg.Pool({ connectionString: house.database.connectionString, max: 1 });
  sound = await readFile(path.join(libraryFolder, `${testProtocol}.json`), 'utf8');
});
after(async () => {
  await pool.end();
  await house.close();
});

const start = (person: Person, text: string) =>
  person.call(routes.createDraft, {
    body: { commandId: house.commandId(), from: { kind: 'document', text } },
  });
const sites = [{ siteId: 'main', name: 'Main', timeZone: 'Europe/Berlin' }];

async function recorded(type: string): Promise<string[]> {
  const sql = `SELECT payload FROM ledger WHERE study_id = '_installation' AND type = $1 ORDER BY seq`;
  const found = await pool.query<{ payload: string }>(sql, [type]);
  return found.rows.map(({ payload }) => payload);
}

describe('a draft of a protocol', () => {
  it('starts from the template, which leaves open what the team has to decide and nothing else', async () => {
    const made = await investigator.call(routes.createDraft, {
      body: { commandId: house.commandId(), from: { kind: 'template', template: 'two-arm' } },
    });
    assert.deepEqual([made.revision, made.mine, made.name], [1, true, 'Untitled draft']);
    const result = protocolSchema.safeParse(JSON.parse(made.text));
    const open = result.error?.issues.map(({ path: place }) => place.join('.')).sort();
    const dose = 'interventions.0.substances.0';
    assert.deepEqual(
      open,
      [
        'id',
        'population.description',
        'rationale',
        'shortTitle',
        'title',
        `${dose}.dose.form`,
        `${dose}.dose.max`,
        `${dose}.dose.min`,
        `${dose}.substance`,
      ].sort(),
    );
    assert.equal(twoArmTemplate.arms.length, 2);
  });

  it('starts from the library or from a document, and takes its name from the short title', async () => {
    const made = await investigator.call(routes.createDraft, {
      body: { commandId: house.commandId(), from: { kind: 'library', library: testProtocol } },
    });
    assert.equal(made.text, sound);
    assert.equal(made.name, JSON.parse(sound).shortTitle);
    const unknown = { commandId: house.commandId(), from: { kind: 'library', library: 'no-such' } };
    assert.equal((await refusalOf(investigator.call(routes.createDraft, { body: unknown }))).code, 'unknown_protocol');
    const odd = await start(investigator, '{"shortTitle":"A\\u0000 \\ud800 name"}');
    assert.match(odd.name, /^A {2}. name$/u);
  });

  it('is saved while it is broken, and every save stays readable', async () => {
    const { draftId } = await start(investigator, 'not JSON at all {');
    const saved = await investigator.call(routes.saveDraft, {
      params: { draftId },
      body: { base: 1, text: '{"shortTitle":"Half"' },
    });
    assert.equal(saved.revision, 2);
    const whole = await investigator.call(routes.draft, { params: { draftId } });
    assert.equal(whole.text, '{"shortTitle":"Half"');
    assert.deepEqual(
      whole.revisions.map(({ revision, savedBy }) => [revision, savedBy]),
      [
        [2, 'investigator'],
        [1, 'investigator'],
      ],
    );
    const first = await investigator.call(routes.draftAt, { params: { draftId, revision: '1' } });
    assert.equal(first.text, 'not JSON at all {');
    const none = investigator.call(routes.draftAt, { params: { draftId, revision: '9' } });
    assert.equal((await refusalOf(none)).code, 'unknown_draft');
  });

  it('refuses the second of two saves on one revision with the newer version, and loses neither', async () => {
    const { draftId } = await start(investigator, 'start');
    const params = { draftId };
    const save = (text: string, base: number) => investigator.call(routes.saveDraft, { params, body: { base, text } });
    await save('from the first tab', 1);
    const refused = await refusalOf(save('from the second tab', 1));
    assert.deepEqual([refused.status, refused.code], [409, 'draft_changed']);
    assert.deepEqual(
      [refused.newer?.revision, refused.newer?.text, refused.newer?.savedBy],
      [2, 'from the first tab', 'investigator'],
    );
    assert.equal((await investigator.call(routes.draft, { params })).text, 'from the first tab');
    assert.equal((await save('from the second tab', 2)).revision, 3);
    assert.equal(
      (await investigator.call(routes.draftAt, { params: { draftId, revision: '2' } })).text,
      'from the first tab',
    );
  });

  it('takes the same save twice as one, as when its answer was lost', async () => {
    const { draftId } = await start(investigator, 'start');
    const save = () =>
      investigator.call(routes.saveDraft, { params: { draftId }, body: { base: 1, text: 'the same' } });
    assert.equal((await save()).revision, 2);
    assert.equal((await save()).revision, 2);
  });

  it('is made once when the request is sent twice', async () => {
    const body = { commandId: house.commandId(), from: { kind: 'document', text: 'once' } };
    const [one, other] = [
      await investigator.call(routes.createDraft, { body }),
      await investigator.call(routes.createDraft, { body }),
    ];
    assert.equal(one.draftId, other.draftId);
  });

  it('of twenty saves at once on one revision accepts exactly one', async () => {
    const { draftId } = await start(investigator, 'start');
    const saves = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        investigator.call(routes.saveDraft, { params: { draftId }, body: { base: 1, text: `text ${n}` } }),
      ),
    );
    assert.equal(saves.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await investigator.call(routes.draft, { params: { draftId } })).revision, 2);
  });

  it('belongs to who made it and to administrators; for other investigators it does not exist', async () => {
    const { draftId } = await start(investigator, 'mine');
    const params = { draftId };
    const never = { draftId: 'Z'.repeat(20) };
    for (const known of [params, never]) {
      assert.equal((await refusalOf(colleague.call(routes.draft, { params: known }))).code, 'unknown_draft');
      const taken = colleague.call(routes.saveDraft, { params: known, body: { base: 1, text: 'theirs' } });
      assert.equal((await refusalOf(taken)).code, 'unknown_draft');
      const gone = colleague.call(routes.deleteDraft, { params: known, query: { revision: 1 } });
      assert.equal((await refusalOf(gone)).code, 'unknown_draft');
    }
    assert.ok(!(await colleague.call(routes.drafts, {})).drafts.some((one) => one.draftId === draftId));
    const seen = (await administrator.call(routes.drafts, {})).drafts.find((one) => one.draftId === draftId);
    assert.deepEqual([seen?.owner, seen?.mine], ['investigator', false]);
    const saved = await administrator.call(routes.saveDraft, { params, body: { base: 1, text: 'edited' } });
    assert.equal(saved.revision, 2);
  });

  it('is deleted at its last revision only', async () => {
    const { draftId } = await start(investigator, 'one');
    const params = { draftId };
    await investigator.call(routes.saveDraft, { params, body: { base: 1, text: 'two' } });
    const early = await refusalOf(investigator.call(routes.deleteDraft, { params, query: { revision: 1 } }));
    assert.deepEqual([early.code, early.newer?.text], ['draft_changed', 'two']);
    assert.deepEqual(await investigator.call(routes.deleteDraft, { params, query: { revision: 2 } }), {
      deleted: true,
    });
    assert.equal((await refusalOf(investigator.call(routes.draft, { params }))).code, 'unknown_draft');
  });

  it('becomes a study when it is sound and as it was last saved, by an administrator alone', async () => {
    const broken = JSON.parse(sound);
    broken.arms[1].content.intervention = 'no-such-intervention';
    const { draftId } = await start(investigator, JSON.stringify(broken));
    await house.stepUp(administrator);
    const create = (revision: number) =>
      administrator.call(routes.createStudy, { body: { studyId: 'drafted', draft: { draftId, revision }, sites } });
    const refused = await refusalOf(create(1));
    assert.deepEqual([refused.status, refused.code], [422, 'invalid_protocol']);
    assert.ok(refused.problems?.some(({ path: place }) => place.startsWith('arms[1].content')));
    await investigator.call(routes.saveDraft, { params: { draftId }, body: { base: 1, text: '{' } });
    assert.equal((await refusalOf(create(2))).code, 'invalid_protocol');
    await investigator.call(routes.saveDraft, { params: { draftId }, body: { base: 2, text: sound } });
    assert.equal((await refusalOf(create(2))).code, 'draft_changed');
    const body = { studyId: 'drafted', draft: { draftId, revision: 3 }, sites };
    assert.equal((await refusalOf(investigator.call(routes.createStudy, { body }))).code, 'forbidden');
    const two = { ...body, text: sound };
    assert.equal((await refusalOf(administrator.call(routes.createStudy, { body: two }))).code, 'invalid_input');
    assert.equal((await create(3)).studyId, 'drafted');
    assert.deepEqual(await recorded('draft.used'), [`{"draftId":"${draftId}","revision":3,"studyId":"drafted"}`]);
  });

  it('leaves every save, creation and deletion in the audit trail with the hash of its text', async () => {
    const { draftId } = await start(investigator, 'audited');
    const params = { draftId };
    await investigator.call(routes.saveDraft, { params, body: { base: 1, text: 'audited again' } });
    await refusalOf(investigator.call(routes.saveDraft, { params, body: { base: 1, text: 'refused' } }));
    await investigator.call(routes.deleteDraft, { params, query: { revision: 2 } });
    const of = async (type: string) =>
      (await recorded(type)).map((text) => JSON.parse(text)).filter((one) => one.draftId === draftId);
    const [created] = await of('draft.created');
    const saves = await of('draft.saved');
    assert.match(created.contentHash, /^[0-9a-f]{64}$/);
    assert.deepEqual(
      saves.map(({ revision }) => revision),
      [2],
    );
    assert.notEqual(saves[0].contentHash, created.contentHash);
    assert.deepEqual(
      (await of('draft.deleted')).map(({ revision }) => revision),
      [2],
    );
  });

  it('refuses what is no save: too long, no JSON, unknown fields, another type, nothing', async () => {
    const { draftId } = await start(investigator, 'kept');
    const params = { draftId };
    const bodies: unknown[] = [
      { base: 1, text: 'x'.repeat(2_000_001) },
      { base: 1, text: 'x', force: true },
      { base: '1', text: 'x' },
      { base: 0, text: 'x' },
      { base: 1, text: '' },
      { base: 1 },
      {},
    ];
    for (const body of bodies) {
      const refused = await refusalOf(investigator.call(routes.saveDraft, { params, body }));
      assert.equal(refused.code, 'invalid_input');
    }
    const raw = async (body: string | Buffer) => {
      const reply = await fetch(`${house.server.address}/v1/drafts/${draftId}/revisions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${investigator.token}`, 'content-type': 'application/json' },
        body,
      });
      return ((await reply.json()) as { code: string }).code;
    };
    assert.equal(await raw('{"base":1,"text":'), 'malformed_json');
    assert.equal(await raw(Buffer.alloc(9_000_000, 0x20)), 'too_large');
    assert.equal(await raw('{"base":1,"text":"\\u0000"}'), 'malformed_json');
    const whole = await investigator.call(routes.draft, { params });
    assert.deepEqual([whole.revision, whole.text], [1, 'kept']);
  });
});
