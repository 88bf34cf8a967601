import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { TestSchool } from './database.js';
import { countRows } from './database/sql.js';

/** Until a transaction of this database waits for a lock, that is, stands in the middle of its work. */
export function untilSomebodyWaits(admin: pg.Client): Promise<void> {
  return until(() => others(admin, "wait_event_type = 'Lock'"), 'Nothing waited for the lock');
}

/** Until no transaction of this database holds a change that is not committed. */
export function untilNobodyWrites(admin: pg.Client): Promise<void> {
  return until(async () => !(await others(admin, 'backend_xid is not null')), 'A transaction of the killed process lives on');
}

async function others(admin: pg.Client, where: string): Promise<boolean> {
  // Inside of a transaction the first look would be kept for all later ones.
  await admin.query('select pg_stat_clear_snapshot()');
  const { rows } = await admin.query(
    `select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and ${where}`,
  );
  return rows.length > 0;
}

const UNSEALED = 'audit_entries e where not exists (select 1 from audit_seals s where s.entry_id = e.id)';

/** Until the audit has sealed what was done: by then nothing follows from that any more. */
export function untilSealed(database: TestSchool): Promise<void> {
  return until(async () => (await countRows(database, UNSEALED)) === 0, 'The audit was not sealed');
}

export async function until(holds: () => Promise<boolean>, otherwise: string, ms = 15_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await pause(15)) if (await holds()) return;
  throw new Error(otherwise);
}
