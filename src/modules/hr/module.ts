import { systemActor } from '../../kernel/actor.js';
import { deriveKey } from '../../platform/keys.js';
import { AUDIT } from '../../platform/http/ports.js';
import { enqueue } from '../../platform/jobs/enqueue.js';
import { STAFF_ROLES, type Module } from '../../platform/module.js';
import { CONFIG } from '../../platform/settings.js';
import { CLOCK, PUBLISH, token, UNIT } from '../../platform/tokens.js';
import { AUDIT_API } from '../audit/index.js';
import { signInSlipsDrawing } from '../../platform/pdf/sign-in-slips.pdf.js';
import { FILES } from '../files/index.js';
import { IDENTITY } from '../identity/index.js';
import { GAP_SOURCES, IMPORT_KINDS } from '../imports/index.js';
import { SCHOOL } from '../school/index.js';
import { ACTS } from './acts.js';
import { KeySealer } from './adapters/crypto/sealer.js';
import { staffImport } from './adapters/imports/staff-import.js';
import { PostgresSlipStore } from './adapters/postgres/slip.store.js';
import { PostgresStaffStore } from './adapters/postgres/staff.store.js';
import { formerStaff, staffData } from './adapters/privacy.js';
import { accountRoutes, type AccountPages } from './adapters/web/accounts.routes.js';
import { staffGaps } from './adapters/web/gaps.js';
import { staffSearch } from './adapters/web/search.js';
import { staffApi } from './adapters/web/staff.api.js';
import { oneStaffRoutes, staffRoutes } from './adapters/web/staff.routes.js';
import { staffSheet } from './adapters/whole-export.js';
import { offers } from './adapters/web/offers.js';
import { StaffAccounts } from './application/accounts.js';
import { StaffRegister } from './application/staff.js';
import { HR } from './index.js';
import { STAFF_STORE } from './ports.js';

const PAGES = token<AccountPages>('StaffPages');
const CHANGES = ['owner', 'administrator', 'head', 'hr-officer'] as const;

export const hr: Module = {
  name: 'hr',
  acts: ACTS,
  permissions: [
    { key: 'hr.staff.read', label: 'See staff', group: 'Staff', roles: STAFF_ROLES },
    { key: 'hr.staff.change', label: 'Change staff', group: 'Staff', roles: CHANGES },
    { key: 'hr.staff.accounts', label: 'Give staff accounts', group: 'Staff', roles: ['owner', 'administrator', 'head'] },
  ],
  menu: [{ group: 'People', label: 'Staff', href: '/hr/staff', icon: 'staff', can: 'hr.staff.read', order: 30 }],

  offers,
  bind(c) {
    c.bind(STAFF_STORE).toResolvedValue(() => new PostgresStaffStore());
    c.bind(StaffRegister).toResolvedValue(
      (inUnit, publish, audit, clock, store, school, identity) =>
        new StaffRegister(inUnit, publish, audit, clock, store, school, identity, enqueue),
      [UNIT, PUBLISH, AUDIT, CLOCK, STAFF_STORE, SCHOOL, IDENTITY],
    );
    c.bind(StaffAccounts).toResolvedValue(
      (inUnit, clock, store, identity, school, config) => {
        const sealer = new KeySealer(deriveKey(config.secretKey, `hr.slips ${config.school?.id ?? ''}`));
        return new StaffAccounts(inUnit, clock, store, new PostgresSlipStore(), sealer, identity, school, enqueue);
      },
      [UNIT, CLOCK, STAFF_STORE, IDENTITY, SCHOOL, CONFIG],
    );
    c.bind(IMPORT_KINDS).toResolvedValue(
      (school, store, identity, accounts) => staffImport({ school, store, identity, accounts }),
      [SCHOOL, STAFF_STORE, IDENTITY, StaffAccounts],
    );
    c.bind(GAP_SOURCES).toResolvedValue(
      (store, school, identity) => staffGaps(store, school, identity),
      [STAFF_STORE, SCHOOL, IDENTITY],
    );
    c.bind(HR).toResolvedValue((register) => register, [StaffRegister]);
    c.bind(PAGES).toResolvedValue(
      (register, accounts, store, identity, school, audit, config) => ({
        register,
        accounts,
        store,
        identity,
        school,
        audit,
        slipDrawing: signInSlipsDrawing,
        publicUrl: config.publicUrl,
      }),
      [StaffRegister, StaffAccounts, STAFF_STORE, IDENTITY, SCHOOL, AUDIT_API, CONFIG],
    );
  },

  routes(r, get) {
    const pages = get(PAGES);
    staffRoutes(r, pages);
    accountRoutes(r, pages);
    oneStaffRoutes(r, pages);
    staffApi(r, pages);
  },

  work: (get) => ({
    search: staffSearch(get(STAFF_STORE), get(SCHOOL)),
    personalData: [staffData(get(FILES), () => get(SCHOOL).today())],
    retention: [formerStaff],
    wholeExport: [staffSheet(get(STAFF_STORE), get(SCHOOL))],
    jobs: {
      'hr.close-account': async (payload) =>
        get(StaffRegister).closeAccount(systemActor('Last day of work'), (payload as { staffId: string }).staffId),
      'hr.forget-slips': async () => get(StaffAccounts).forget(),
    },
  }),
};
