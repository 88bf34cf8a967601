import type { DomainEvent } from '../../kernel/events.js';
import { newId } from '../../kernel/id.js';
import { currentDatabase, firstInTransaction, query, unit } from '../db/index.js';
import { enqueue } from '../jobs/enqueue.js';
import type { Subscriber } from '../module.js';

export const DELIVER = 'outbox.deliver';
const BATCH = 100;
/** The last try comes about six hours after the event. */
const MOST_ATTEMPTS = 12;
const FIRST_PAUSE_S = 10;
const LONGEST_PAUSE_S = 3_600;

interface StoredEvent {
  id: string;
  name: string;
  payload: unknown;
  attempts: number;
}

/** Stores the events in the current transaction; they are delivered after its commit, or never were. */
export async function publish(...events: DomainEvent[]): Promise<void> {
  if (events.length === 0) return;
  await unit(async () => {
    const stored = query(
      'platform.outbox-insert',
      'insert into platform_outbox (id, name, payload) select * from unnest($1::uuid[], $2::text[], $3::jsonb[])',
      [events.map(() => newId()), events.map((event) => event.name), events.map((event) => JSON.stringify(event.payload))],
    );
    // No job key: transactions that share one would wait for each other until they commit.
    await Promise.all([stored, firstInTransaction(DELIVER) && enqueue(DELIVER, {}, { queue: DELIVER })]);
  });
}

/**
 * Hands each waiting event to its subscribers, each in a transaction of its own together with the note that
 * it has been handled: an event may come twice only to work outside of the database.
 */
export async function deliverOutbox(subscribers: readonly Subscriber[]): Promise<void> {
  await settleUnheard(subscribers);
  for (;;) {
    const due = await dueEvents();
    for (const event of due) await deliver(event, subscribers);
    if (due.length < BATCH) break;
  }
  await comeBackForRetries();
}

/** What nobody listens to is done at once: an import tells of fifty thousand enrolments. */
async function settleUnheard(subscribers: readonly Subscriber[]): Promise<void> {
  await query(
    'platform.outbox-unheard',
    'update platform_outbox set delivered_at = now() where delivered_at is null and failed_at is null and name <> all ($1)',
    [[...new Set(subscribers.map((subscriber) => subscriber.event))]],
  );
}

function dueEvents(): Promise<StoredEvent[]> {
  return query<StoredEvent>(
    'platform.outbox-due',
    `select id, name, payload, attempts from platform_outbox
      where delivered_at is null and failed_at is null and next_attempt_at <= now()
      order by id limit ${BATCH}`,
  );
}

async function deliver(event: StoredEvent, subscribers: readonly Subscriber[]): Promise<void> {
  const failures: unknown[] = [];
  for (const subscriber of subscribers) {
    if (subscriber.event !== event.name) continue;
    try {
      await unit(() => handleOnce(event, subscriber));
    } catch (error) {
      currentDatabase().onError(error, `event ${event.name} for ${subscriber.name}`);
      failures.push(error);
    }
  }
  if (failures.length === 0)
    await query('platform.outbox-done', 'update platform_outbox set delivered_at = now() where id = $1', [event.id]);
  else await postpone(event, failures[0]);
}

async function handleOnce(event: StoredEvent, subscriber: Subscriber): Promise<void> {
  const noted = await query(
    'platform.outbox-note',
    'insert into platform_outbox_deliveries (id, event_id, subscriber) values ($1, $2, $3) on conflict do nothing returning id',
    [newId(), event.id, subscriber.name],
  );
  if (noted.length > 0) await subscriber.handle(event.payload, event.id);
}

async function postpone(event: StoredEvent, failure: unknown): Promise<void> {
  const attempts = event.attempts + 1;
  const pause = Math.min(FIRST_PAUSE_S * 2 ** event.attempts, LONGEST_PAUSE_S);
  await query(
    'platform.outbox-postpone',
    `update platform_outbox
        set attempts = $2, last_error = $3, next_attempt_at = now() + make_interval(secs => $4),
            failed_at = case when $5 then now() end
      where id = $1`,
    [event.id, attempts, failure instanceof Error ? failure.message : String(failure), pause, attempts >= MOST_ATTEMPTS],
  );
}

async function comeBackForRetries(): Promise<void> {
  const [row] = await query<{ at: Date | null }>(
    'platform.outbox-next',
    'select min(next_attempt_at) as at from platform_outbox where delivered_at is null and failed_at is null',
  );
  if (row?.at) await enqueue(DELIVER, {}, { queue: DELIVER, key: `${DELIVER}:retry`, runAt: row.at });
}
