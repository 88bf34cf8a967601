import { migrationNames } from '../../platform/db/index.js';
import { SIGNED_CALLS } from '../../platform/http/signed-call.js';
import { on, type AnyRole, type Get, type Module } from '../../platform/module.js';
import { CLOCK, UNIT } from '../../platform/tokens.js';
import { SCHOOL_REGISTER } from '../schools/index.js';
import { PROVISIONING, SchoolRemoved } from '../provisioning/index.js';
import { PgReader } from './adapters/reader.js';
import { PgUsageStore } from './adapters/usage.store.js';
import { dashboardRoutes } from './adapters/dashboard.routes.js';
import { provisioningRoutes } from './adapters/provisioning.routes.js';
import { schoolsRoutes } from './adapters/schools.routes.js';
import { usageRoutes } from './adapters/usage.routes.js';
import { UsageReports } from './usage-reports.js';

const usage = new PgUsageStore();

export const admindash: Module<AnyRole> = {
  name: 'admindash',
  permissions: [
    {
      key: 'admindash.read',
      label: 'See figures of the platform and of all schools',
      group: 'Platform',
      roles: ['super-admin', 'support', 'analyst'],
    },
    {
      key: 'admindash.retry',
      label: 'Try a failed step of a school again',
      group: 'Platform',
      roles: ['super-admin', 'support'],
    },
  ],
  menu: [
    { group: '', label: 'Overview', href: '/admindash', icon: 'chart', can: 'admindash.read', order: 1 },
    { group: '', label: 'Provisioning', href: '/admindash/provisioning', icon: 'gear', can: 'admindash.read', order: 12 },
  ],

  bind(c) {
    const get: Get = (token) => c.get(token);
    c.bind(UsageReports).toResolvedValue(
      () =>
        new UsageReports({
          register: get(SCHOOL_REGISTER),
          store: usage,
          use: (schoolId, nonce) => get(SIGNED_CALLS).use(schoolId, nonce),
          unit: get(UNIT),
          clock: get(CLOCK),
        }),
    );
  },

  routes(r, get) {
    const clock = get(CLOCK);
    const reader = new PgReader(() => clock.now().toISOString().slice(0, 10));
    const parts = { reader, clock, newestSchema: migrationNames('tenant').at(-1) ?? '' };
    dashboardRoutes(r, parts);
    schoolsRoutes(r, parts);
    provisioningRoutes(r, { ...parts, provisioning: get(PROVISIONING) });
    usageRoutes(r, get(UsageReports), get(SIGNED_CALLS));
  },

  work: () => ({
    subscribe: [on(SchoolRemoved, 'admindash.forget-school', ({ schoolId }) => usage.forget(schoolId))],
  }),
};
