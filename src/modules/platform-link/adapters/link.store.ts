import { newId } from '../../../kernel/id.js';
import { query } from '../../../platform/db/index.js';
import type { Standing, StandingStore, TicketStore } from '../ports.js';

export class PgStandingStore implements StandingStore {
  async last(): Promise<Standing | null> {
    const [row] = await query<Standing>(
      'platform-link.standing',
      'select state, reason, closes_at as until from platform_link_standing limit 1',
    );
    return row ?? null;
  }

  async keep({ state, reason, until }: Standing): Promise<void> {
    await query(
      'platform-link.keep-standing',
      `insert into platform_link_standing (id, state, reason, closes_at) values ($1, $2, $3, $4)
        on conflict (school_id) do update set state = excluded.state, reason = excluded.reason, closes_at = excluded.closes_at, noted_at = now()`,
      [newId(), state, reason, until],
    );
  }
}

export class PgTicketStore implements TicketStore {
  async use(nonce: string): Promise<boolean> {
    const rows = await query(
      'platform-link.use-ticket',
      'insert into platform_link_tickets (id, nonce) values ($1, $2) on conflict do nothing returning id',
      [newId(), nonce],
    );
    return rows.length > 0;
  }

  async prune(): Promise<void> {
    await query('platform-link.prune-tickets', "delete from platform_link_tickets where used_at < now() - interval '1 day'");
  }
}
