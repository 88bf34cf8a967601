import { query } from '../../../../platform/db/index.js';
import type { HoldStore } from '../../ports.js';

/** Whoever writes for some students shares this lock; who writes for all of them takes it alone. */
const EVERYBODY = '4721, 0';

export class PostgresHoldStore implements HoldStore {
  /** In one order for everybody, so that nobody waits for somebody who waits for them. */
  async students(ids: readonly string[]): Promise<void> {
    await query('fees.hold.shared', `select pg_advisory_xact_lock_shared(${EVERYBODY})`);
    await query('fees.hold.students', `select pg_advisory_xact_lock(hash) from (select distinct hashtextextended('student ' || id, 4722) as hash from unnest($1::text[]) as id order by 1) as named`, [ids]);
  }

  async everybody(): Promise<void> {
    await query('fees.hold.everybody', `select pg_advisory_xact_lock(${EVERYBODY})`);
  }
}
