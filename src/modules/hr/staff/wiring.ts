import type { Container } from 'inversify';
import { systemActor } from '../../../kernel/actor.js';
import { actsOf } from '../../../kernel/shapes/command.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { STAFF_ROLES, type Get, type Module, type ModuleWork } from '../../../platform/module.js';
import { provide } from '../../../platform/provide.js';
import { sheetOf } from '../../../platform/records/columns.js';
import { PostgresRows } from '../../../platform/records/rows.js';
import { wholeSheet } from '../../../platform/whole-export.js';
import { AUDIT_API } from '../../audit/index.js';
import { FILES } from '../../files/index.js';
import { IDENTITY } from '../../identity/index.js';
import { GAP_SOURCES } from '../../imports/index.js';
import { SCHOOL } from '../../school/index.js';
import { HR } from '../index.js';
import { staffGaps } from './adapters/gaps.js';
import { formerStaff, staffData } from './adapters/privacy.js';
import { staffSearch } from './adapters/search.js';
import { staffApi } from './adapters/staff.api.js';
import { oneStaffRoutes, staffRoutes, type StaffPages } from './adapters/staff.routes.js';
import { STAFF, staff } from './staff.record.js';
import { STAFF_COMMANDS, StaffRegister } from './staff.js';

export const STAFF_PERMISSIONS: Module['permissions'] = [
  { key: 'hr.staff.read', label: 'See staff', group: 'Staff', roles: STAFF_ROLES },
  {
    key: 'hr.staff.change',
    label: 'Change staff',
    group: 'Staff',
    roles: ['owner', 'administrator', 'head', 'hr-officer'],
  },
];

export const STAFF_ACTS = actsOf('Staff', STAFF_COMMANDS);

export function bindStaff(c: Container): void {
  c.bind(STAFF).toConstantValue(new PostgresRows(staff));
  provide(c, StaffRegister);
  c.bind(HR).toResolvedValue((register) => register, [StaffRegister]);
  c.bind(GAP_SOURCES).toResolvedValue(staffGaps, [STAFF, SCHOOL, IDENTITY]);
}

const pagesOf = (get: Get): StaffPages => ({
  register: get(StaffRegister),
  staff: get(STAFF),
  identity: get(IDENTITY),
  school: get(SCHOOL),
  audit: get(AUDIT_API),
});

/** `before`: pages of other matters with fixed addresses, so that `/hr/staff/accounts` is not taken for a person. */
export function routeStaff(r: Routes, get: Get, before: () => void): void {
  const pages = pagesOf(get);
  staffRoutes(r, pages);
  before();
  oneStaffRoutes(r, pages);
  staffApi(r, pages);
}

export function staffWork(get: Get): ModuleWork {
  const rows = get(STAFF);
  return {
    search: staffSearch(rows, get(SCHOOL)),
    personalData: [staffData(rows, get(FILES), () => get(SCHOOL).today())],
    retention: [formerStaff],
    wholeExport: [wholeSheet('staff', async () => ({ columns: sheetOf(staff, () => true), rows: await rows.all() }))],
    jobs: {
      'hr.close-account': async (payload) =>
        get(StaffRegister).closeAccount(systemActor('Last day of work'), (payload as { staffId: string }).staffId),
    },
  };
}
