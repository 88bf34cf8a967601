import { createHash, randomBytes } from 'node:crypto';
import type { Container, ServiceIdentifier } from 'inversify';
import { documentCode } from '../../../kernel/codes.js';
import { AUDIT } from '../../../platform/http/ports.js';
import { enqueue } from '../../../platform/jobs/index.js';
import { on, onAll, type Get, type JobHandler, type ModuleWork } from '../../../platform/module.js';
import { CLOCK, PUBLISH, UNIT } from '../../../platform/tokens.js';
import { APPROVAL_KINDS, APPROVALS } from '../../approvals/index.js';
import { LEDGER, LEDGER_CHECKS } from '../../finance/index.js';
import { HR } from '../../hr/index.js';
import { SCHOOL } from '../../school/index.js';
import {
  STUDENT_PANELS,
  STUDENT_TIES,
  StudentChanged,
  StudentEnrolled,
  StudentLeft,
  STUDENTS,
  YEAR_BILLS,
  YearTakenBack,
} from '../../students/index.js';
import { PostgresAsideStore } from './adapters/aside.store.js';
import { PostgresAwardStore } from '../awards/adapters/award.store.js';
import { PostgresDocumentStore } from '../documents/adapters/document.store.js';
import { PostgresHoldStore } from '../documents/adapters/hold.store.js';
import { PostgresRunStore } from './adapters/run.store.js';
import { PostgresSeriesStore } from '../documents/adapters/series.store.js';
import { PostgresFeeSettingsStore } from '../structures/adapters/settings.store.js';
import { PostgresSponsorStore } from '../awards/adapters/sponsor.store.js';
import { PostgresStatementLinkStore } from '../statements/adapters/statement-link.store.js';
import { PostgresSubscriptionStore } from './adapters/subscription.store.js';
import { Allocations } from '../allocations/allocate.js';
import { feesPanel } from '../statements/adapters/student-panel.js';
import { AutoBilling } from './auto-billing.js';
import { Awards } from '../awards/awards.js';
import { BillingPlan } from './billing-plan.js';
import { BillingRuns, type StoredActor } from './billing-runs.js';
import { Charges } from './charges.js';
import { documentCheck } from '../documents/document-check.js';
import { DoubleBills } from './double-bills.js';
import { Documents } from '../documents/documents.js';
import { FeesDoor } from '../door.js';
import { FeeSettingsKeeping } from '../structures/fee-settings.js';
import type { AllPayPages } from '../statements/statements.js';
import { HowToPay } from '../statements/how-to-pay.js';
import { Invoices } from '../documents/invoices.js';
import { Releases } from '../clearance/releases.js';
import { Sponsors } from '../awards/sponsors.js';
import { FeeStatements } from '../statements/statements.js';
import { StudentAccountTies } from '../documents/student-ties.js';
import { Subscriptions } from './subscriptions.js';
import { FEES, PAY_PAGES, PAY_WAYS, PAYING, type PayWays } from '../index.js';
import {
  ASIDE_STORE,
  AWARD_STORE,
  DOCUMENT_STORE,
  FEE_SETTINGS_STORE,
  FORMER_RECEIPT_STORE,
  HEAD_STORE,
  HOLD_STORE,
  RUN_STORE,
  PLAN_STORE,
  SERIES_STORE,
  SPONSOR_STORE,
  STATEMENT_LINK_STORE,
  STRUCTURE_STORE,
  SUBSCRIPTION_STORE,
} from '../ports.js';

const TRIES = 5;
export const ALL_PAY_PAGES: ServiceIdentifier<AllPayPages> = Symbol('AllPayPages');
const WAYS: ServiceIdentifier<() => PayWays[]> = Symbol('AllPayWays');

export const linkSecrets = {
  newToken: () => documentCode(randomBytes(32)),
  hash: (token: string) => createHash('sha256').update(token).digest('base64url'),
};

