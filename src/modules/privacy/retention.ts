import { formatDay } from '../../kernel/day-words.js';
import { demand, systemActor, type Actor } from '../../kernel/actor.js';
import type { AuditTrail } from '../../kernel/audit.js';
import { Invalid } from '../../kernel/errors.js';
import { newId } from '../../kernel/id.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { RetentionClass } from '../../kernel/people/personal-data.js';
import { keptFrom, MOST_MONTHS, ruleOf, type RetentionRule } from './retention.rules.js';
import type { RetentionRun, RetentionStore } from './ports.js';
import type { Erasure } from './erasure.js';

/** Things that go in one transaction, so that a run can be stopped at any moment and goes on where it was. */
const STEP = 500;
const PEOPLE_STEP = 20;

export interface PlannedClass {
  kind: RetentionClass;
  rule: RetentionRule;
  keptFrom: string;
  /** What the next run would take. */
  due: number;
}

interface RetentionParts {
  classes: readonly RetentionClass[];
  store: RetentionStore;
  erasure: Erasure;
  unit: Unit;
  audit: AuditTrail;
  today(): Promise<string>;
}

/** How long each kind of data is kept, and the job that lets it go. */
export class Retention {
  constructor(private readonly parts: RetentionParts) {}

  /** A dry run: counted, nothing done. */
  async plan(actor: Actor): Promise<{ classes: PlannedClass[]; runs: RetentionRun[] }> {
    demand(actor, 'privacy.retention');
    const [rules, today] = [await this.parts.store.rules(), await this.parts.today()];
    const classes: PlannedClass[] = [];
    for (const kind of this.parts.classes) {
      const rule = ruleOf(kind, rules);
      const from = keptFrom(today, rule.months);
      classes.push({ kind, rule, keptFrom: from, due: await kind.count(from) });
    }
    return { classes, runs: await this.parts.store.runs(20) };
  }

  /** @throws Invalid */
  async save(actor: Actor, wanted: readonly RetentionRule[]): Promise<void> {
    demand(actor, 'privacy.retention');
    const problems = wanted.flatMap(({ key, months }, index) => this.problem(key, months, index));
    if (problems.length > 0) throw new Invalid(problems);
    await this.parts.unit(async () => {
      const before = await this.parts.store.rules();
      for (const rule of wanted) await this.parts.store.save(rule);
      await this.parts.audit.record(actor, {
        action: 'privacy.retention.change',
        entity: 'privacy_rules',
        entityId: null,
        before,
        after: wanted,
      });
    });
  }

  /** All kinds that are on; returns how many things went. */
  async run(actor: Actor = systemActor('privacy.retention')): Promise<number> {
    const [rules, today] = [await this.parts.store.rules(), await this.parts.today()];
    let removed = 0;
    for (const kind of this.parts.classes) {
      const rule = ruleOf(kind, rules);
      if (rule.on) removed += await this.runOne(actor, kind, keptFrom(today, rule.months));
    }
    return removed;
  }

  private async runOne(actor: Actor, kind: RetentionClass, from: string): Promise<number> {
    const refused: RetentionRun['refused'] = [];
    const removed = 'people' in kind ? await this.erasePeople(actor, kind, from, refused) : await this.remove(kind, from);
    if (removed === 0 && refused.length === 0) return 0;
    await this.parts.unit(async () => {
      const run = { id: newId(), key: kind.key, keptFrom: from, removed, refused, byName: actor.name };
      await this.parts.store.addRun(run);
      await this.parts.audit.record(actor, {
        action: 'privacy.retention',
        entity: 'privacy_runs',
        entityId: run.id,
        label: kind.label,
        after: { removed, keptFrom: from, refused: refused.length },
      });
    });
    return removed;
  }

  private async remove(kind: Extract<RetentionClass, { remove: unknown }>, from: string): Promise<number> {
    let removed = 0;
    for (;;) {
      const gone = await this.parts.unit(() => kind.remove(from, STEP));
      removed += gone;
      if (gone < STEP) return removed;
    }
  }

  /** Each person in a transaction of their own; those who may not go yet are asked again the next time. */
  private async erasePeople(
    actor: Actor,
    kind: Extract<RetentionClass, { people: unknown }>,
    from: string,
    refused: RetentionRun['refused'],
  ): Promise<number> {
    let removed = 0;
    for (;;) {
      const due = (await kind.people(from, PEOPLE_STEP + refused.length)).filter(
        ({ id }) => !refused.some((one) => one.label === id),
      );
      if (due.length === 0) return removed;
      for (const subject of due) {
        const outcome = await this.parts.erasure.eraseDue(actor, subject, `${kind.label}, kept from ${formatDay(from)}`);
        if (outcome.refused.length > 0) refused.push({ label: subject.id, why: outcome.refused });
        else removed += 1;
      }
    }
  }

  private problem(key: string, months: number, index: number): { field: string; message: string }[] {
    const kind = this.parts.classes.find((one) => one.key === key);
    if (!kind) return [{ field: '', message: 'Unknown kind of data.' }];
    if (months >= kind.least && months <= MOST_MONTHS) return [];
    return [
      {
        field: `rules.${index}.months`,
        message: months < kind.least ? 'This kind of data must be kept longer' : 'That is longer than the maximum',
      },
    ];
  }
}
