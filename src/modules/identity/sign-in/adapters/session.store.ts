import { newId } from '../../../../kernel/id.js';
import { changed, query } from '../../../../platform/db/index.js';
import { ABSOLUTE_HOURS, IDLE_MINUTES } from '../session.rules.js';
import type { SessionRow, Sessions, Where } from '../../ports.js';
import { PEOPLE } from '../../accounts/adapters/account.store.js';

export class PgSessions implements Sessions {
  /**
   * The sign-in itself is written down, and on the disk, before this. A session that the last half second before a
   * crash of the server takes away costs its person another sign-in: nobody waits for the disk a second time.
   */
  async start(row: { sidHash: string; userId: string; sess: object; deviceHash: string } & Where): Promise<void> {
    await query(
      'identity.session.start',
      `with no_wait as materialized (select set_config('synchronous_commit', 'off', true)),
       known as (update identity_known_devices set last_used_at = now() where user_id = $4 and token_hash = $8 returning id),
       device as (
         insert into identity_known_devices (id, user_id, token_hash, user_agent) select $7, $4, $8, $6 where not exists (select 1 from known)
         on conflict do nothing)
       insert into identity_sessions (id, sid, sess, expire, user_id, ip, user_agent)
         select $1, $2, $3, now() + interval '${ABSOLUTE_HOURS} hours', $4, $5, $6 from no_wait`,
      [newId(), row.sidHash, JSON.stringify(row.sess), row.userId, row.ip, row.userAgent, newId(), row.deviceHash],
    );
  }

  of(userId: string): Promise<SessionRow[]> {
    return query<SessionRow & Record<string, unknown>>(
      'identity.sessions.of',
      `select id, sid, created_at as "createdAt", last_seen_at as "lastSeenAt", ip, user_agent as "userAgent"
       from identity_sessions where user_id = $1 and expire > now() order by last_seen_at desc`,
      [userId],
    );
  }

  async end(userId: string, id: string): Promise<boolean> {
    const rows = await query(
      'identity.session.end',
      'delete from identity_sessions where user_id = $1 and id = $2 returning id',
      [userId, id],
    );
    await changed(PEOPLE);
    return rows.length > 0;
  }

  async endAll(userId: string, exceptSidHash = ''): Promise<number> {
    const rows = await query(
      'identity.sessions.end',
      'delete from identity_sessions where user_id = $1 and sid <> $2 returning id',
      [userId, exceptSidHash],
    );
    await changed(PEOPLE);
    return rows.length;
  }

  async doubt(userId: string, provenUntil: Date): Promise<void> {
    await query(
      'identity.sessions.doubt',
      'update identity_users set doubted_until = greatest(doubted_until, $2) where id = $1',
      [userId, provenUntil],
    );
    await changed(PEOPLE);
  }

  async prune(): Promise<void> {
    await query(
      'identity.sessions.prune',
      `delete from identity_sessions where expire < now() or last_seen_at < now() - interval '${IDLE_MINUTES} minutes' or created_at < now() - interval '${ABSOLUTE_HOURS} hours'`,
    );
  }
}
