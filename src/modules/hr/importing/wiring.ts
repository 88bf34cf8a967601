import type { Container } from 'inversify';
import type { Acts } from '../../../platform/module.js';
import { IDENTITY } from '../../identity/index.js';
import { IMPORT_KINDS } from '../../imports/index.js';
import { SCHOOL } from '../../school/index.js';
import { StaffAccounts } from '../accounts/accounts.js';
import { StaffRegister } from '../staff/staff.js';
import { STAFF } from '../staff/staff.record.js';
import { staffImport } from './adapters/staff-import.js';

export const IMPORT_ACTS: Acts = {
  area: 'Imports',
  words: {
    'staff.import': 'Imported staff',
    'staff.import-undo': 'Undid an import',
    'staff.import-discard': 'Discarded an import',
  },
};

export function bindImport(c: Container): void {
  c.bind(IMPORT_KINDS).toResolvedValue(
    (school, staff, register, identity, accounts) => staffImport({ school, staff, register, identity, accounts }),
    [SCHOOL, STAFF, StaffRegister, IDENTITY, StaffAccounts],
  );
}
