import { newId } from '../../../kernel/id.js';
import { query } from '../../../platform/db/index.js';
import type { RetentionRule } from '../retention.rules.js';
import type { RetentionRun, RetentionStore } from '../ports.js';

export class PostgresRetentionStore implements RetentionStore {
  rules(): Promise<RetentionRule[]> {
    return query<RetentionRule>('privacy.rules', 'select key, "on", months from privacy_rules order by key');
  }

  async save({ key, on, months }: RetentionRule): Promise<void> {
    await query(
      'privacy.save-rule',
      `insert into privacy_rules (id, key, "on", months) values ($1, $2, $3, $4)
        on conflict (school_id, key) do update set "on" = excluded."on", months = excluded.months`,
      [newId(), key, on, months],
    );
  }

  runs(limit: number): Promise<RetentionRun[]> {
    return query<RetentionRun>(
      'privacy.runs',
      'select id, key, kept_from as "keptFrom", removed, refused, at, by_name as "byName" from privacy_runs order by at desc, id desc limit $1',
      [limit],
    );
  }

  async addRun(run: Omit<RetentionRun, 'at'>): Promise<void> {
    await query(
      'privacy.add-run',
      'insert into privacy_runs (id, key, kept_from, removed, refused, by_name) values ($1, $2, $3, $4, $5, $6)',
      [run.id, run.key, run.keptFrom, run.removed, JSON.stringify(run.refused), run.byName],
    );
  }
}
