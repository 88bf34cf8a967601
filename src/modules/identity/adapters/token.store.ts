import { newId } from '../../../kernel/id.js';
import { query } from '../../../platform/db/index.js';
import type { LinkStore, RefreshStore, RefreshToken } from '../ports.js';

const OPEN = 'used_at is null and expires_at > now()';

export class PgLinkStore implements LinkStore {
  async insert(link: Parameters<LinkStore['insert']>[0]): Promise<void> {
    await query(
      'identity.link.end-older',
      'update identity_links set used_at = now() where user_id = $1 and kind = $2 and used_at is null',
      [link.userId, link.kind],
    );
    await query(
      'identity.link.insert',
      'insert into identity_links (id, kind, user_id, token_hash, expires_at) values ($1, $2, $3, $4, $5)',
      [newId(), link.kind, link.userId, link.tokenHash, link.expiresAt],
    );
  }

  async find(kind: 'invitation' | 'reset', tokenHash: string): Promise<{ id: string; userId: string } | null> {
    const [row] = await query<{ id: string; userId: string }>(
      'identity.link',
      `select id, user_id as "userId" from identity_links where kind = $1 and token_hash = $2 and ${OPEN}`,
      [kind, tokenHash],
    );
    return row ?? null;
  }

  async use(id: string): Promise<boolean> {
    return (
      (await query('identity.link.use', `update identity_links set used_at = now() where id = $1 and ${OPEN} returning id`, [id]))
        .length === 1
    );
  }

  async isInvited(userId: string, withinMinutes: number | null = null): Promise<boolean> {
    const fresh = "($2::int is null or created_at > now() - $2::int * interval '1 minute')";
    return (
      (
        await query(
          'identity.link.invited',
          `select 1 from identity_links where user_id = $1 and kind = 'invitation' and ${OPEN} and ${fresh} limit 1`,
          [userId, withinMinutes],
        )
      ).length > 0
    );
  }

  async endAll(userId: string): Promise<void> {
    await query('identity.link.end', 'update identity_links set used_at = now() where user_id = $1 and used_at is null', [
      userId,
    ]);
  }
}

export class PgRefreshStore implements RefreshStore {
  async insert(token: Parameters<RefreshStore['insert']>[0]): Promise<void> {
    await query(
      'identity.refresh.insert',
      'insert into identity_refresh_tokens (id, user_id, family, token_hash, expires_at, ip, user_agent) values ($1, $2, $3, $4, $5, $6, $7)',
      [newId(), token.userId, token.family, token.tokenHash, token.expiresAt, token.ip, token.userAgent],
    );
  }

  async find(tokenHash: string): Promise<RefreshToken | null> {
    const [row] = await query<RefreshToken & Record<string, unknown>>(
      'identity.refresh',
      'select id, user_id as "userId", family, used_at as "usedAt", expires_at as "expiresAt" from identity_refresh_tokens where token_hash = $1',
      [tokenHash],
    );
    return row ?? null;
  }

  async use(id: string): Promise<boolean> {
    return (
      (
        await query(
          'identity.refresh.use',
          `update identity_refresh_tokens set used_at = now() where id = $1 and ${OPEN} returning id`,
          [id],
        )
      ).length === 1
    );
  }

  async endFamily(family: string): Promise<void> {
    await query('identity.refresh.end-family', 'delete from identity_refresh_tokens where family = $1', [family]);
  }

  async endAll(userId: string): Promise<void> {
    await query('identity.refresh.end-all', 'delete from identity_refresh_tokens where user_id = $1', [userId]);
  }

  async prune(): Promise<void> {
    await query('identity.refresh.prune', 'delete from identity_refresh_tokens where expires_at < now()');
  }
}
