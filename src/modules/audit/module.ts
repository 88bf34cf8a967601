import path from 'node:path';
import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { AUDIT } from '../../platform/http/ports.js';
import { deriveKey } from '../../platform/keys.js';
import type { Log } from '../../platform/log.js';
import type { Module } from '../../platform/module.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { CLOCK, LOG, UNIT } from '../../platform/tokens.js';
import { hashes } from './adapters/hashes.js';
import { HeadFile } from './adapters/head-file.js';
import { PgChainStore } from './adapters/postgres/chain.store.js';
import { PgTrailStore } from './adapters/postgres/trail.store.js';
import { Wake } from './adapters/wake.js';
import { auditRoutes } from './adapters/web/audit.routes.js';
import { AuditDoor } from './application/door.js';
import { Sealing } from './application/sealing.js';
import { Trail } from './application/trail.js';
import { AUDIT_API } from './index.js';
import type { Hashes } from './ports.js';

const hashesOf = (config: Config): Hashes => hashes(deriveKey(config.secretKey, `audit.${config.school?.id ?? 'core'}`));

export const audit: Module = {
  name: 'audit',
  permissions: [{ key: 'audit.read', label: 'Search who did what', group: 'Records of acts', roles: ['owner', 'administrator', 'head', 'auditor'] }],
  menu: [{ group: 'School', label: 'Who did what', href: '/audit', icon: 'ledger', can: 'audit.read', order: 95 }],

  bind(container) {
    container.bind(Sealing).toResolvedValue(
      (config: Config, log: Log, unit: Unit) => {
        const folder = path.join(config.data, 'audit', config.school?.id ?? 'core');
        const keeper = new HeadFile(folder, (head) => log.info({ seq: head.seq, hash: head.hash }, 'audit head of the day'));
        return new Sealing(new PgChainStore(), keeper, unit, hashesOf(config));
      },
      [CONFIG, LOG, UNIT],
    );
    container.bind(Trail).toResolvedValue(
      (config: Config, log: Log, clock: Clock, sealing: Sealing) => {
        const wake = new Wake(() => sealing.seal(), (err) => log.error({ err }, 'sealing the audit'));
        return new Trail(new PgTrailStore(), clock, hashesOf(config), () => wake.afterThis());
      },
      [CONFIG, LOG, CLOCK, Sealing],
    );
    container.bind(AUDIT).toService(Trail);
    container.bind(AUDIT_API).toResolvedValue((trail: Trail, sealing: Sealing) => new AuditDoor(trail, sealing), [Trail, Sealing]);
  },

  routes(routes, get) {
    auditRoutes(routes, get(Trail));
  },

  work(get) {
    const sealing = get(Sealing);
    const seal = async (everywhere: boolean): Promise<void> => void (await sealing.seal(everywhere));
    return {
      jobs: { 'audit.seal': () => seal(false), 'audit.seal-all': () => seal(true) },
      cron: { 'audit.seal': '* * * * *', 'audit.seal-all': '41 * * * *' },
    };
  },
};
