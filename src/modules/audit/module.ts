import path from 'node:path';
import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { AUDIT } from '../../platform/http/ports.js';
import { READ_COUNT } from '../../platform/http/routes/reading.js';
import { deriveKey } from '../../platform/keys.js';
import type { Log } from '../../platform/log.js';
import type { AnyRole, Module } from '../../platform/module.js';
import { enqueue } from '../../platform/jobs/index.js';
import { publish } from '../../platform/outbox/index.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { ACTS as ACTS_OF_ALL, CLOCK, LOG, UNIT } from '../../platform/tokens.js';
import { ACTS } from './acts.js';
import { hashes } from './adapters/hashes.js';
import { HeadFile } from './adapters/head-file.js';
import { PgAlertStore } from './adapters/alert.store.js';
import { PgChainStore } from './adapters/chain.store.js';
import { auditData } from './adapters/own-data.js';
import { PgRetentionStore, PgSettingsStore } from './adapters/retention.store.js';
import { PgTrailStore } from './adapters/trail.store.js';
import { ReadCounter } from './adapters/read-counter.js';
import { Wake } from '../../platform/db/wake.js';
import { alertRoutes } from './adapters/alerts.routes.js';
import { auditRoutes } from './adapters/audit.routes.js';
import { Alerts } from './alerts.js';
import { AuditDoor } from './door.js';
import { Retention } from './retention.js';
import { Sealing } from './sealing.js';
import { Trail } from './trail.js';
import { Watch } from './watch.js';
import { AUDIT_API } from './index.js';
import type { Hashes } from './ports.js';

const hashesOf = (config: Config): Hashes => hashes(deriveKey(config.secretKey, `audit.${config.school?.id ?? 'core'}`));

/** They keep nothing: one of each for all databases. */
const alerts = new PgAlertStore();
const settings = new PgSettingsStore();

export const audit: Module<AnyRole> = {
  name: 'audit',
  acts: ACTS,
  permissions: [
    {
      key: 'audit.read',
      label: 'Search who did what, and see alerts',
      group: 'Audit entries',
      roles: ['owner', 'administrator', 'head', 'auditor', 'super-admin', 'support'],
    },
    {
      key: 'audit.alerts',
      label: 'Mark alerts as seen',
      group: 'Audit entries',
      roles: ['owner', 'administrator', 'head', 'auditor', 'super-admin', 'support'],
    },
    {
      key: 'audit.settings',
      label: 'Set how long entries are kept, and when to warn',
      group: 'Audit entries',
      roles: ['owner', 'super-admin'],
    },
  ],
  menu: [
    { group: 'School', label: 'Who did what', href: '/audit', icon: 'ledger', can: 'audit.read', order: 95 },
    { group: 'School', label: 'Alerts', href: '/audit/alerts', icon: 'bell', can: 'audit.read', order: 96 },
  ],

  bind(container) {
    container.bind(Watch).toResolvedValue((unit: Unit) => new Watch(alerts, settings, unit, publish), [UNIT]);
    container.bind(READ_COUNT).toResolvedValue(
      (watch: Watch, log: Log) =>
        new ReadCounter(
          (tallies, at) => watch.noteReads(tallies, at),
          (err) => log.error({ err }, 'counting what is read'),
        ),
      [Watch, LOG],
    );
    container.bind(Sealing).toResolvedValue(
      (config: Config, log: Log, unit: Unit, watch: Watch) => {
        const folder = path.join(config.data, 'audit', config.school?.id ?? 'core');
        const keeper = new HeadFile(folder, (head) => log.info({ seq: head.seq, hash: head.hash }, 'audit head of the day'));
        return new Sealing(new PgChainStore(), keeper, unit, hashesOf(config), (entries) => watch.look(entries));
      },
      [CONFIG, LOG, UNIT, Watch],
    );
    container.bind(Trail).toResolvedValue(
      (config: Config, clock: Clock, sealing: Sealing) => {
        const wake = new Wake('sealing the audit', () => sealing.seal());
        return new Trail(new PgTrailStore(), clock, hashesOf(config), () => wake.afterThis());
      },
      [CONFIG, CLOCK, Sealing],
    );
    container.bind(AUDIT).toService(Trail);
    container.bind(Alerts).toResolvedValue((unit: Unit, trail: Trail) => new Alerts(alerts, unit, trail), [UNIT, Trail]);
    container.bind(Retention).toResolvedValue(
      (config: Config, clock: Clock, unit: Unit, trail: Trail, sealing: Sealing, watch: Watch) =>
        new Retention({
          store: new PgRetentionStore(),
          chain: new PgChainStore(),
          settings,
          hashes: hashesOf(config),
          audit: trail,
          clock,
          unit,
          verify: () => sealing.verify(),
          alarm: (sighting) => watch.raise(sighting),
        }),
      [CONFIG, CLOCK, UNIT, Trail, Sealing, Watch],
    );
    container
      .bind(AUDIT_API)
      .toResolvedValue((trail: Trail, sealing: Sealing) => new AuditDoor(trail, sealing), [Trail, Sealing]);
  },

  routes(routes, get) {
    alertRoutes(routes, get(Alerts), get(Retention));
    auditRoutes(routes, get(Trail), get(ACTS_OF_ALL));
  },

  work(get) {
    const sealing = get(Sealing);
    const seal = async (everywhere: boolean): Promise<void> => void (await sealing.seal(everywhere));
    const retention = get(Retention);
    const tidy = async (): Promise<void> => {
      await alerts.forgetReads();
      await retention.run();
    };
    return {
      jobs: { 'audit.seal': () => seal(false), 'audit.seal-all': () => seal(true), 'audit.tidy': tidy },
      // A school that sleeps at night misses lines of the night: asked each hour, there is something to remove once a month.
      personalData: [auditData],
      cron: { 'audit.seal': '* * * * *', 'audit.seal-all': '41 * * * *', 'audit.tidy': '27 * * * *' },
      // What a process that was killed left without a seal is too old for the line of each minute once a school has slept.
      atOpening: async () => void (await enqueue('audit.seal-all', {}, { key: 'audit.seal-all' })),
    };
  },
};
