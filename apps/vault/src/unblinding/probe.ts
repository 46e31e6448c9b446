/**
 * Could a code be broken now? Asked all the time, by the vault itself each minute and by whoever watches it: nobody's
 * allocation is sealed, opened and put on the page that a physician would see.
 */
import type { House } from '../house.ts';
import { keyBytes, open, seal } from '../sealing.ts';
import { readStudy } from '../study.ts';
import { ensureDummy, readDummy, sealAndOpen } from './dummy.ts';
import { treatmentOf } from './treatment.ts';

/** Puts a treatment on the page; answers the page's text. */
export type Render = (given: {
  study: NonNullable<Awaited<ReturnType<typeof readStudy>>>;
  treatment: ReturnType<typeof treatmentOf>;
}) => string;

export type ProbeReply = { readonly ready: boolean; readonly within: 'second' | 'tenSeconds' | 'longer' };

export type Probe = {
  ask(): Promise<ProbeReply>;
  close(): Promise<void>;
};

const shortestPauseMs = 1_000;
const keptDays = 90;

export function openProbe(house: House, render: Render, everyMs: number): Probe {
  let underWay: Promise<ProbeReply> | null = null;
  let last: { readonly at: number; readonly reply: ProbeReply } | null = null;
  let turn = 0;

  const ask = (): Promise<ProbeReply> => {
    if (underWay !== null) return underWay;
    const now = Date.parse(house.clock.now());
    if (last !== null && Math.abs(now - last.at) < shortestPauseMs) return Promise.resolve(last.reply);
    turn += 1;
    const asked = tryOnce(house, render, turn).then((reply) => {
      last = { at: now, reply };
      return reply;
    });
    underWay = asked;
    return asked.finally(() => {
      underWay = null;
    });
  };
  const timer = setInterval(() => void ask(), everyMs);
  timer.unref();
  return {
    ask,
    async close() {
      clearInterval(timer);
      await underWay;
    },
  };
}

async function tryOnce(house: House, render: Render, turn: number): Promise<ProbeReply> {
  const begun = performance.now();
  const ready = await opensDummy(house, render, turn).catch((error: Error) => {
    house.log({ event: 'probe.failed', kind: error.name });
    return false;
  });
  const tookMs = performance.now() - begun;
  await keepMinute(house, ready, tookMs).catch(() => house.log({ event: 'probe.notKept' }));
  return { ready, within: tookMs < 1_000 ? 'second' : tookMs < 10_000 ? 'tenSeconds' : 'longer' };
}

/** One study a turn. Without any, the key and the database are tried. */
async function opensDummy(house: House, render: Render, turn: number): Promise<boolean> {
  const { rows } = await house.pool.query<{ study_id: string }>('select study_id from study order by study_id');
  const studyId = rows[turn % Math.max(rows.length, 1)]?.study_id;
  if (studyId === undefined) {
    const key = house.key.subarray(0, keyBytes);
    return open(key, seal(key, Buffer.from('probe'), 'probe'), 'probe').toString() === 'probe';
  }
  await ensureDummyOnce(house, studyId);
  const study = await readStudy(house, studyId);
  const dummy = study && (await readDummy(house.pool, study));
  if (!study || !dummy) return false;
  const treatment = treatmentOf(study, [sealAndOpen(study, dummy)], []);
  const page = render({ study, treatment });
  return treatment.contents.length > 0 && page.includes('<h1>');
}

/** A lock is taken only where there is no dummy yet: the probe never stands in anybody's way. */
async function ensureDummyOnce(house: House, studyId: string): Promise<void> {
  const known = await house.pool.query('select 1 from dummy where study_id = $1', [studyId]);
  if (known.rowCount === 0) await ensureDummy(house, studyId);
}

async function keepMinute(house: House, ready: boolean, tookMs: number): Promise<void> {
  const now = house.clock.now();
  await house.pool.query(
    `insert into probe_minute (minute, ready, took_ms) values (date_trunc('minute', $1::timestamptz), $2, $3)
     on conflict (minute) do update set ready = probe_minute.ready and excluded.ready,
       took_ms = greatest(probe_minute.took_ms, excluded.took_ms)`,
    [now, ready, Math.round(tookMs)],
  );
  await house.pool.query(`delete from probe_minute where minute < $1::timestamptz - make_interval(days => $2)`, [
    now,
    keptDays,
  ]);
}

export type Availability = {
  /** Minutes since the first probe kept, at most those of the window. */
  readonly minutes: number;
  readonly ready: number;
  readonly slowestMs: number;
};

const windowDays = 30;

/** Of the last 30 days: a minute without a probe counts as one in which nobody could ask. */
export async function availability(house: House): Promise<Availability> {
  const { rows } = await house.pool.query<{ first: Date | null; ready: number; slowest: number }>(
    `select min(minute) as first, count(*) filter (where ready)::int as ready, coalesce(max(took_ms), 0) as slowest
     from probe_minute where minute > $1::timestamptz - make_interval(days => $2) and minute <= $1::timestamptz`,
    [house.clock.now(), windowDays],
  );
  const row = rows[0];
  if (row?.first == null) return { minutes: 0, ready: 0, slowestMs: 0 };
  const minutes = Math.floor((Date.parse(house.clock.now()) - row.first.getTime()) / 60_000) + 1;
  return { minutes: Math.max(minutes, row.ready), ready: row.ready, slowestMs: row.slowest };
}
