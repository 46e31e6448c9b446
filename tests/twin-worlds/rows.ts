/** The study's database as the study server's login sees it: every row of every table, whole, in an order of its own. */
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

type Table = { readonly name: string; readonly ofStudy: boolean };

async function tablesOf(database: pg.Pool): Promise<Table[]> {
  const { rows } = await database.query<Table>(
    `select t.table_name as name, exists (
       select 1 from information_schema.columns c
       where c.table_schema = t.table_schema and c.table_name = t.table_name and c.column_name = 'study_id') as "ofStudy"
     from information_schema.tables t where t.table_schema = 'public' and t.table_type = 'BASE TABLE' order by 1`,
  );
  return rows;
}

/** One line per table with the rows of the study, and one with the order in which its entries were committed. */
export async function rowsOfStudy(database: pg.Pool, studyId: string): Promise<string[]> {
  const lines: string[] = [];
  for (const { name, ofStudy } of await tablesOf(database)) {
    if (ofStudy) lines.push(await rowsOf(database, name, 'where study_id = $1', [studyId]));
  }
  for (const table of ['ledger', 'participant']) {
    const key = table === 'ledger' ? 'stream, seq' : 'participant_id, seq';
    const { rows } = await database.query<{ line: string }>(
      `select concat_ws(' ', dense_rank() over (order by xmin::text::bigint), ${key}) as line
       from ${table} where study_id = $1 order by xmin::text::bigint, ${key}`,
      [studyId],
    );
    lines.push(`database: order of commits of ${table}\n${rows.map(({ line }) => line).join('\n')}`);
  }
  return lines;
}

async function rowsOf(database: pg.Pool, table: string, where: string, values: string[]): Promise<string> {
  const { rows } = await database.query<{ row: string }>(
    `select t::text as row from "${table}" t ${where} order by t::text collate "C"`,
    values,
  );
  return `database: ${table}\n${rows.map(({ row }) => row).join('\n')}`;
}

/** Everything there is at the end: all rows of all tables, the relations and functions themselves, the sequences. */
export async function wholeDatabase(database: pg.Pool): Promise<string[]> {
  const lines: string[] = [];
  for (const { name } of await tablesOf(database)) lines.push(await rowsOf(database, name, '', []));
  for (const [what, query] of Object.entries(catalogues)) {
    const { rows } = await database.query<{ line: string }>(query);
    lines.push(`database: ${what}\n${rows.map(({ line }) => line).join('\n')}`);
  }
  return lines;
}

const catalogues = {
  relations: `select relkind::text || ' ' || relname as line from pg_class
    where relnamespace = 'public'::regnamespace order by 1`,
  columns: `select concat_ws(' ', table_name, column_name, data_type) as line from information_schema.columns
    where table_schema = 'public' order by 1`,
  functions: `select proname || ' ' || md5(prosrc) as line from pg_proc
    where pronamespace = 'public'::regnamespace order by 1`,
  sequences: `select sequencename || ' ' || coalesce(last_value, 0) as line from pg_sequences order by 1`,
};

/** How often each table was written to; complete once the study server has let go of its connections. */
export async function writesOf(database: pg.Pool): Promise<string> {
  const others = `select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
  while ((await database.query(others)).rowCount !== 0) await pause(20);
  await database.query('select pg_stat_force_next_flush()');
  const { rows } = await database.query<{ line: string }>(
    `select concat_ws(' ', relname, n_tup_ins, n_tup_upd, n_tup_del) as line from pg_stat_user_tables order by 1`,
  );
  return `database: writes\n${rows.map(({ line }) => line).join('\n')}`;
}
