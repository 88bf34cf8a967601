import type { Container } from 'inversify';
import { AUDIT } from '../../../platform/http/ports.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Get, Permission } from '../../../platform/module.js';
import { UNIT } from '../../../platform/tokens.js';
import { SCHOOL } from '../../school/index.js';
import { STUDENTS } from '../../students/index.js';
import { SUBJECTS } from '../../subjects/index.js';
import { PostgresPlanStore } from './adapters/plan.store.js';
import { planRoutes } from './adapters/plans.routes.js';
import { PLANS, Plans } from './plans.js';
import { INSTALMENTS } from '../index.js';
import { FEE_SETTINGS_STORE, HOLD_STORE, PAYMENT_STORE, PLAN_STORE } from '../ports.js';

export const PLANNING_PERMISSION: Permission = {
  key: PLANS,
  label: 'Set up and cancel instalment plans',
  group: 'Fees',
  roles: ['owner', 'bursar'],
  guarded: 'money',
};

/** What is open is paid in instalments: agreed on, watched, printed and taken back. */
export function bindPlanning(c: Container): void {
  c.bind(PLAN_STORE).toResolvedValue(() => new PostgresPlanStore());
  c.bind(Plans).toResolvedValue(
    (unit, audit, plans, payments, hold, settings, students, school) =>
      new Plans({ unit, audit, plans, payments, hold, settings, students, school }),
    [UNIT, AUDIT, PLAN_STORE, PAYMENT_STORE, HOLD_STORE, FEE_SETTINGS_STORE, STUDENTS, SCHOOL],
  );
  c.bind(INSTALMENTS).toService(Plans);
}

export function planningRoutes(r: Routes, get: Get): void {
  planRoutes(r, { plans: get(Plans), school: get(SCHOOL), subjects: get(SUBJECTS) });
}
