import { query } from '../db/index.js';
import type { JobHandler, Subscriber } from '../module.js';
import { DELIVER, deliverOutbox } from '../outbox/index.js';

/** The jobs that every role has: they belong to no module. */
export function platformJobs(subscribers: readonly Subscriber[]): Record<string, JobHandler> {
  return {
    [DELIVER]: () => deliverOutbox(subscribers),
    'platform.prune': prune,
  };
}

/** The outbox is also looked at without being told, should a delivery have been given up. */
export const platformCron: Record<string, string> = { [DELIVER]: '*/10 * * * *', 'platform.prune': '17 1 * * *' };

/** Removes what nobody will ask for again. */
async function prune(): Promise<void> {
  await query('platform.prune-forms', "delete from platform_form_submissions where created_at < now() - interval '2 days'");
  await query('platform.prune-outbox', "delete from platform_outbox where delivered_at < now() - interval '30 days'");
  await query('platform.prune-limits', 'delete from platform_rate_limits where expire < extract(epoch from now()) * 1000');
}
