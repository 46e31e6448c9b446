/** What breaks in a failing world: the way to the vault, the vault, its disk, the study server's disk or database. */
import type pg from 'pg';

export const faults = [
  'vault down',
  'vault slow',
  'vault refuses the caller',
  'vault out of kits',
  'vault talks nonsense',
  'vault disk full',
  'study disk full',
  'study database stops',
] as const;
export type Fault = (typeof faults)[number];

export type Breaker = {
  readonly fault: Fault | null;
  breakDown(fault: Fault): Promise<void>;
  mend(): Promise<void>;
};

/** Which table cannot be written to, and what PostgreSQL says: disk_full, or admin_shutdown. */
const broken: Partial<Record<Fault, { table: string; code: string }>> = {
  'vault disk full': { table: 'allocation', code: '53100' },
  'study disk full': { table: 'ledger', code: '53100' },
  'study database stops': { table: 'ledger', code: '57P01' },
};

/** `databases`: of the vault and of the study, as their owners see them. */
export function openBreaker(databases: { readonly vault: pg.Pool; readonly study: pg.Pool }): Breaker {
  let fault: Fault | null = null;
  const poolOf = (name: Fault) => (name === 'vault disk full' ? databases.vault : databases.study);
  return {
    get fault() {
      return fault;
    },
    async breakDown(name) {
      fault = name;
      const { table, code } = broken[name] ?? {};
      if (table && code) await poolOf(name).query(failingInserts(table, code));
    },
    async mend() {
      const name = fault;
      fault = null;
      const { table } = (name && broken[name]) || {};
      if (name && table) await poolOf(name).query(`drop trigger twin_fault on ${table}; drop function twin_fault`);
    },
  };
}

function failingInserts(table: string, code: string): string {
  return `create function twin_fault() returns trigger language plpgsql as $$
    begin raise exception 'the database cannot write' using errcode = '${code}'; end $$;
    create trigger twin_fault before insert on ${table} for each statement execute function twin_fault()`;
}
