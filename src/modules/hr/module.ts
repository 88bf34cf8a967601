import { STAFF_ROLES, type Module } from '../../platform/module.js';
import { AUDIT } from '../../platform/http/ports.js';
import { UNIT } from '../../platform/tokens.js';
import { SCHOOL } from '../school/index.js';
import { PostgresStaffStore } from './adapters/postgres/staff.store.js';
import { StaffRegister } from './application/staff.js';
import { HR } from './index.js';
import { STAFF_STORE } from './ports.js';

export const hr: Module = {
  name: 'hr',
  permissions: [
    { key: 'hr.staff.read', label: 'See staff', group: 'Staff', roles: STAFF_ROLES },
    { key: 'hr.staff.change', label: 'Change staff', group: 'Staff', roles: ['owner', 'administrator', 'head', 'hr-officer'] },
    { key: 'hr.staff.accounts', label: 'Give staff accounts', group: 'Staff', roles: ['owner', 'administrator', 'head'] },
  ],
  menu: [{ group: 'People', label: 'Staff', href: '/hr/staff', icon: 'staff', can: 'hr.staff.read', order: 30 }],

  bind(c) {
    c.bind(STAFF_STORE).toResolvedValue(() => new PostgresStaffStore());
    c.bind(StaffRegister).toResolvedValue((...parts) => new StaffRegister(...parts), [UNIT, AUDIT, STAFF_STORE, SCHOOL]);
    c.bind(HR).toResolvedValue((register) => register, [StaffRegister]);
  },
};
