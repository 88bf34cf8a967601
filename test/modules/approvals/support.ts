import { RuleBroken } from '../../../src/kernel/errors.js';
import type { Actor } from '../../../src/kernel/actor.js';
import { newId } from '../../../src/kernel/id.js';
import { APPROVAL_KINDS, APPROVALS, type ApprovalKind } from '../../../src/modules/approvals/index.js';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { AUDIT, type AuditTrail } from '../../../src/platform/http/ports.js';
import type { RoleName } from '../../../src/platform/module.js';
import { aSchool, type SchoolOptions, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';

/** Money back: a bursar asks, whoever holds `finance.approve` decides up to 1,000.00, above it an owner. */
export const REFUND = 'test.refund';
export const PASSWORD = 'correct-horse-battery-staple-7';

export interface Member {
  browser: Browser;
  actor: Actor;
  email: string;
}

export interface SchoolWithRefunds extends SchoolUnderTest {
  person(name: string, ...roles: RoleName[]): Promise<Member>;
  /** `spent`: it can't be carried out. */
  ask(by: Member, given?: { amountMinor?: number; payment?: string; spent?: boolean }): Promise<string>;
  /** Requests whose money went back. */
  refunded(): Promise<string[]>;
}

/** A school with one kind of request more; what it does is a row, so that a rollback takes it along. */
export async function withRefunds(options: SchoolOptions = {}): Promise<SchoolWithRefunds> {
  const school = await aSchool(options);
  school.app.container.bind(APPROVAL_KINDS).toConstantValue(refund(school.get(AUDIT)));
  return {
    ...school,
    person: async (name, ...roles) => {
      const email = `${name.toLowerCase().replaceAll(' ', '.')}@school.test`;
      const { userId } = await school.run(() =>
        school.get(IDENTITY).createAccount({ name, email, roles, by: { password: PASSWORD }, actor: school.office }),
      );
      const browser = school.stranger();
      await browser.signIn(email, PASSWORD);
      return { browser, email, actor: { ...school.office, userId, name, roles } };
    },
    ask: async ({ actor }, { amountMinor = 50_000, payment = newId(), spent = false } = {}) => {
      const request = {
        kind: REFUND,
        subject: { kind: 'payment', id: payment },
        amountMinor,
        reason: 'Paid twice by mistake',
        payload: { spent },
        summary: 'The money goes back to the payer.',
      };
      return (await school.run(() => school.get(APPROVALS).ask(actor, request))).requestId;
    },
    refunded: async () =>
      (
        await sql<{ id: string }>(
          school.database,
          "select entity_id as id from audit_entries where action = 'test.refund' order by id",
        )
      ).map((row) => row.id),
  };
}

function refund(audit: AuditTrail): ApprovalKind {
  return {
    key: REFUND,
    label: 'Refund',
    askWith: 'fees.setup',
    decideWith: 'finance.approve',
    limitMinor: () => Promise.resolve(100_000),
    approve: async (actor, request) => {
      await audit.record(actor, { action: 'test.refund', entity: 'payment', entityId: request.id });
      if (request.payload.spent) throw new RuleBroken('spent', 'The credit was used for an invoice meanwhile.');
    },
    describe: ({ subject }, t) => ({
      title: t('Refund of payment {{n}}', { n: subject.id.slice(-6) }),
      lines: ['Payer: Jane Otieno'],
    }),
    href: () => '/fees',
  };
}
