import { query } from '../../../platform/db/index.js';
import type { Subscriber } from '../subscriber.rules.js';
import type { SubscriberStore } from '../ports.js';

const COLUMNS = 'id, email, language, state, asked_at as "askedAt", confirmed_at as "confirmedAt"';

export class PgSubscriberStore implements SubscriberStore {
  async find(id: string): Promise<Subscriber | null> {
    const [row] = await query<Subscriber>('website.subscriber', `select ${COLUMNS} from website_subscribers where id = $1`, [id]);
    return row ?? null;
  }

  async ask(given: Subscriber): Promise<Subscriber> {
    const [row] = await query<Subscriber>(
      'website.ask',
      `insert into website_subscribers (id, email, language, state, asked_at) values ($1, $2, $3, 'pending', $4)
        on conflict (email) do update set asked_at = excluded.asked_at,
          state = case when website_subscribers.state = 'bounced' then 'pending' else website_subscribers.state end
        returning ${COLUMNS}`,
      [given.id, given.email, given.language, given.askedAt],
    );
    return row!;
  }

  async confirm(id: string, at: Date): Promise<boolean> {
    const rows = await query(
      'website.confirm',
      "update website_subscribers set state = 'confirmed', confirmed_at = $2 where id = $1 and state = 'pending' returning id",
      [id, at],
    );
    return rows.length > 0;
  }

  async remove(id: string): Promise<boolean> {
    return (await query('website.remove', 'delete from website_subscribers where id = $1 returning id', [id])).length > 0;
  }

  async bounced(emails: readonly string[]): Promise<string[]> {
    const rows = await query<{ id: string }>(
      'website.bounced',
      "update website_subscribers set state = 'bounced' where email = any($1::text[]) and state = 'confirmed' returning id",
      [emails],
    );
    return rows.map((row) => row.id);
  }

  async removeUnconfirmed(before: Date): Promise<number> {
    return (
      await query(
        'website.remove-unconfirmed',
        "delete from website_subscribers where state = 'pending' and asked_at < $1 returning id",
        [before],
      )
    ).length;
  }

  confirmedAfter(id: string | null, limit: number): Promise<Subscriber[]> {
    return query<Subscriber>(
      'website.confirmed',
      `select ${COLUMNS} from website_subscribers where state = 'confirmed' and ($1::uuid is null or id > $1) order by id limit $2`,
      [id, limit],
    );
  }
}
