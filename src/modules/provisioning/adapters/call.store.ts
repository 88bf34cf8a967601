import { newId } from '../../../kernel/id.js';
import { query } from '../../../platform/db/index.js';
import type { CallStore } from '../ports.js';

export class PgCallStore implements CallStore {
  async use(schoolId: string, nonce: string): Promise<boolean> {
    const rows = await query(
      'provisioning.use-nonce',
      'insert into provisioning_calls (id, school_id, nonce) values ($1, $2, $3) on conflict do nothing returning id',
      [newId(), schoolId, nonce],
    );
    return rows.length > 0;
  }

  async forget(schoolId: string): Promise<void> {
    await query('provisioning.forget-calls', 'delete from provisioning_calls where school_id = $1', [schoolId]);
  }

  /** Twice as long as a time stamp is believed, on both sides. */
  async prune(): Promise<void> {
    await query('provisioning.prune-calls', "delete from provisioning_calls where at < now() - interval '20 minutes'");
  }
}
