import { migrationNames } from '../../platform/db/index.js';
import { on, type AnyRole, type Module } from '../../platform/module.js';
import { CLOCK } from '../../platform/tokens.js';
import { PROVISIONING, SchoolRemoved } from '../provisioning/index.js';
import { PgReader } from './adapters/postgres/reader.js';
import { PgUsageStore } from './adapters/postgres/usage.store.js';
import { dashboardRoutes } from './adapters/web/dashboard.routes.js';
import { provisioningRoutes } from './adapters/web/provisioning.routes.js';
import { schoolsRoutes } from './adapters/web/schools.routes.js';

const usage = new PgUsageStore();

export const admindash: Module<AnyRole> = {
  name: 'admindash',
  permissions: [
    { key: 'admindash.read', label: 'See figures of the platform and of all schools', group: 'Platform', roles: ['super-admin', 'support', 'analyst'] },
    { key: 'admindash.retry', label: 'Try a failed step of a school again', group: 'Platform', roles: ['super-admin', 'support'] },
  ],
  menu: [
    { group: '', label: 'Overview', href: '/admindash', icon: 'chart', can: 'admindash.read', order: 1 },
    { group: '', label: 'Provisioning', href: '/admindash/provisioning', icon: 'gear', can: 'admindash.read', order: 12 },
  ],

  bind() {},

  routes(r, get) {
    const clock = get(CLOCK);
    const reader = new PgReader(() => clock.now().toISOString().slice(0, 10));
    const parts = { reader, clock, newestSchema: migrationNames('tenant').at(-1) ?? '' };
    dashboardRoutes(r, parts);
    schoolsRoutes(r, parts);
    provisioningRoutes(r, { ...parts, provisioning: get(PROVISIONING) });
  },

  work: () => ({
    subscribe: [on(SchoolRemoved, 'admindash.forget-school', ({ schoolId }) => usage.forget(schoolId))],
  }),
};
