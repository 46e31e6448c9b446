/** For the tests of this room: a vault with a study of the library, people in its roles, and a browser that keeps its cookie. */
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonicalJson } from '@limen/ledger';
import type { TestDatabase, TestDatabases } from '@limen/postgres';
import { type ProtocolDocument, parseProtocol } from '@limen/protocol';
import { startVault, type Vault, vaultClient } from '../index.ts';
import type { VaultRole } from '../people/people.ts';

export const tokens = { study: 'study'.repeat(8), supply: 'supply'.repeat(8), emergency: 'emergency'.repeat(8) };
export const own = 'a long enough password';
export const studyId = 'trial';
const setupCode = 'a-set-up-code';

export type TestRoom = {
  readonly vault: Vault;
  readonly database: TestDatabase;
  readonly clock: { now: string };
  readonly log: string[];
  readonly protocol: ProtocolDocument;
  /** Kit label by participant. */
  readonly kits: ReadonlyMap<string, string>;
  readonly keeper: TestBrowser;
  /** Signed in, with these roles in the study. */
  person(login: string, roles: readonly VaultRole[], studies?: readonly string[]): Promise<TestBrowser>;
  close(): Promise<void>;
};

export type Page = {
  readonly status: number;
  readonly to: string | null;
  readonly text: string;
  readonly headers: Headers;
};
export type TestBrowser = {
  visit(path: string, form?: Readonly<Record<string, string | readonly string[]>>): Promise<Page>;
};

export function seeded(seed: string): (length: number) => Uint8Array {
  let n = 0;
  return (length) => {
    const parts: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      n += 1;
      parts.push(createHmac('sha256', seed).update(String(n)).digest());
    }
    return Buffer.concat(parts).subarray(0, length);
  };
}

export function libraryProtocol(name: string): ProtocolDocument {
  const text = readFileSync(new URL(`../../../../protocols/${name}.json`, import.meta.url), 'utf8');
  const parsed = parseProtocol(text);
  if (!parsed.ok) throw new Error(`The library protocol ${name} does not parse.`);
  return parsed.protocol;
}

/** Where the participants of a test are drawn. */
export const stratumOf = ({ randomisation }: ProtocolDocument): string =>
  randomisation.stratifyBy.includes('site') ? 'east' : 'all';

export async function createLibraryStudy(vault: Vault, id: string, protocol: ProtocolDocument): Promise<void> {
  const { procedure, stratifyBy } = protocol.randomisation;
  await vaultClient({ address: vault.address, token: tokens.study }).createStudy({
    studyId: id,
    protocolHash: createHash('sha256').update(canonicalJson(protocol)).digest('hex'),
    procedure,
    arms: [...protocol.arms],
    stratifyBy,
    capsules: protocol.dosing.maximumDoses,
    document: protocol as never,
    sites: [
      { siteId: 'east', name: 'East' },
      { siteId: 'west', name: 'West' },
    ],
  });
}

/** Participants `P001…` are allocated in order; `draw` decides to what. */
export async function openTestRoom(
  databases: TestDatabases,
  options: { readonly draw?: string; readonly library?: string; readonly participants?: number } = {},
): Promise<TestRoom> {
  const { draw = 'one', library = 'lsd-10ug-every-third-day', participants = 6 } = options;
  const database = await databases.freshDatabase();
  const clock = { now: '2027-02-01T08:00:00.000Z' };
  const log: string[] = [];
  const vault = await startVault({
    databaseUrl: database.connectionString,
    key: Buffer.alloc(32, 9),
    tokens,
    port: 0,
    clock: { now: () => clock.now },
    random: seeded(draw),
    setupCode,
    log: (line) => log.push(JSON.stringify(line)),
    probeEveryMs: 3_600_000,
  });
  const protocol = libraryProtocol(library);
  await createLibraryStudy(vault, studyId, protocol);
  const study = vaultClient({ address: vault.address, token: tokens.study });
  const kits = new Map<string, string>();
  for (let index = 1; index <= participants; index += 1) {
    const participantId = `P00${index}`;
    const { kit } = await study.allocate(studyId, {
      participantId,
      stratum: stratumOf(protocol),
      requestId: `r${index}`,
    });
    kits.set(participantId, kit);
  }
  const keeper = openTestBrowser(vault.address);
  await keeper.visit('/room/set-up', { code: setupCode, name: 'Keeper', login: 'keeper', password: own });
  return {
    vault,
    database,
    clock,
    log,
    protocol,
    kits,
    keeper,
    person: (login, roles, studies = [studyId]) => enrol(vault, keeper, login, roles, studies),
    close: async () => {
      await vault.close();
      await database.drop();
    },
  };
}

async function enrol(
  vault: Vault,
  keeper: TestBrowser,
  login: string,
  roles: readonly VaultRole[],
  studies: readonly string[],
): Promise<TestBrowser> {
  const made = await keeper.visit('/room/people', { name: login, login, password: own });
  const starting = /class="big label">([^<]+)</.exec(made.text)?.[1] ?? '';
  const personId = /people\/([\w-]+)"/.exec(made.text)?.[1] ?? '';
  const role = studies.flatMap((study) => roles.map((one) => `${study}|${one}`));
  await keeper.visit(`/room/people/${personId}`, { role, password: own });
  const browser = openTestBrowser(vault.address);
  await browser.visit('/room/sign-in', { login, password: starting });
  await browser.visit('/room/password', { password: starting, next: own });
  return browser;
}

export function openTestBrowser(address: string): TestBrowser {
  let cookie = '';
  return {
    async visit(path, form) {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries(form ?? {})) for (const one of [value].flat()) body.append(name, one);
      const reply = await fetch(`${address}${path}`, {
        method: form ? 'POST' : 'GET',
        redirect: 'manual',
        headers: { cookie },
        ...(form ? { body } : {}),
      });
      cookie = reply.headers.get('set-cookie')?.split(';')[0] ?? cookie;
      const { status, headers } = reply;
      return { status, to: headers.get('location'), text: await reply.text(), headers };
    },
  };
}

/** The trail's types, oldest first. */
export async function trailTypes({ vault }: Pick<TestRoom, 'vault'>, id = studyId): Promise<string[]> {
  const { rows } = await vault.house.pool.query<{ type: string }>(
    'select type from trail where study_id = $1 order by seq',
    [id],
  );
  return rows.map(({ type }) => type);
}
