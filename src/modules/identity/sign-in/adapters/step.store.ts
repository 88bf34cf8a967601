import { query } from '../../../../platform/db/index.js';
import type { Purpose, Step, StepStore } from '../../ports.js';

interface Row {
  id: string;
  purpose: Purpose;
  target: string | null;
  code_hash: string | null;
  candidate_ids: string[];
  method: string;
  tries: number;
}
const COLUMNS = 'id, purpose, target, code_hash, candidate_ids, method, tries';
const OPEN = 'used_at is null and expires_at > now()';

export class PgStepStore implements StepStore {
  async insert(step: Parameters<StepStore['insert']>[0]): Promise<void> {
    await query(
      'identity.step.insert',
      `insert into identity_codes (id, purpose, target, browser_hash, candidate_ids, method, expires_at) values ($1, $2, $3, $4, $5, $6, $7)`,
      [step.id, step.purpose, step.target, step.browserHash, step.candidateIds, step.method, step.expiresAt],
    );
  }

  async toSend(id: string): Promise<{ id: string; target: string } | null> {
    const [row] = await query<{ id: string; target: string }>(
      'identity.step.to-send',
      `select id, target from identity_codes where id = $1 and target is not null and ${OPEN}`,
      [id],
    );
    return row ?? null;
  }

  async sent(id: string, target: string, codeHash: string, candidateIds: string[]): Promise<void> {
    await query(
      'identity.step.end-older',
      `update identity_codes set used_at = now() where target = $1 and id <> $2 and purpose = 'sign-in' and used_at is null and created_at <= (select created_at from identity_codes where id = $2)`,
      [target, id],
    );
    await query(
      'identity.step.sent',
      'update identity_codes set code_hash = $2, candidate_ids = $3, tries = case when code_hash is null then 0 else tries end where id = $1',
      [id, codeHash, candidateIds],
    );
  }

  async open(purpose: Purpose, browserHash: string): Promise<Step | null> {
    const rows = await query<Row>(
      'identity.step.open',
      `select ${COLUMNS} from identity_codes where purpose = $1 and browser_hash = $2 and ${OPEN} order by created_at desc, id desc limit 1`,
      [purpose, browserHash],
    );
    return first(rows);
  }

  async countTry(id: string, most: number): Promise<Step | null> {
    return first(
      await query<Row>(
        'identity.step.try',
        `update identity_codes set tries = tries + 1 where id = $1 and tries < $2 and ${OPEN} returning ${COLUMNS}`,
        [id, most],
      ),
    );
  }

  async use(id: string): Promise<boolean> {
    return (
      (await query('identity.step.use', `update identity_codes set used_at = now() where id = $1 and ${OPEN} returning id`, [id]))
        .length === 1
    );
  }

  async prune(): Promise<void> {
    await query('identity.step.prune', `delete from identity_codes where expires_at < now() - interval '1 day'`);
    await query('identity.challenge.prune', `delete from identity_challenges where expires_at < now() - interval '1 hour'`);
    await query('identity.link.prune', `delete from identity_links where expires_at < now() - interval '30 days'`);
    await query('identity.device.prune', `delete from identity_known_devices where last_used_at < now() - interval '180 days'`);
  }
}

function first(rows: Row[]): Step | null {
  const row = rows[0];
  if (!row) return null;
  return {
    id: row.id,
    purpose: row.purpose,
    target: row.target,
    codeHash: row.code_hash,
    candidateIds: row.candidate_ids,
    method: row.method,
    tries: row.tries,
  };
}
