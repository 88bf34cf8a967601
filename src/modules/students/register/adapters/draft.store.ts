import { newId } from '../../../../kernel/id.js';
import { query } from '../../../../platform/db/index.js';
import type { Draft, DraftStore } from '../../ports.js';

export class PostgresDraftStore implements DraftStore {
  async of(userId: string): Promise<Draft | null> {
    const [row] = await query<Draft & Record<string, unknown>>(
      'students.draft',
      'select typed, kept_at as "keptAt" from students_drafts where user_id = $1',
      [userId],
    );
    return row ?? null;
  }

  async keep(userId: string, typed: Draft['typed']): Promise<void> {
    await query(
      'students.draft.keep',
      `insert into students_drafts (id, user_id, typed) values ($1, $2, $3)
       on conflict (school_id, user_id) do update set typed = excluded.typed, kept_at = now()`,
      [newId(), userId, JSON.stringify(typed)],
    );
  }

  async drop(userId: string): Promise<void> {
    await query('students.draft.drop', 'delete from students_drafts where user_id = $1', [userId]);
  }

  async dropOlderThan(days: number): Promise<number> {
    return (
      await query(
        'students.draft.sweep',
        'delete from students_drafts where kept_at < now() - make_interval(days => $1) returning id',
        [days],
      )
    ).length;
  }
}
