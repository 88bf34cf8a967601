import type { Container } from 'inversify';
import { AUDIT } from '../../platform/http/ports.js';
import type { Routes } from '../../platform/http/routes.js';
import type { Get, Permission } from '../../platform/module.js';
import { CONFIG } from '../../platform/settings.js';
import { UNIT } from '../../platform/tokens.js';
import { FAMILY_MESSAGES } from '../notifications/index.js';
import { SCHOOL } from '../school/index.js';
import { STUDENTS } from '../students/index.js';
import { SUBJECTS } from '../subjects/index.js';
import { PostgresDefaulterStore } from './adapters/postgres/defaulter.store.js';
import { defaulterRoutes } from './adapters/web/defaulters.routes.js';
import { reminderRoutes } from './adapters/web/reminders.routes.js';
import { Defaulters, REMINDS } from './application/defaulters.js';
import { Reminders } from './application/reminders.js';
import { FeeStatements } from './application/statements.js';
import { linkSecrets } from './billing.js';
import { DEFAULTER_STORE } from './ports.js';

export const REMINDING_PERMISSION: Permission = { key: REMINDS, label: 'Write promises to pay down and remind families', group: 'Fees', roles: ['owner', 'bursar'], guarded: 'money' };

/** What is overdue: who owes it, what their families promised, and how they are reminded. */
export function bindReminding(c: Container): void {
  c.bind(DEFAULTER_STORE).toResolvedValue(() => new PostgresDefaulterStore());
  c.bind(Defaulters).toResolvedValue((...parts) => new Defaulters(...parts), [UNIT, AUDIT, DEFAULTER_STORE, STUDENTS, SCHOOL]);
  c.bind(Reminders).toResolvedValue(
    (unit, audit, defaulters, statements, messages, school, config) =>
      new Reminders(unit, audit, defaulters, statements, messages, school, { addressOf: (token) => `${config.publicUrl}/statement/${token}`, sample: linkSecrets.newToken }),
    [UNIT, AUDIT, Defaulters, FeeStatements, FAMILY_MESSAGES, SCHOOL, CONFIG],
  );
}

export function remindingRoutes(r: Routes, get: Get): void {
  const pages = { defaulters: get(Defaulters), reminders: get(Reminders), school: get(SCHOOL), subjects: get(SUBJECTS), students: get(STUDENTS) };
  defaulterRoutes(r, pages);
  reminderRoutes(r, pages);
}
