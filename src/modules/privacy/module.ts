import { randomBytes } from 'node:crypto';
import { AUDIT } from '../../platform/http/ports.js';
import { enqueue } from '../../platform/jobs/enqueue.js';
import type { Module } from '../../platform/module.js';
import { PERSONAL_DATA, RETENTION_CLASSES, token, UNIT } from '../../platform/tokens.js';
import { FILES } from '../files/index.js';
import { SCHOOL } from '../school/index.js';
import { ACTS } from './acts.js';
import { PostgresRetentionStore } from './adapters/retention.store.js';
import { dataRoutes } from './adapters/data.routes.js';
import { retentionRoutes } from './adapters/retention.routes.js';
import { Erasure } from './erasure.js';
import { Retention } from './retention.js';
import { SubjectFiles } from './subject-file.js';
import { pseudonymOf } from './retention.rules.js';
import type { RetentionStore } from './ports.js';

const STORE = token<RetentionStore>('PrivacyRetentionStore');

export const privacy: Module = {
  name: 'privacy',
  acts: ACTS,
  permissions: [
    {
      key: 'privacy.read',
      label: 'Open a person’s data file',
      group: 'Personal data',
      roles: ['owner', 'administrator', 'head'],
      guarded: 'personal files',
    },
    {
      key: 'privacy.erase',
      label: 'Erase a person’s identity',
      group: 'Personal data',
      roles: ['owner'],
      guarded: 'personal files',
    },
    { key: 'privacy.retention', label: 'Set how long personal data is kept', group: 'Personal data', roles: ['owner'] },
  ],
  menu: [
    { group: 'School', label: 'Personal data', href: '/privacy/retention', icon: 'lock', can: 'privacy.retention', order: 97 },
  ],

  bind(c) {
    c.bind(STORE).toResolvedValue(() => new PostgresRetentionStore());
    c.bind(SubjectFiles).toResolvedValue((...parts) => new SubjectFiles(...parts), [PERSONAL_DATA, UNIT, AUDIT]);
    c.bind(Erasure).toResolvedValue(
      (...parts) => new Erasure(...parts, () => pseudonymOf(randomBytes(8))),
      [PERSONAL_DATA, UNIT, AUDIT],
    );
    c.bind(Retention).toResolvedValue(
      (classes, store, erasure, unit, audit, school) =>
        new Retention({ classes, store, erasure, unit, audit, today: () => school.today() }),
      [RETENTION_CLASSES, STORE, Erasure, UNIT, AUDIT, SCHOOL],
    );
  },

  routes(r, get) {
    dataRoutes(r, { subjects: get(SubjectFiles), erasure: get(Erasure), files: get(FILES) });
    retentionRoutes(r, get(Retention), async () => void (await enqueue('privacy.retention', {})));
  },

  work: (get) => ({
    jobs: { 'privacy.retention': async () => void (await get(Retention).run()) },
    cron: { 'privacy.retention': '50 1 * * *' },
  }),
};
