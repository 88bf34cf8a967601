import { systemActor } from '../../../kernel/actor.js';
import { addDays } from '../../../kernel/clock.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi, Term } from '../../school/index.js';
import { shareOf, type DocumentLine, type Standing } from '../domain/billing.js';
import type { DocumentStore, FeeSettingsStore, HeadStore, HoldStore, RunStore } from '../ports.js';
import { shares } from './billing-plan.js';
import { PIECE, type BillingRuns } from './billing-runs.js';
import type { Documents } from './documents.js';

export interface AutoParts {
  unit: Unit;
  runs: RunStore;
  billing: Pick<BillingRuns, 'billNow' | 'startFor'>;
  documents: Documents;
  store: DocumentStore;
  heads: HeadStore;
  hold: HoldStore;
  settings: FeeSettingsStore;
  school: Pick<SchoolApi, 'today' | 'years' | 'days'>;
}

const ACTOR = systemActor('Billing by itself');

/** Bills whoever comes, moves or leaves after their term was billed, where the school wants it so. An event that comes twice changes nothing. */
export class AutoBilling {
  constructor(private readonly parts: AutoParts) {}

  /** Somebody came, moved, came back, or became a boarder; a turn of the year comes with thousands, and those are billed by a run of their own. */
  async changed(studentIds: readonly string[]): Promise<void> {
    const { billing } = this.parts;
    for (const term of await this.openTerms()) {
      if (studentIds.length > PIECE) await billing.startFor(ACTOR, term.id, studentIds);
      else await billing.billNow(ACTOR, term.id, { classIds: [], streamIds: [], boarding: null, studentIds });
    }
  }

  /** Somebody left: they get back the school days that are left, where the school gives them back, and the whole of terms to come. */
  async left(studentId: string, on: string): Promise<void> {
    const { unit, settings, hold, store } = this.parts;
    if ((await settings.find()).leavers === 'keep') return;
    for (const term of await this.openTerms()) {
      await unit(async () => {
        await hold.students([studentId]);
        const standing = (await store.standing(term.id, [studentId])).get(studentId) ?? [];
        await this.giveBack(studentId, term, on, standing);
      });
    }
  }

  /** What is left of a term is a share of the whole bill: said once, it is said for good, and a return bills it again. */
  private async giveBack(studentId: string, term: Term, on: string, standing: readonly Standing[]): Promise<void> {
    const { documents, heads, school, store } = this.parts;
    const until = on < term.startsOn ? term.startsOn : addDays(on, 1);
    const share = (await shares(school, term))(until);
    const byTerm = new Set((await heads.list()).filter((head) => head.frequency === 'term' || until === term.startsOn).map((head) => head.id));
    const today = await school.today();
    for (const { invoiceId, payer, lines } of standing) {
      const sourceKey = `left:${invoiceId}:${on}`;
      if (await store.ofSource(sourceKey)) continue;
      const back = lines.filter((line) => byTerm.has(line.headId)).map((line): DocumentLine => ({ ...line, amountMinor: -shareOf(line.amountMinor, share) })).filter((line) => line.amountMinor !== 0);
      if (back.reduce((sum, line) => sum + line.amountMinor, 0) >= 0) continue;
      const invoice = await store.find(invoiceId);
      await documents.issue(ACTOR, [{
        kind: 'credit-note', studentId, termId: term.id, classId: invoice!.classId, payer, ofId: invoiceId, runId: null, issuedOn: today, dueOn: today,
        reason: 'Left the school', sourceKey, memo: `${invoice!.number}: left the school`, lines: back,
      }]);
    }
  }

  /** Terms that are billed and not over. */
  private async openTerms(): Promise<Term[]> {
    const { settings, runs, school } = this.parts;
    if (!(await settings.find()).autoBill) return [];
    const billed = await runs.billedTerms();
    const today = await school.today();
    return (await school.years()).flatMap((year) => year.terms).filter((term) => billed.has(term.id) && term.endsOn >= today);
  }
}
