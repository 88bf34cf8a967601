import type { Module, PlatformRole } from '../../platform/module.js';
import { unit } from '../../platform/db/index.js';
import { AUDIT } from '../../platform/http/ports.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { CLOCK, token } from '../../platform/tokens.js';
import { NOTIFICATIONS, type NotificationsApi } from '../notifications/index.js';
import { ACTS } from './acts.js';
import { PgLetterLimits } from './adapters/letter-limits.js';
import { PgSchoolStore } from './adapters/school.store.js';
import { deleteTenantRoute } from './adapters/delete-tenant.js';
import { schoolRoutes } from './adapters/schools.routes.js';
import { Closings } from './closings.js';
import { Desk } from './desk.js';
import { Letters } from './letters.js';
import { Register } from './register.js';
import { GRACE_DAYS } from './life.rules.js';
import { OWNER_LETTERS, SCHOOL_MAKER, SCHOOL_REGISTER } from './index.js';

const DESK = token<Desk>('SchoolsDesk');
const store = new PgSchoolStore();

export const schools: Module<PlatformRole> = {
  name: 'schools',
  acts: ACTS,
  permissions: [
    {
      key: 'schools.read',
      label: 'See the schools and their state',
      group: 'Schools',
      roles: ['super-admin', 'support', 'analyst'],
    },
    {
      key: 'schools.owner.read',
      label: 'See who owns a school and how to reach them',
      group: 'Schools',
      roles: ['super-admin', 'support'],
    },
    {
      key: 'schools.help',
      label: 'Retry an opening, send the owner the link',
      group: 'Schools',
      roles: ['super-admin', 'support'],
    },
    { key: 'schools.suspend', label: 'Suspend and reopen a school', group: 'Schools', roles: ['super-admin', 'support'] },
    { key: 'schools.close', label: 'Close a school', group: 'Schools', roles: ['super-admin'] },
    {
      key: 'schools.delete',
      label: 'Delete a closed school, cancel an opening that failed',
      group: 'Schools',
      roles: ['super-admin'],
    },
  ],
  menu: [{ group: '', label: 'Schools', href: '/schools', icon: 'server', can: 'schools.read', order: 10 }],

  bind(c) {
    c.bind(SCHOOL_REGISTER).toResolvedValue(
      () =>
        new Register(store, unit, c.isBound(AUDIT) ? c.get(AUDIT) : null, graceDaysOf(c.isBound(CONFIG) ? c.get(CONFIG) : null)),
    );
    c.bind(OWNER_LETTERS).toResolvedValue(
      (notifications: NotificationsApi, config: Config) =>
        new Letters({ store, notifications, unit, urlOf: urlsOf(config), publicUrl: config.publicUrl, ask: config.support }),
      [NOTIFICATIONS, CONFIG],
    );
    c.bind(DESK).toResolvedValue(
      () =>
        new Desk({
          register: c.get(SCHOOL_REGISTER),
          maker: c.get(SCHOOL_MAKER),
          letters: c.get(OWNER_LETTERS),
          limits: new PgLetterLimits(),
          audit: c.get(AUDIT),
          unit,
        }),
    );
  },

  routes(r, get) {
    const config = get(CONFIG);
    schoolRoutes(r, get(DESK), { urlOf: urlsOf(config), graceDays: graceDaysOf(config) });
    deleteTenantRoute(r, get(DESK), config.core?.adminApiKey ?? null);
  },

  work: (get) => ({
    jobs: {
      'schools.closings': () =>
        new Closings({ register: get(SCHOOL_REGISTER), letters: get(OWNER_LETTERS), clock: get(CLOCK), unit }).run(),
    },
    cron: { 'schools.closings': '15 * * * *' },
  }),
};

/** The launcher keeps the register without settings; it closes nothing. */
function graceDaysOf(config: Config | null): number {
  return config?.core?.graceDays ?? GRACE_DAYS;
}

/** A school's name stands before the platform's. */
function urlsOf({ publicUrl }: Config): (subdomain: string) => string {
  const { protocol, host } = new URL(publicUrl);
  return (subdomain) => `${protocol}//${subdomain}.${host}/`;
}
