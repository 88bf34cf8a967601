import type { Container } from 'inversify';
import { deriveKey } from '../../../platform/keys.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Get, Module } from '../../../platform/module.js';
import { signInSlipsDrawing } from '../../../platform/pdf/sign-in-slips.pdf.js';
import { provide } from '../../../platform/provide.js';
import { CONFIG } from '../../../platform/settings.js';
import { SCHOOL } from '../../school/index.js';
import { StaffAccounts } from './accounts.js';
import { accountRoutes } from './adapters/accounts.routes.js';
import { KeySealer } from './adapters/sealer.js';
import { PostgresSlipStore } from './adapters/slip.store.js';
import { SEALER, SLIPS } from './ports.js';

export const ACCOUNT_PERMISSIONS: Module['permissions'] = [
  { key: 'hr.staff.accounts', label: 'Give staff accounts', group: 'Staff', roles: ['owner', 'administrator', 'head'] },
];

export function bindAccounts(c: Container): void {
  c.bind(SLIPS).toConstantValue(new PostgresSlipStore());
  c.bind(SEALER).toResolvedValue(
    (config) => new KeySealer(deriveKey(config.secretKey, `hr.slips ${config.school?.id ?? ''}`)),
    [CONFIG],
  );
  provide(c, StaffAccounts);
}

export function routeAccounts(r: Routes, get: Get): void {
  accountRoutes(r, {
    accounts: get(StaffAccounts),
    school: get(SCHOOL),
    slipDrawing: signInSlipsDrawing,
    publicUrl: get(CONFIG).publicUrl,
  });
}

export const accountJobs = (get: Get) => ({ 'hr.forget-slips': async () => get(StaffAccounts).forget() });
