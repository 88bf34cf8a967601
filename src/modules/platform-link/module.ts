import { systemActor, type Actor } from '../../kernel/actor.js';
import { newId } from '../../kernel/id.js';
import { migrationNames } from '../../platform/db/index.js';
import { STANDING } from '../../platform/http/ports.js';
import { enqueue } from '../../platform/jobs/index.js';
import { ownKey } from '../../platform/link/keys.js';
import { readTicket } from '../../platform/link/ticket.js';
import type { Get, Module } from '../../platform/module.js';
import { productVersion } from '../../platform/paths.js';
import { CONFIG } from '../../platform/settings.js';
import { CLOCK, LOG, PERMISSION_CATALOGUE, UNIT } from '../../platform/tokens.js';
import { ENTRY_TICKETS, IDENTITY } from '../identity/index.js';
import { SCHOOL, SCHOOL_BOOTSTRAP } from '../school/index.js';
import { SUBJECTS } from '../subjects/index.js';
import { HttpPlatformDoor } from './adapters/platform-door.js';
import { PgStandingStore, PgTicketStore } from './adapters/link.store.js';
import { usageCounts } from './adapters/usage-counts.js';
import { PgPlatformRow } from './adapters/platform-row.store.js';
import { Filling } from './filling.js';
import { LiveStanding } from './standing.js';
import { DAYS_AT_START, DAYS_EACH_HOUR } from './usage.rules.js';
import { goesOnWhenLocked, isShut, lockOf } from './standing.rules.js';
import { PLATFORM_DOOR, PLATFORM_ROW } from './ports.js';

const tickets = new PgTicketStore();

/** What a school and the platform say to each other. Without CORE_DB_* and TENANT_BOOTSTRAP_SECRET: nothing. */
export const platformLink: Module = {
  name: 'platform-link',
  permissions: [],

  bind(c) {
    const get: Get = (token) => c.get(token);
    c.bind(PLATFORM_ROW).toResolvedValue(() => {
      const { coreDb, school } = get(CONFIG);
      return coreDb && school ? new PgPlatformRow(coreDb, school.id) : null;
    });
    c.bind(PLATFORM_DOOR).toResolvedValue(() => doorOf(get));
    c.bind(STANDING).toResolvedValue(() => standingOf(get));
    c.bind(ENTRY_TICKETS).toResolvedValue(() => ({ use: (ticket: string) => useTicket(get, ticket) }));
  },

  work(get) {
    const door = get(PLATFORM_DOOR);
    return {
      atOpening: async () => {
        await fill(get);
        // Whoever waits for the first page doesn't wait for this.
        if (door)
          void enqueue('platform-link.call', {}, { key: 'platform-link.call' })
            .then(() => enqueue('platform-link.report', { days: DAYS_AT_START }, { key: 'platform-link.report' }))
            .catch((err: unknown) => get(LOG).error({ err }, 'call of the platform'));
      },
      jobs: {
        'platform-link.call': async () => door?.tell({ ready: true }),
        'platform-link.report': (payload) => report(get, payload as { days?: number }),
        'platform-link.forget-tickets': () => tickets.prune(),
      },
      atStop: async () => get(PLATFORM_ROW)?.close(),
      cron: { 'platform-link.forget-tickets': '50 1 * * *', 'platform-link.report': '20 * * * *' },
    };
  },
};

function doorOf(get: Get): HttpPlatformDoor | null {
  const { school } = get(CONFIG);
  if (!school?.readyUrl || !school.bootstrapSecret) return null;
  const schemaHead = migrationNames('tenant').at(-1) ?? '';
  return new HttpPlatformDoor({
    url: school.readyUrl,
    key: ownKey(school.bootstrapSecret),
    schoolId: school.id,
    boot: newId(),
    schemaHead,
    version: productVersion(),
    clock: get(CLOCK),
  });
}

/** The next hour says it again, so that a school is not kept awake by a platform that is away; only the first one is tried again. */
async function report(get: Get, { days }: { days?: number }): Promise<void> {
  try {
    await get(PLATFORM_DOOR)?.report({
      ...(await usageCounts(days ?? DAYS_EACH_HOUR)),
      currency: (await get(SCHOOL).profile()).currency,
    });
  } catch (err) {
    if (days) throw err;
    get(LOG).warn({ err }, 'the platform did not hear the report');
  }
}

function standingOf(get: Get) {
  const row = get(PLATFORM_ROW);
  const { support } = get(CONFIG);
  if (!row) return { lock: () => Promise.resolve(null) };
  const live = new LiveStanding({
    row,
    store: new PgStandingStore(),
    clock: get(CLOCK),
    onError: (err) => get(LOG).warn({ err }, 'the platform could not be asked'),
  });
  return {
    lock: async (changes: boolean, path: string) => {
      const standing = await live.now(changes);
      const why = lockOf(standing);
      if (!why || !standing) return null;
      const shut = isShut(standing);
      return { why, ask: support, until: standing.until, shut, refuses: shut || (changes && !goesOnWhenLocked(path)) };
    },
  };
}

async function fill(get: Get): Promise<void> {
  const row = get(PLATFORM_ROW);
  if (!row) return;
  const everything = new Set(get(PERMISSION_CATALOGUE).map((permission) => permission.key));
  const actor: Actor = { ...systemActor('provisioning'), permissions: everything };
  const door = get(PLATFORM_DOOR) ?? { tell: () => Promise.resolve() };
  const parts = {
    row,
    door,
    school: get(SCHOOL),
    bootstrap: get(SCHOOL_BOOTSTRAP),
    subjects: get(SUBJECTS),
    identity: get(IDENTITY),
    unit: get(UNIT),
    actor,
  };
  await new Filling(parts).fill();
}

async function useTicket(get: Get, ticket: string): Promise<string | null> {
  const { school } = get(CONFIG);
  if (!school?.bootstrapSecret) return null;
  const claims = readTicket(ownKey(school.bootstrapSecret), school.id, ticket, get(CLOCK).now());
  return claims && (await tickets.use(claims.nonce)) ? claims.email : null;
}
