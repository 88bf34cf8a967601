import { query } from '../../../../platform/db/index.js';
import type { SlipStore } from '../ports.js';

export class PostgresSlipStore implements SlipStore {
  async put({ id, userId, sealed, expiresAt }: Parameters<SlipStore['put']>[0]): Promise<void> {
    await query('hr.slips.put', 'insert into hr_slips (id, user_id, sealed, expires_at) values ($1, $2, $3, $4)', [
      id,
      userId,
      sealed,
      expiresAt,
    ]);
  }

  async take(id: string, userId: string, now: Date): Promise<Buffer | null> {
    const [row] = await query<{ sealed: Buffer }>(
      'hr.slips.take',
      'select sealed from hr_slips where id = $1 and user_id = $2 and expires_at > $3',
      [id, userId, now],
    );
    return row?.sealed ?? null;
  }

  async forget(now: Date): Promise<void> {
    await query('hr.slips.forget', 'delete from hr_slips where expires_at <= $1', [now]);
  }
}
