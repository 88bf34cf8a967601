import type { Module } from '../../platform/module.js';
import { accountJobs, ACCOUNT_PERMISSIONS, bindAccounts, routeAccounts } from './accounts/wiring.js';
import { bindImport, IMPORT_ACTS } from './importing/wiring.js';
import { staff } from './staff/staff.record.js';
import { bindStaff, routeStaff, STAFF_ACTS, STAFF_PERMISSIONS, staffWork } from './staff/wiring.js';

export const hr: Module = {
  name: 'hr',
  acts: [IMPORT_ACTS, STAFF_ACTS],
  records: [staff],
  permissions: [...STAFF_PERMISSIONS, ...ACCOUNT_PERMISSIONS],
  menu: [{ group: 'People', label: 'Staff', href: '/hr/staff', icon: 'staff', can: 'hr.staff.read', order: 30 }],
  offers: [
    { kind: 'Things to do', label: 'New member of staff', href: '/hr/staff/new', also: 'teacher employee hire' },
    { kind: 'Things to do', label: 'Accounts for staff', href: '/hr/staff/accounts/new', also: 'invite sign-in' },
  ],

  bind(c) {
    bindStaff(c);
    bindAccounts(c);
    bindImport(c);
  },

  routes: (r, get) => routeStaff(r, get, () => routeAccounts(r, get)),

  work(get) {
    const { jobs, ...rest } = staffWork(get);
    return { ...rest, jobs: { ...jobs, ...accountJobs(get) } };
  },
};