/** What bills, notes and runs are made by. */
export function bindBilling(c: Container): void {
  c.bind(SERIES_STORE).toResolvedValue(() => new PostgresSeriesStore());
  c.bind(HOLD_STORE).toResolvedValue(() => new PostgresHoldStore());
  c.bind(DOCUMENT_STORE).toResolvedValue(() => new PostgresDocumentStore());
  c.bind(FEE_SETTINGS_STORE).toResolvedValue(() => new PostgresFeeSettingsStore());
  c.bind(RUN_STORE).toResolvedValue(() => new PostgresRunStore());
  c.bind(AWARD_STORE).toResolvedValue(() => new PostgresAwardStore());
  c.bind(SPONSOR_STORE).toResolvedValue(() => new PostgresSponsorStore());
  c.bind(SUBSCRIPTION_STORE).toResolvedValue(() => new PostgresSubscriptionStore());
  c.bind(Documents).toResolvedValue(
    (...parts) => new Documents(...parts),
    [DOCUMENT_STORE, SERIES_STORE, HEAD_STORE, LEDGER, Allocations],
  );
  c.bind(BillingPlan).toResolvedValue(
    (heads, structures, documents, awards, subscriptions, settings, school, students, hr) =>
      new BillingPlan({ heads, structures, documents, awards, subscriptions, settings, school, students, hr }),
    [HEAD_STORE, STRUCTURE_STORE, DOCUMENT_STORE, AWARD_STORE, SUBSCRIPTION_STORE, FEE_SETTINGS_STORE, SCHOOL, STUDENTS, HR],
  );
  c.bind(BillingRuns).toResolvedValue(
    (unit, publish, audit, clock, runs, store, documents, plan, hold, settings, school) =>
      new BillingRuns({
        unit,
        publish,
        audit,
        clock,
        runs,
        store,
        documents,
        plan,
        hold,
        settings,
        school,
        enqueue: async (job, payload) => void (await enqueue(job, payload, { queue: 'fees', maxAttempts: TRIES })),
      }),
    [UNIT, PUBLISH, AUDIT, CLOCK, RUN_STORE, DOCUMENT_STORE, Documents, BillingPlan, HOLD_STORE, FEE_SETTINGS_STORE, SCHOOL],
  );
  c.bind(AutoBilling).toResolvedValue(
    (unit, runs, billing, plan, documents, store, heads, hold, settings, school, students) =>
      new AutoBilling({ unit, runs, billing, plan, documents, store, heads, hold, settings, school, students }),
    [
      UNIT,
      RUN_STORE,
      BillingRuns,
      BillingPlan,
      Documents,
      DOCUMENT_STORE,
      HEAD_STORE,
      HOLD_STORE,
      FEE_SETTINGS_STORE,
      SCHOOL,
      STUDENTS,
    ],
  );
  c.bind(Charges).toResolvedValue(
    (unit, audit, store, documents, heads, hold, settings, school, students) =>
      new Charges({ unit, audit, store, documents, heads, hold, settings, school, students }),
    [UNIT, AUDIT, DOCUMENT_STORE, Documents, HEAD_STORE, HOLD_STORE, FEE_SETTINGS_STORE, SCHOOL, STUDENTS],
  );
  c.bind(FEES).toResolvedValue((charges, paying) => new FeesDoor(charges, paying), [Charges, PAYING]);
  c.bind(Invoices).toResolvedValue((...parts) => new Invoices(...parts), [DOCUMENT_STORE, STUDENTS]);
  c.bind(DoubleBills).toResolvedValue(
    (...parts) => new DoubleBills(...parts),
    [UNIT, AUDIT, DOCUMENT_STORE, HOLD_STORE, STUDENTS],
  );
  c.bind(FeeSettingsKeeping).toResolvedValue((...parts) => new FeeSettingsKeeping(...parts), [UNIT, AUDIT, FEE_SETTINGS_STORE]);
  c.bind(WAYS).toDynamicValue((context) => () => context.getAll(PAY_WAYS, { optional: true }));
  c.bind(HowToPay).toResolvedValue((...parts) => new HowToPay(...parts), [FEE_SETTINGS_STORE, WAYS]);
  c.bind(Subscriptions).toResolvedValue(
    (...parts) => new Subscriptions(...parts),
    [UNIT, AUDIT, SUBSCRIPTION_STORE, HEAD_STORE, HOLD_STORE, STUDENTS, SCHOOL],
  );
  c.bind(ASIDE_STORE).toResolvedValue(() => new PostgresAsideStore());
  c.bind(STATEMENT_LINK_STORE).toResolvedValue(() => new PostgresStatementLinkStore());
  c.bind(ALL_PAY_PAGES).toDynamicValue((context) => () => context.getAll(PAY_PAGES, { optional: true }));
  c.bind(FeeStatements).toResolvedValue(
    (unit, audit, clock, documents, plans, former, links, aside, ledger, students, school, payPages) =>
      new FeeStatements({
        unit,
        audit,
        clock,
        documents,
        plans,
        former,
        links,
        aside,
        ledger,
        students,
        school,
        payPages,
        secrets: linkSecrets,
      }),
    [
      UNIT,
      AUDIT,
      CLOCK,
      DOCUMENT_STORE,
      PLAN_STORE,
      FORMER_RECEIPT_STORE,
      STATEMENT_LINK_STORE,
      ASIDE_STORE,
      LEDGER,
      STUDENTS,
      SCHOOL,
      ALL_PAY_PAGES,
    ],
  );
  c.bind(YEAR_BILLS).toResolvedValue((auto: AutoBilling) => auto, [AutoBilling]);
  c.bind(STUDENT_PANELS).toResolvedValue((statements, ledger) => feesPanel(statements, ledger), [FeeStatements, LEDGER]);
  c.bind(Sponsors).toResolvedValue((...parts) => new Sponsors(...parts), [UNIT, AUDIT, SPONSOR_STORE, LEDGER]);
  c.bind(Awards).toResolvedValue(
    (unit, audit, store, sponsors, documents, invoices, hold, settings, approvals, students, school, plan, billing) =>
      new Awards({
        unit,
        audit,
        store,
        sponsors,
        documents,
        invoices,
        hold,
        settings,
        approvals,
        students,
        school,
        plan,
        billing,
      }),
    [
      UNIT,
      AUDIT,
      AWARD_STORE,
      SPONSOR_STORE,
      Documents,
      DOCUMENT_STORE,
      HOLD_STORE,
      FEE_SETTINGS_STORE,
      APPROVALS,
      STUDENTS,
      SCHOOL,
      BillingPlan,
      BillingRuns,
    ],
  );
  c.bind(APPROVAL_KINDS).toResolvedValue((awards: Awards) => awards.approval, [Awards]);
  c.bind(Releases).toResolvedValue((...parts) => new Releases(...parts), [UNIT, AUDIT, HEAD_STORE, LEDGER, SCHOOL]);
  c.bind(STUDENT_TIES).toResolvedValue(
    (...parts) => new StudentAccountTies(...parts),
    [DOCUMENT_STORE, FORMER_RECEIPT_STORE, HOLD_STORE, LEDGER, SCHOOL],
  );
  c.bind(LEDGER_CHECKS).toResolvedValue((store) => documentCheck(store), [DOCUMENT_STORE]);
}

