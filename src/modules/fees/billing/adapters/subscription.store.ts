import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { Subscription, SubscriptionStore } from '../../ports.js';

const SUBSCRIPTION =
  'id, student_id as "studentId", head_id as "headId", from_term_id as "fromTermId", to_term_id as "toTermId", from_on as "fromOn", to_on as "toOn", version';

export class PostgresSubscriptionStore implements SubscriptionStore {
  all(): Promise<Subscription[]> {
    return query<Subscription>('fees.subscriptions.all', `select ${SUBSCRIPTION} from fees_subscriptions`);
  }

  ofStudent(studentId: string): Promise<Subscription[]> {
    return query<Subscription>(
      'fees.subscriptions.of-student',
      `select ${SUBSCRIPTION} from fees_subscriptions where student_id = $1 order by created_at`,
      [studentId],
    );
  }

  async insert(subscription: Subscription): Promise<void> {
    await db()('fees_subscriptions').insert(snake(subscription));
  }

  async update({ id, version, ...change }: Subscription): Promise<boolean> {
    return (
      (await db()('fees_subscriptions')
        .where({ id, version })
        .update({ ...snake(change), version: version + 1 })) === 1
    );
  }

  async remove(id: string): Promise<void> {
    await db()('fees_subscriptions').where({ id }).delete();
  }
}
