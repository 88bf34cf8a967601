import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { Clock } from '../../../kernel/clock.js';
import { DomainError, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import type { Publish, Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import { dueDay } from '../statements/ageing.rules.js';
import type { Step } from './billing.rules.js';
import { WRITES } from '../documents/document.rules.js';
import { InvoicesIssued } from '../index.js';
import type { BillingRun, DocumentStore, FeeSettingsStore, HoldStore, RunScope, RunStore } from '../ports.js';
import type { BillingPlan, Plan, PlannedLearner } from './billing-plan.js';
import type { DocumentDraft, Documents } from '../documents/documents.js';

export interface RunParts {
  unit: Unit;
  publish: Publish;
  audit: AuditTrail;
  clock: Clock;
  runs: RunStore;
  store: DocumentStore;
  documents: Documents;
  plan: BillingPlan;
  hold: HoldStore;
  settings: FeeSettingsStore;
  school: Pick<SchoolApi, 'today' | 'years'>;
  enqueue: (job: 'fees.bill' | 'fees.reverse-run', payload: { runId: string; actor: StoredActor }) => Promise<void>;
}

/** Who asked for a run, as its job keeps it. */
export type StoredActor = Pick<Actor, 'userId' | 'name'>;

const NOBODY_ELSE = { person: null, roles: [], permissions: new Set<string>(), ip: null, requestId: null };

/** So many students are billed in one transaction: a receipt waits for those few, and never for the run. */
export const PIECE = 20;
/** What is charged may change while a run is under way; it then goes over the school again. */
const ROUNDS = 5;
const FEES_CHANGED = 'The fees have changed';
const BROKEN = 'Something went wrong, and nothing was issued. Try again; if it happens again, contact support.';
const STUCK = 'Something went wrong, and only some of the bills were issued. Reverse the run, or bill again to issue the rest.';

/**
 * Bills a term, some students at a time, each lot whole and in a transaction of its own that holds these students only.
 * What is left to do is what still differs from what is to be owed, so that a process that dies leaves a run that its job,
 * which outlives it, carries on with, and nobody is billed twice. A run ends done, with every bill, or refused, with none.
 */
export class BillingRuns {
  constructor(private readonly parts: RunParts) {}

  /** What would be written, without writing it. */
  async dryRun(actor: Actor, termId: string, scope: RunScope): Promise<Plan> {
    demand(actor, WRITES);
    return this.parts.plan.of(termId, scope);
  }

  list(actor: Actor, cursor: string | null, limit: number): Promise<Page<BillingRun>> {
    demand(actor, WRITES);
    return this.parts.runs.list(cursor, limit);
  }

  async find(actor: Actor, id: string): Promise<BillingRun> {
    demand(actor, WRITES);
    const run = await this.parts.runs.find(id);
    if (!run) throw new Missing('billing-run');
    return run;
  }

  /** Queues it. @throws Conflict while another run of the term is under way */
  start(actor: Actor, termId: string, scope: RunScope): Promise<string> {
    demand(actor, WRITES);
    const { unit, runs, plan, audit, enqueue } = this.parts;
    return unit(async () => {
      const { term, year } = await plan.of(termId, scope);
      const run = newRun(actor, termId, scope, 'queued');
      await runs.insert(run);
      await audit.record(actor, {
        action: 'fees.run.start',
        entity: 'billing-run',
        entityId: run.id,
        label: `${term.name}, ${year.name}`,
        after: { scope },
      });
      await enqueue('fees.bill', { runId: run.id, actor: { userId: actor.userId, name: actor.name } });
      return run.id;
    });
  }

  /** The same without a person: bills these as the job does. Nothing to do when all stands already. @throws Conflict while another run of the term is under way */
  async startFor(actor: Actor, termId: string, studentIds: readonly string[]): Promise<void> {
    const { unit, runs, plan, enqueue } = this.parts;
    const scope: RunScope = { classIds: [], streamIds: [], boarding: null, studentIds };
    await unit(async () => {
      if (!(await plan.of(termId, scope)).rows.some(isDue)) return;
      const run = newRun(actor, termId, scope, 'queued');
      await runs.insert(run);
      await enqueue('fees.bill', { runId: run.id, actor: { userId: actor.userId, name: actor.name } });
    });
  }

  /** The job: what a person must know becomes the run's sentence, everything else is tried again where it stopped. */
  async work(runId: string, by: StoredActor, lastTry: boolean): Promise<void> {
    const actor: Actor = { ...NOBODY_ELSE, ...by };
    try {
      await this.bill(actor, runId);
    } catch (error) {
      const known = error instanceof DomainError;
      if (known || lastTry) await this.giveUp(actor, runId, known ? error.message : BROKEN);
      if (!known) throw error;
    }
  }

  /** Bills at once, in the caller's transaction; null when all stands already. `why` stands on the notes. */
  billNow(actor: Actor, termId: string, scope: RunScope, why = FEES_CHANGED): Promise<string | null> {
    const { unit, hold, plan, runs } = this.parts;
    return unit(async () => {
      if (scope.studentIds) await hold.students(scope.studentIds);
      const made = await plan.of(termId, scope);
      if (!made.rows.some(isDue)) return null;
      const run = newRun(actor, termId, scope, 'done');
      await runs.insert(run);
      await this.parts.documents.issue(actor, await this.drafts(made, run.id, why));
      await this.conclude(actor, run, made);
      return run.id;
    });
  }

  /** Takes back everything that a run wrote, and what was written about it since; payments become credit. */
  reverse(actor: Actor, runId: string, reason: string): Promise<void> {
    demand(actor, WRITES);
    const { unit, runs, audit, enqueue } = this.parts;
    return unit(async () => {
      const run = await this.find(actor, runId);
      if (run.state !== 'done') throw new RuleBroken('not-done', 'Only a finished run can be reversed.');
      await runs.beginReversal(runId, reason);
      await audit.record(actor, {
        action: 'fees.run.reverse',
        entity: 'billing-run',
        entityId: runId,
        reason,
        before: { documents: run.documents, totalMinor: run.totalMinor },
      });
      await enqueue('fees.reverse-run', { runId, actor: { userId: actor.userId, name: actor.name } });
    });
  }

  async workReversal(runId: string, by: StoredActor, lastTry: boolean): Promise<void> {
    const { unit, runs, clock } = this.parts;
    try {
      const run = await runs.find(runId);
      if (run?.state !== 'reversing') return;
      await this.takeBack({ ...NOBODY_ELSE, ...by }, run, run.reversalReason!);
      await unit(() => runs.update({ id: runId, state: 'reversed', problem: null, finishedAt: clock.now() }));
    } catch (error) {
      const known = error instanceof DomainError;
      const problem = known
        ? error.message
        : 'Something went wrong, and some documents have not been reversed. Reverse the run again; if it happens again, contact support.';
      if (known || lastTry)
        await unit(() => runs.update({ id: runId, state: 'done', reversalReason: null, problem, finishedAt: clock.now() }));
      if (!known) throw error;
    }
  }

  private async bill(actor: Actor, runId: string): Promise<void> {
    const { unit, runs, plan } = this.parts;
    for (let round = 0; ; round++) {
      const run = await runs.find(runId);
      if (run?.state !== 'queued') return;
      const made = await plan.of(run.termId, run.scope);
      const due = made.rows.filter(isDue);
      if (due.length === 0 || round === ROUNDS) {
        return unit(async () => {
          if ((await runs.hold(runId))?.state === 'queued') await this.conclude(actor, run, made);
        });
      }
      const of = run.done + due.reduce((sum, row) => sum + row.steps.length, 0);
      const ids = due.map((row) => row.learner.id).sort();
      for (const piece of piecesOf(ids)) if (!(await this.billPiece(actor, runId, piece, of))) return;
    }
  }

  /** What is charged is worked out anew while these students are held. False when the run was ended meanwhile. */
  private billPiece(actor: Actor, runId: string, studentIds: readonly string[], of: number): Promise<boolean> {
    const { unit, runs, hold, plan, documents } = this.parts;
    return unit(async () => {
      const run = await runs.hold(runId);
      if (run?.state !== 'queued') return false;
      await hold.students(studentIds);
      const written = await documents.issue(actor, await this.drafts(await plan.of(run.termId, run.scope, studentIds), runId));
      const done = run.done + written.length;
      await runs.update({ id: runId, done, documents: Math.max(of, done) });
      return true;
    });
  }

  /** A run that can't be carried out leaves nothing behind; one of which nothing can be taken back either is shown as it stands. */
  private async giveUp(actor: Actor, runId: string, problem: string): Promise<void> {
    const { unit, runs, clock } = this.parts;
    const run = await runs.find(runId);
    if (run?.state !== 'queued') return;
    const nothing = { learners: 0, documents: 0, done: 0, totalMinor: 0, state: 'failed', problem } as const;
    const ended = await this.takeBack(actor, run, 'The billing run could not be finished').then(
      () => nothing,
      async () => ({ ...(await runs.totals(runId)), state: 'done', problem: STUCK }) as const,
    );
    await unit(() => runs.update({ id: runId, ...ended, finishedAt: clock.now() }));
  }

  /** Everything that stands of it, some students at a time; done again it goes on with what is left. */
  private async takeBack(actor: Actor, { id, state }: BillingRun, why: string): Promise<void> {
    const { unit, store, documents, hold, runs } = this.parts;
    for (let left = await store.ofRun(id, null); left.length > 0; left = await store.ofRun(id, null)) {
      for (const piece of piecesOf([...new Set(left.map((one) => one.studentId))].sort())) {
        const stopped = await unit(async () => {
          if ((await runs.hold(id))?.state !== state) return true;
          await hold.students(piece);
          await documents.reverse(actor, await store.ofRun(id, piece), why);
          return false;
        });
        if (stopped) return;
      }
    }
  }

  private async conclude(actor: Actor, run: Pick<BillingRun, 'id' | 'termId' | 'scope'>, { term, year }: Plan): Promise<void> {
    const { runs, publish, audit, clock } = this.parts;
    const totals = await runs.totals(run.id);
    await runs.update({ id: run.id, state: 'done', ...totals, done: totals.documents, problem: null, finishedAt: clock.now() });
    await audit.record(actor, {
      action: 'fees.run.done',
      entity: 'billing-run',
      entityId: run.id,
      label: `${term.name}, ${year.name}`,
      after: { scope: run.scope, ...totals },
    });
    if (totals.documents > 0) await publish(InvoicesIssued({ runId: run.id, termId: run.termId, count: totals.documents }));
  }

  /** In the order of the students, so that whoever books for them at the same time goes the same way. */
  private async drafts({ rows, term, year }: Plan, runId: string, why = FEES_CHANGED): Promise<DocumentDraft[]> {
    const { settings, school } = this.parts;
    const today = await school.today();
    const { dueDays } = await settings.find();
    const dueOn = dueDay(today, dueDays, term.startsOn);
    const about = { termId: term.id, runId, issuedOn: today, dueOn, sourceKey: null, memo: `${term.name}, ${year.name}` };
    const ordered = [...rows].sort((a, b) => (a.learner.id < b.learner.id ? -1 : 1));
    return ordered.flatMap(({ learner, steps }) =>
      steps.map((step: Step): DocumentDraft => ({
        ...about,
        kind: step.kind,
        studentId: learner.id,
        classId: learner.classId,
        payer: step.payer,
        lines: step.lines,
        ofId: step.kind === 'invoice' ? null : step.invoiceId,
        reason: step.kind === 'invoice' ? '' : why,
      })),
    );
  }
}

function isDue(row: PlannedLearner): boolean {
  return row.steps.length > 0;
}

function piecesOf(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / PIECE) }, (_, n) => ids.slice(n * PIECE, (n + 1) * PIECE));
}

function newRun(
  actor: Actor,
  termId: string,
  scope: RunScope,
  state: 'queued' | 'done',
): Omit<BillingRun, 'createdAt' | 'finishedAt'> {
  return {
    id: newId(),
    termId,
    scope,
    state,
    learners: 0,
    documents: 0,
    done: 0,
    totalMinor: 0,
    problem: null,
    reversalReason: null,
    byUserId: actor.userId,
    byName: actor.name,
  };
}
