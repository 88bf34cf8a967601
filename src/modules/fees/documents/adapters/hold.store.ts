import { query } from '../../../../platform/db/index.js';
import type { HoldStore } from '../../ports.js';

export class PostgresHoldStore implements HoldStore {
  /** In one order for everybody, so that nobody waits for somebody who waits for them. */
  async students(ids: readonly string[]): Promise<void> {
    await query('fees.hold', 'select app.fees_hold($1, $2)', [null, ids.map((id) => `student ${id}`)]);
  }

  /** Waits until nobody writes for any student, and keeps everybody from it. */
  async everybody(): Promise<void> {
    await query('fees.hold.everybody', 'select pg_advisory_xact_lock(4721, 0)');
  }
}
