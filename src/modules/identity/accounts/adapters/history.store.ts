import { newId } from '../../../../kernel/id.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { query } from '../../../../platform/db/index.js';
import { FACTOR_GRACE_HOURS } from '../../second-factor/factor.rules.js';
import type { Attempt, HistoryFilter, HistoryReader, HistoryStore, SignInRow } from '../../ports.js';

export class PgHistoryStore implements HistoryStore {
  async write(attempt: Attempt): Promise<void> {
    await query(
      'identity.attempt',
      'insert into identity_attempts (id, user_id, login, method, outcome, known_device, ip, user_agent) values ($1, $2, $3, $4, $5, $6, $7, $8)',
      [
        newId(),
        attempt.userId,
        attempt.login,
        attempt.method,
        attempt.outcome,
        attempt.knownDevice,
        attempt.ip,
        attempt.userAgent,
      ],
    );
  }

  async enter(attempt: Attempt & { userId: string }, at: Date): Promise<void> {
    await query(
      'identity.entered',
      `with seen as (update identity_users set last_sign_in_at = $9, factor_due_at = coalesce(factor_due_at, $9::timestamptz + interval '${FACTOR_GRACE_HOURS} hours') where id = $2)
       insert into identity_attempts (id, user_id, login, method, outcome, known_device, ip, user_agent) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        newId(),
        attempt.userId,
        attempt.login,
        attempt.method,
        attempt.outcome,
        attempt.knownDevice,
        attempt.ip,
        attempt.userAgent,
        at,
      ],
    );
  }

  async knows(userId: string, deviceHash: string): Promise<boolean> {
    const rows = await query(
      'identity.device',
      `select 1 from identity_known_devices where user_id = $1 and token_hash = $2 and last_used_at > now() - interval '180 days'`,
      [userId, deviceHash],
    );
    return rows.length > 0;
  }

  async forget(userId: string): Promise<void> {
    await query('identity.device.forget', 'delete from identity_known_devices where user_id = $1', [userId]);
  }

  async lockedToday(userId: string): Promise<boolean> {
    const rows = await query(
      'identity.attempt.locked',
      `select 1 from identity_attempts where user_id = $1 and outcome = 'locked' and at > now() - interval '1 day' limit 1`,
      [userId],
    );
    return rows.length > 0;
  }
}

const PAGE = `select a.id, a.at, a.user_id as "userId", u.name, a.login, a.method, a.outcome, a.known_device as "knownDevice", a.ip, a.user_agent as "userAgent"
  from identity_attempts a left join identity_users u on u.id = a.user_id
  where ($1::uuid is null or a.user_id = $1) and ($2::text is null or a.outcome = $2)
    and ($3::date is null or a.at >= $3::date::timestamp at time zone $5) and ($4::date is null or a.at < ($4::date + 1)::timestamp at time zone $5)
    and ($6::uuid is null or a.id < $6)
  order by a.id desc limit $7`;

/** Newest first. The ids grow with time, so they are the order; days are days of the school's zone. */
export const historyReader: HistoryReader = {
  async signIns(filter: HistoryFilter, zone: string, cursor: string | null, limit: number): Promise<Page<SignInRow>> {
    const [id] = cursor ? decodeCursor(cursor, 1) : [null];
    const values = [filter.userId ?? null, filter.outcome ?? null, filter.from ?? null, filter.to ?? null, zone, id, limit + 1];
    return toPage(await query<SignInRow & Record<string, unknown>>('identity.attempts', PAGE, values), limit, (row) => [row.id]);
  },
};
