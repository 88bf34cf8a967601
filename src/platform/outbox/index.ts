import type { DomainEvent } from '../../kernel/events.js';
import { newId } from '../../kernel/id.js';
import { currentDatabase, firstInTransaction, query, unit } from '../db/index.js';
import { Wake } from '../db/wake.js';
import { enqueue } from '../jobs/enqueue.js';
import type { Subscriber } from '../module.js';

export const DELIVER = 'outbox.deliver';
const BATCH = 500;
/** The last try comes about six hours after the event. */
const MOST_ATTEMPTS = 12;
const FIRST_PAUSE_S = 10;
const LONGEST_PAUSE_S = 3_600;

const SOON_MS = 100;

/** One job for what many transactions tell: written with each of them, it would cost a busy desk more than its payments. */
const delivery = new Wake('calling the delivery of events', callDelivery, SOON_MS);

/** Events that a killed process had stored and not called for are found at the next start, and by the clock. */
export function callDelivery(): Promise<string> {
  return enqueue(DELIVER, {}, { queue: DELIVER, key: DELIVER });
}

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
      // In the order in which they are told: ids of one moment are in none.
      [events.map(() => newId()).sort(), events.map((event) => event.name), events.map((event) => JSON.stringify(event.payload))],
    );
    if (firstInTransaction(DELIVER)) delivery.afterThis();
    await stored;
  });
}

/**
 * Hands waiting events to their subscribers, in a transaction together with the note that they have been handled:
 * an event may come twice only to work outside of the database. Its job runs alone, in the queue of its name.
 */
export async function deliverOutbox(subscribers: readonly Subscriber[]): Promise<void> {
  await settleUnheard(subscribers);
  for (;;) {
    const due = await dueEvents();
    for (const alike of runsOf(due)) await deliverAll(alike, subscribers);
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

/** Events of one name that follow each other. */
function runsOf(events: readonly StoredEvent[]): StoredEvent[][] {
  const runs: StoredEvent[][] = [];
  for (const event of events) {
    if (runs.at(-1)?.[0]!.name === event.name) runs.at(-1)!.push(event);
    else runs.push([event]);
  }
  return runs;
}

async function deliverAll(events: readonly StoredEvent[], subscribers: readonly Subscriber[]): Promise<void> {
  const left: Subscriber[] = [];
  for (const subscriber of subscribers.filter((one) => one.event === events[0]!.name))
    if (!(await takesAll(events, subscriber))) left.push(subscriber);
  if (left.length === 0) await settle(events);
  else for (const event of events) await deliver(event, left);
}

/** True when the subscriber has handled them together: all of them are noted, or none. */
async function takesAll(events: readonly StoredEvent[], { name, handleAll }: Subscriber): Promise<boolean> {
  if (!handleAll || events.length === 1) return false;
  try {
    await unit(async () => {
      const noted = new Set((await note(events, name)).map((row) => row.event_id));
      const fresh = events.filter((event) => noted.has(event.id));
      if (fresh.length > 0) await handleAll(fresh.map((event) => event.payload));
    });
    return true;
  } catch (error) {
    currentDatabase().onError(error, `${events.length} events ${events[0]!.name} for ${name}: each is tried alone`);
    return false;
  }
}

async function deliver(event: StoredEvent, subscribers: readonly Subscriber[]): Promise<void> {
  const failures: unknown[] = [];
  for (const subscriber of subscribers) {
    try {
      await unit(() => handleOnce(event, subscriber));
    } catch (error) {
      currentDatabase().onError(error, `event ${event.name} for ${subscriber.name}`);
      failures.push(error);
    }
  }
  if (failures.length === 0) await settle([event]);
  else await postpone(event, failures[0]);
}

async function settle(events: readonly StoredEvent[]): Promise<void> {
  await query('platform.outbox-done', 'update platform_outbox set delivered_at = now() where id = any($1::uuid[])', [
    events.map((event) => event.id),
  ]);
}

async function handleOnce(event: StoredEvent, subscriber: Subscriber): Promise<void> {
  if ((await note([event], subscriber.name)).length > 0) await subscriber.handle(event.payload, event.id);
}

/** Those that were not noted for the subscriber before. */
function note(events: readonly StoredEvent[], subscriber: string): Promise<{ event_id: string }[]> {
  return query<{ event_id: string }>(
    'platform.outbox-note',
    'insert into platform_outbox_deliveries (id, event_id, subscriber) select x.*, $3 from unnest($1::uuid[], $2::uuid[]) as x on conflict do nothing returning event_id',
    [events.map(() => newId()), events.map((event) => event.id), subscriber],
  );
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