/** Fields of a child that its bill depends on, beside its place in a class; the status changes so where leaving is taken back. */
const BILLED_BY = new Set(['status', 'boarding', 'boardingChanges', 'bornOn']);

export function billingWork(get: Get): ModuleWork {
  const job =
    (run: (runs: BillingRuns, id: string, actor: StoredActor, last: boolean) => Promise<void>): JobHandler =>
    (payload, info) => {
      const { runId, actor } = payload as { runId: string; actor: StoredActor };
      return run(get(BillingRuns), runId, actor, info.attempt >= info.maxAttempts);
    };
  return {
    jobs: {
      'fees.bill': job((runs, id, actor, last) => runs.work(id, actor, last)),
      'fees.reverse-run': job((runs, id, actor, last) => runs.workReversal(id, actor, last)),
      'fees.release': async () => void (await get(Releases).run()),
    },
    // Once an hour, so that a school that sleeps at night is not left out; a day's second time changes nothing.
    cron: { 'fees.release': '31 * * * *' },
    // What a list has changed waits for the next run, whose dry run shows it: until then the list can be taken back.
    subscribe: [
      onAll(StudentEnrolled, 'fees.bill-enrolled', (all) => get(AutoBilling).enrolled(all.filter((one) => !one.imported))),
      onAll(StudentChanged, 'fees.bill-changed', (all) =>
        get(AutoBilling).changed(idsOf(all.filter(({ fields }) => fields.some((field) => BILLED_BY.has(field))))),
      ),
      on(StudentLeft, 'fees.bill-left', async ({ studentId, on: day, imported }) => {
        if (!imported) await get(AutoBilling).left(studentId, day);
      }),
      on(YearTakenBack, 'fees.bill-taken-back', ({ yearId, studentIds, leavers }) =>
        get(AutoBilling).takenBack(yearId, studentIds, leavers ?? []),
      ),
    ],
  };
}

function idsOf(events: readonly { studentId: string; imported?: true }[]): string[] {
  return [...new Set(events.filter((one) => !one.imported).map((one) => one.studentId))];
}
