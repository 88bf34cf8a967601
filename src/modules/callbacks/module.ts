import { createHash } from 'node:crypto';
import { keyFor, masterKeys, type MasterKeys } from '../../platform/link/keys.js';
import { hasPayee } from '../../platform/link/payees.js';
import { on, type AnyRole, type Module } from '../../platform/module.js';
import { enqueue } from '../../platform/jobs/index.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { CLOCK, UNIT } from '../../platform/tokens.js';
import { SchoolRemoved } from '../provisioning/index.js';
import { SCHOOL_REGISTER } from '../schools/index.js';
import { HttpSchoolBell } from './adapters/school-bell.js';
import { PgCallbackStore } from './adapters/callback.store.js';
import { callbackRoutes } from './adapters/callbacks.routes.js';
import { Inbox } from './inbox.js';

const WAKE = 'callbacks.wake';
const store = new PgCallbackStore();

export const callbacks: Module<AnyRole> = {
  name: 'callbacks',
  permissions: [],

  bind(c) {
    c.bind(Inbox).toResolvedValue(
      (unit, register, clock, config: Config) => {
        const masters = mastersOf(config);
        const keyOf = (schoolId: string) => keyFor(masters, [...masters.keys()][0] ?? '', schoolId) ?? missingKey();
        return new Inbox({
          unit,
          store,
          register,
          bell: new HttpSchoolBell({ publicUrl: config.publicUrl, keyOf, clock }),
          wakeSoon: async (schoolId) => void (await enqueue(WAKE, { schoolId })),
          isPayee: (schoolId, { keyId, hashes }, number) => {
            const key = keyFor(masters, keyId, schoolId);
            return key && hasPayee(hashes, key, number);
          },
          hash: (token) => createHash('sha256').update(token).digest('base64url'),
        });
      },
      [UNIT, SCHOOL_REGISTER, CLOCK, CONFIG],
    );
  },

  routes: (r, get) => callbackRoutes(r, get(Inbox)),

  work: (get) => ({
    jobs: {
      [WAKE]: (payload) => get(Inbox).wake((payload as { schoolId: string }).schoolId),
      'callbacks.wake-all': () => get(Inbox).wakeAll(),
      'callbacks.forget-old': () => get(Inbox).forgetOld(),
    },
    cron: { 'callbacks.wake-all': '*/10 * * * *', 'callbacks.forget-old': '40 1 * * *' },
    subscribe: [on(SchoolRemoved, 'callbacks.forget-school', ({ schoolId }) => store.forgetSchool(schoolId))],
  }),
};

/** Without a key no school can be called; it then looks by itself. */
function mastersOf(config: Config): MasterKeys {
  return config.core?.bootstrapSecret ? masterKeys(config.core.bootstrapSecret) : new Map();
}

function missingKey(): never {
  throw new Error('TENANT_BOOTSTRAP_SECRET is not set: no school can be called to its inbox.');
}
