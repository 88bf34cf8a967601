import type { Container } from 'inversify';
import { AUDIT } from '../../../platform/http/ports.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { enqueue } from '../../../platform/jobs/index.js';
import type { Get, JobHandler, Permission } from '../../../platform/module.js';
import { UNIT } from '../../../platform/tokens.js';
import { LEDGER } from '../../finance/index.js';
import { SCHOOL } from '../../school/index.js';
import { CLEARANCE_LINES, STUDENTS } from '../../students/index.js';
import { SUBJECTS } from '../../subjects/index.js';
import { PostgresClearanceStore } from './adapters/clearance.store.js';
import { clearanceLine } from './adapters/clearance-line.js';
import { clearanceRoutes } from './adapters/clearances.routes.js';
import { CLEARS, Clearances, EXCEPTS, SEES_CLEARANCE } from './clearances.js';
import { CLEARANCE_STORE, PLAN_STORE } from '../ports.js';

export const CLEARING_PERMISSIONS: readonly Permission[] = [
  {
    key: SEES_CLEARANCE,
    label: 'See who is cleared, without amounts',
    group: 'Fees',
    roles: ['owner', 'administrator', 'head', 'registrar', 'bursar', 'auditor'],
    guarded: 'money',
  },
  { key: CLEARS, label: 'Take a snapshot of who is cleared', group: 'Fees', roles: ['owner', 'bursar'], guarded: 'money' },
  {
    key: EXCEPTS,
    label: 'Let a student count as cleared, with a reason and a last day',
    group: 'Fees',
    roles: ['owner', 'head'],
    guarded: 'money',
  },
];

/** Who has paid enough to be cleared: snapshots, exceptions, the gate list, and the line about fees on a leaver's slip. */
export function bindClearing(c: Container): void {
  c.bind(CLEARANCE_STORE).toResolvedValue(() => new PostgresClearanceStore());
  c.bind(Clearances).toResolvedValue(
    (unit, audit, store, plans, students, school) =>
      new Clearances({
        unit,
        audit,
        store,
        plans,
        students,
        school,
        enqueue: async (payload) => void (await enqueue('fees.clear', payload, { queue: 'fees', maxAttempts: 5 })),
      }),
    [UNIT, AUDIT, CLEARANCE_STORE, PLAN_STORE, STUDENTS, SCHOOL],
  );
  c.bind(CLEARANCE_LINES).toResolvedValue((ledger, school) => clearanceLine(ledger, school), [LEDGER, SCHOOL]);
}

export function clearingJobs(get: Get): Record<string, JobHandler> {
  return { 'fees.clear': (payload) => get(Clearances).work((payload as { clearanceId: string }).clearanceId) };
}

export function clearingRoutes(r: Routes, get: Get): void {
  clearanceRoutes(r, { clearances: get(Clearances), school: get(SCHOOL), subjects: get(SUBJECTS), students: get(STUDENTS) });
}
