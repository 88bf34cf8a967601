import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { AUDIT, SCHOOL_SOURCE } from '../../platform/http/ports.js';
import type { AuditTrail } from '../../kernel/audit.js';
import type { Module, Permission, RoleName } from '../../platform/module.js';
import { CONFIG } from '../../platform/settings.js';
import { CLOCK, UNIT } from '../../platform/tokens.js';
import { FILES } from '../files/index.js';
import type { FilesApi } from '../files/index.js';
import { ACTS } from './acts.js';
import { Facts } from './adapters/facts.js';
import { pictures } from './brand/adapters/pictures.js';
import { PgSchoolStore } from './adapters/school.store.js';
import { addressRoutes } from './profile/adapters/address.routes.js';
import { brandRoutes } from './brand/adapters/brand.routes.js';
import { calendarRoutes } from './calendar/adapters/calendar.routes.js';
import { listRoutes, scaleRoutes } from './profile/adapters/lists.routes.js';
import { settingsRoutes } from './profile/adapters/settings.routes.js';
import { setupRoutes } from './setup/adapters/setup.routes.js';
import { offers } from './adapters/offers.js';
import { Bootstrap } from './setup/bootstrap.js';
import { Brand } from './brand/brand.js';
import { Calendar } from './calendar/calendar.js';
import type { SchoolDeps } from './changing.js';
import { Lists } from './profile/lists.js';
import { Scales } from './profile/scales.js';
import { School } from './profile/school.js';
import { Settings } from './profile/settings.js';
import { Setup } from './setup/setup.js';
import { CLASS_SEEDER, SCHOOL, SCHOOL_BOOTSTRAP, SCHOOL_CALENDAR, SCHOOL_LISTS } from './index.js';
import type { ClassSeeder } from './index.js';
import { PICTURES, SCHOOL_STORE } from './ports.js';
import type { Pictures, SchoolStore } from './ports.js';

const HEADS: readonly RoleName[] = ['owner', 'administrator', 'head'];
const OFFICE: readonly RoleName[] = [...HEADS, 'registrar'];

const permission = (key: Permission['key'], label: string, roles: readonly RoleName[]): Permission => ({
  key,
  label,
  group: 'School',
  roles,
});

const SHARED = [SCHOOL_STORE, UNIT, AUDIT, CLOCK] as const;
const depsOf = (store: SchoolStore, unit: Unit, audit: AuditTrail, clock: Clock): SchoolDeps => ({ store, unit, audit, clock });

export const school: Module = {
  name: 'school',
  acts: ACTS,
  permissions: [
    permission('school.read', 'See the school’s settings', [...OFFICE, 'bursar', 'hr-officer', 'auditor']),
    permission('school.change', 'Change the school’s profile', HEADS),
    permission('school.years.change', 'Change years, terms and days', HEADS),
    permission('school.lists.change', 'Change houses, dormitories, routes and meal plans', OFFICE),
    permission('school.scales.change', 'Change grading scales', HEADS),
    permission('school.brand.change', 'Change colours, badge, stamp and signatures', HEADS),
    permission('school.numbers.change', 'Change number patterns', ['owner', 'administrator']),
    permission('school.modules.change', 'Switch modules on and off', ['owner', 'administrator']),
    permission('school.setup', 'Set up the school', ['owner', 'administrator']),
  ],
  menu: [{ group: 'School', label: 'Settings', href: '/school', icon: 'gear', can: 'school.read', order: 90 }],

  offers,
  bind(container) {
    container.bind(SCHOOL_STORE).toResolvedValue(() => new PgSchoolStore(), []);
    container.bind(PICTURES).toConstantValue(pictures);
    for (const UseCases of [Settings, Calendar, Lists, Scales] as const) {
      container
        .bind<object>(UseCases)
        .toResolvedValue((...deps: Parameters<typeof depsOf>) => new UseCases(depsOf(...deps)), [...SHARED]);
    }
    container
      .bind(Brand)
      .toResolvedValue(
        (store: SchoolStore, unit: Unit, audit: AuditTrail, clock: Clock, kept: Pictures, files: FilesApi) =>
          new Brand(depsOf(store, unit, audit, clock), kept, files),
        [...SHARED, PICTURES, FILES],
      );
    container
      .bind(Setup)
      .toResolvedValue(
        (store: SchoolStore, unit: Unit, audit: AuditTrail, clock: Clock, seeder?: ClassSeeder) =>
          new Setup(depsOf(store, unit, audit, clock), seeder ?? null),
        [...SHARED, { serviceIdentifier: CLASS_SEEDER, optional: true }],
      );
    container
      .bind(School)
      .toResolvedValue(
        (store: SchoolStore, unit: Unit, audit: AuditTrail, clock: Clock, brand: Brand) =>
          new School(depsOf(store, unit, audit, clock), brand),
        [...SHARED, Brand],
      );
    container
      .bind(SCHOOL_BOOTSTRAP)
      .toResolvedValue(
        (store: SchoolStore, unit: Unit, audit: AuditTrail, clock: Clock, calendar: Calendar, lists: Lists) =>
          new Bootstrap(depsOf(store, unit, audit, clock), calendar, lists),
        [...SHARED, Calendar, Lists],
      );
    container.bind(SCHOOL).toService(School);
    container.bind(SCHOOL_CALENDAR).toService(Calendar);
    container.bind(SCHOOL_LISTS).toService(Lists);
    container.bind(SCHOOL_SOURCE).toResolvedValue((made: School, clock: Clock) => new Facts(made, clock), [School, CLOCK]);
  },

  routes(r, get) {
    const [settings, brand, calendar] = [get(Settings), get(Brand), get(Calendar)];
    settingsRoutes(r, settings, get(CLOCK));
    brandRoutes(r, brand);
    calendarRoutes(r, calendar);
    listRoutes(r, get(Lists));
    scaleRoutes(r, get(Scales));
    addressRoutes(r, get(SCHOOL), get(CONFIG));
    setupRoutes(r, { setup: get(Setup), settings, brand, calendar });
  },
};
