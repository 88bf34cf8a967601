import { demand, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { addDays, type Clock } from '../../../kernel/clock.js';
import { DomainError, NotFound, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import type { Publish, Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import { totalOf, type Step } from '../domain/billing.js';
import { WRITES } from '../domain/document.js';
import { InvoicesIssued } from '../index.js';
import type { BillingRun, DocumentStore, FeeSettingsStore, HoldStore, RunScope, RunStore } from '../ports.js';
import type { BillingPlan, Plan } from './billing-plan.js';
import type { DocumentDraft, Documents } from './documents.js';

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

/** What a run is while its job works, and what it becomes when that is refused: then nothing has changed. */
const STEPS = { bill: { during: 'queued', refused: 'failed' }, reverse: { during: 'reversing', refused: 'done' } } as const;

/** Who asked for a run, as its job keeps it. */
export type StoredActor = Pick<Actor, 'userId' | 'name'>;

const NOBODY_ELSE = { person: null, roles: [], permissions: new Set<string>(), ip: null, requestId: null };

/**
 * Bills a term. All documents of a run are written in one transaction: whoever looks sees none or all of them, and a
 * process that dies leaves nothing behind; the job, which outlives it, does the whole again.
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
    if (!run) throw new NotFound('There is no such billing run.');
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
      await audit.record(actor, { action: 'fees.run.start', entity: 'billing-run', entityId: run.id, label: `${term.name}, ${year.name}`, after: { scope } });
      await enqueue('fees.bill', { runId: run.id, actor: { userId: actor.userId, name: actor.name } });
      return run.id;
    });
  }

  /** The job: what a person must know becomes the run's sentence, everything else is tried again. */
  async work(runId: string, by: StoredActor, lastTry: boolean): Promise<void> {
    await this.settled(runId, lastTry, STEPS.bill, async (run) => {
      const actor: Actor = { ...NOBODY_ELSE, ...by };
      const made = await this.parts.plan.of(run.termId, run.scope);
      await this.write(actor, run, made, (done, of) => this.parts.runs.progress(runId, done, of));
    });
  }

  /** Bills at once, in the caller's transaction; null when all stands already. */
  billNow(actor: Actor, termId: string, scope: RunScope): Promise<string | null> {
    const { unit, hold, plan, runs } = this.parts;
    return unit(async () => {
      if (scope.studentIds) await hold.students(scope.studentIds);
      const made = await plan.of(termId, scope);
      if (!made.rows.some((row) => row.steps.length > 0)) return null;
      const run = newRun(actor, termId, scope, 'done');
      await runs.insert(run);
      await this.write(actor, run, made);
      return run.id;
    });
  }

  /** Takes back everything that a run wrote, and what was written about it since; payments become credit. */
  reverse(actor: Actor, runId: string, reason: string): Promise<void> {
    demand(actor, WRITES);
    const { unit, runs, audit, enqueue } = this.parts;
    return unit(async () => {
      const run = await this.find(actor, runId);
      if (run.state !== 'done') throw new RuleBroken('not-done', 'Only a run that is done can be taken back.');
      await runs.beginReversal(runId, reason);
      await audit.record(actor, { action: 'fees.run.reverse', entity: 'billing-run', entityId: runId, reason, before: { documents: run.documents, totalMinor: run.totalMinor } });
      await enqueue('fees.reverse-run', { runId, actor: { userId: actor.userId, name: actor.name } });
    });
  }

  async workReversal(runId: string, by: StoredActor, lastTry: boolean): Promise<void> {
    const { store, documents, runs, clock } = this.parts;
    await this.settled(runId, lastTry, STEPS.reverse, async (run) => {
      await documents.reverse({ ...NOBODY_ELSE, ...by }, await store.ofRun(runId), run.reversalReason!);
      await runs.update({ id: runId, state: 'reversed', finishedAt: clock.now() });
    });
  }

  private async settled(runId: string, lastTry: boolean, { during, refused }: (typeof STEPS)[keyof typeof STEPS], work: (run: BillingRun) => Promise<void>): Promise<void> {
    const { unit, hold, runs, clock } = this.parts;
    try {
      await unit(async () => {
        await hold.everybody();
        const run = await runs.find(runId);
        if (run?.state === during) await work(run);
      });
    } catch (error) {
      const known = error instanceof DomainError;
      if (known || lastTry) {
        const problem = known ? error.message : 'Something went wrong, and nothing was written. Try again; if it happens again, tell the support.';
        await unit(() => runs.update({ id: runId, state: refused, problem, finishedAt: clock.now(), ...(refused === 'done' && { reversalReason: null }) }));
      }
      if (!known) throw error;
    }
  }

  private async write(actor: Actor, run: Pick<BillingRun, 'id' | 'termId' | 'scope'>, made: Plan, told: (done: number, of: number) => void = () => undefined): Promise<void> {
    const { documents, runs, publish, audit, clock } = this.parts;
    const drafts = await this.drafts(made, run.id);
    const written = await documents.issue(actor, drafts, (done) => told(done, drafts.length));
    const learners = made.rows.filter((row) => row.steps.length > 0).length;
    const totalMinor = drafts.reduce((sum, draft) => sum + totalOf(draft.lines), 0);
    await runs.update({ id: run.id, state: 'done', learners, documents: written.length, done: written.length, totalMinor, problem: null, finishedAt: clock.now() });
    await audit.record(actor, { action: 'fees.run.done', entity: 'billing-run', entityId: run.id, label: `${made.term.name}, ${made.year.name}`, after: { scope: run.scope, learners, documents: written.length, totalMinor } });
    if (written.length > 0) await publish(InvoicesIssued({ runId: run.id, termId: run.termId, count: written.length }));
  }

  /** In the order of the students, so that whoever books for them at the same time goes the same way. */
  private async drafts({ rows, term, year }: Plan, runId: string): Promise<DocumentDraft[]> {
    const { settings, school } = this.parts;
    const today = await school.today();
    const { dueDays } = await settings.find();
    const dueOn = addDays(term.startsOn > today ? term.startsOn : today, dueDays);
    const about = { termId: term.id, runId, issuedOn: today, dueOn, sourceKey: null, memo: `${term.name}, ${year.name}` };
    const ordered = [...rows].sort((a, b) => (a.learner.id < b.learner.id ? -1 : 1));
    return ordered.flatMap(({ learner, steps }) =>
      steps.map((step: Step): DocumentDraft => ({
        ...about, kind: step.kind, studentId: learner.id, classId: learner.classId, payer: step.payer, lines: step.lines,
        ofId: step.kind === 'invoice' ? null : step.invoiceId, reason: step.kind === 'invoice' ? '' : 'What is charged has changed',
      })),
    );
  }
}

function newRun(actor: Actor, termId: string, scope: RunScope, state: 'queued' | 'done'): Omit<BillingRun, 'createdAt' | 'finishedAt'> {
  return {
    id: newId(), termId, scope, state, learners: 0, documents: 0, done: 0, totalMinor: 0, problem: null, reversalReason: null,
    byUserId: actor.userId, byName: actor.name,
  };
}
