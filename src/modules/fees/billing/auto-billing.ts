import { systemActor } from '../../../kernel/actor.js';
import { addDays } from '../../../kernel/clock.js';
import { grouped } from '../../../kernel/groups.js';
import { billingUnit } from '../../../kernel/money.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi, Term } from '../../school/index.js';
import { isPresent, type PlaceToCome, type StudentsApi, type TermBill, type YearBills } from '../../students/index.js';
import { shareOf, type DocumentLine, type Share, type Standing } from './billing.rules.js';
import type { DocumentStore, FeeSettingsStore, HeadStore, HoldStore, RunStore } from '../ports.js';
import { shares, type BillingPlan } from './billing-plan.js';
import { PIECE, type BillingRuns } from './billing-runs.js';
import type { Documents } from '../documents/documents.js';

export interface AutoParts {
  unit: Unit;
  runs: RunStore;
  billing: Pick<BillingRuns, 'billNow' | 'startFor'>;
  plan: Pick<BillingPlan, 'of' | 'roll' | 'leftOf'>;
  documents: Documents;
  store: DocumentStore;
  heads: HeadStore;
  hold: HoldStore;
  settings: FeeSettingsStore;
  school: Pick<SchoolApi, 'today' | 'years' | 'days' | 'profile'>;
  students: Pick<StudentsApi, 'holders' | 'siblingsOf'>;
}

/** Somebody has a place in a year. */
export interface Place {
  studentId: string;
  yearId: string;
  reason: string;
}

/** Somebody left by a turn of the year, and on which day. */
export interface Leaver {
  studentId: string;
  on: string;
}

/** With these the whole school moves, so that brothers and sisters are counted anew. */
const BY_THE_YEAR = new Set(['promoted', 'repeating']);
const WHY_BACK = 'The move to the new year was undone';

const ACTOR = systemActor('Automatic billing');

/** Bills whoever comes, moves or leaves after their term was billed, where the school wants it so. An event that comes twice changes nothing. */
export class AutoBilling implements YearBills {
  constructor(private readonly parts: AutoParts) {}

  /** Somebody came, moved, or went on to another year: billed are the terms of the year in which the place is. */
  async enrolled(places: readonly Place[]): Promise<void> {
    for (const [yearId, ofYear] of grouped(places, (one) => one.yearId)) {
      const ids = ofYear.map((one) => one.studentId);
      const turned = ofYear.filter((one) => BY_THE_YEAR.has(one.reason)).map((one) => one.studentId);
      const siblings =
        turned.length === 0 ? [] : [...(await this.parts.students.siblingsOf(turned)).values()].flat().map((one) => one.id);
      await this.changed([...new Set([...ids, ...siblings])], yearId);
    }
  }

  /** What `enrolled` would write for these, had they their places already. */
  async expected(yearId: string, joining: readonly PlaceToCome[]): Promise<TermBill[]> {
    const scope = { classIds: [], streamIds: [], boarding: null, studentIds: joining.map((one) => one.studentId) };
    const bills: TermBill[] = [];
    for (const term of await this.openTerms(yearId)) {
      const changed = (await this.parts.plan.of(term.id, scope, null, joining)).rows.filter((row) => row.steps.length > 0);
      const amountMinor = changed.reduce((sum, row) => sum + row.thenMinor - row.nowMinor, 0);
      if (changed.length > 0) bills.push({ term: term.name, students: changed.length, amountMinor });
    }
    return bills;
  }

  /** Somebody became a boarder, or what they are charged has changed otherwise; a turn of the year comes with thousands, and those are billed by a run of their own. */
  async changed(studentIds: readonly string[], yearId: string | null = null): Promise<void> {
    const { billing } = this.parts;
    for (const term of await this.openTerms(yearId)) {
      if (studentIds.length > PIECE) await billing.startFor(ACTOR, term.id, studentIds);
      else await billing.billNow(ACTOR, term.id, { classIds: [], streamIds: [], boarding: null, studentIds });
    }
  }

  /** Somebody left: they get back the school days that are left, where the school gives them back, and the whole of terms to come. */
  async left(studentId: string, on: string): Promise<void> {
    const { unit, settings, hold, store, students } = this.parts;
    if ((await settings.find()).leavers === 'keep') return;
    for (const term of await this.openTerms(null)) {
      await unit(async () => {
        await hold.students([studentId]);
        // Undone before anybody heard of it.
        if ((await students.holders([studentId])).some(isPresent)) return;
        const standing = (await store.standing(term.id, [studentId])).get(studentId) ?? [];
        await this.giveBack(studentId, term, on, standing);
      });
    }
  }

  /**
   * A turn of the year was taken back: what was billed for places that are no more is void, and so is what leavers were
   * given back. Nothing is corrected by notes; the documents themselves are taken back, and what was paid is credit.
   */
  async takenBack(yearId: string, studentIds: readonly string[], leavers: readonly Leaver[]): Promise<void> {
    const { unit, hold, plan, store, documents, school } = this.parts;
    const year = (await school.years()).find((one) => one.id === yearId);
    const gone: { termId: string; ids: ReadonlySet<string> }[] = [];
    for (const term of year?.terms ?? []) {
      const there = new Set((await plan.roll(year!, term)).map((one) => one.id));
      gone.push({ termId: term.id, ids: new Set(studentIds.filter((id) => !there.has(id))) });
    }
    for (let at = 0; at < studentIds.length; at += PIECE) {
      const piece = studentIds.slice(at, at + PIECE);
      await unit(async () => {
        await hold.students(piece);
        for (const { termId, ids } of gone)
          await documents.reverse(
            ACTOR,
            await store.billedIn(
              termId,
              piece.filter((id) => ids.has(id)),
            ),
            WHY_BACK,
          );
        await documents.reverse(ACTOR, await store.givenBack(leavers.filter((one) => piece.includes(one.studentId))), WHY_BACK);
      });
    }
  }

  /** What is left of a term is a share of the whole bill: said once, it is said for good, until a return bills it again. */
  private async giveBack(studentId: string, term: Term, on: string, standing: readonly Standing[]): Promise<void> {
    const { documents, heads, plan, school, store } = this.parts;
    const until = on < term.startsOn ? term.startsOn : addDays(on, 1);
    const share = (await shares(school, term))(until);
    const byTerm = new Set(
      (await heads.list()).filter((head) => head.frequency === 'term' || until === term.startsOn).map((head) => head.id),
    );
    const partOf = until === term.startsOn ? new Map<string, Share>() : await plan.leftOf(term.id, studentId, until);
    const [today, unit] = [await school.today(), billingUnit((await school.profile()).currency)];
    for (const { invoiceId, payer, lines } of standing) {
      const { notes, counts } = await store.leftBefore(invoiceId, on);
      if (counts) continue;
      const sourceKey = `left:${invoiceId}:${on}${notes > 0 ? `:${notes + 1}` : ''}`;
      const back = lines
        .filter((line) => byTerm.has(line.headId))
        .map((line): DocumentLine => ({
          ...line,
          amountMinor: -shareOf(line.amountMinor, partOf.get(line.headId) ?? share, unit),
        }))
        .filter((line) => line.amountMinor !== 0);
      if (back.reduce((sum, line) => sum + line.amountMinor, 0) >= 0) continue;
      const invoice = await store.find(invoiceId);
      await documents.issue(ACTOR, [
        {
          kind: 'credit-note',
          studentId,
          termId: term.id,
          classId: invoice!.classId,
          payer,
          ofId: invoiceId,
          runId: null,
          issuedOn: today,
          dueOn: today,
          reason: 'Left the school',
          sourceKey,
          memo: `${invoice!.number}: left the school`,
          lines: back,
        },
      ]);
    }
  }

  /** Terms that are billed and not over, of one year or of all. */
  private async openTerms(yearId: string | null): Promise<Term[]> {
    const { settings, runs, school } = this.parts;
    if (!(await settings.find()).autoBill) return [];
    const billed = await runs.billedTerms();
    const today = await school.today();
    const years = (await school.years()).filter((year) => yearId === null || year.id === yearId);
    return years.flatMap((year) => year.terms).filter((term) => billed.has(term.id) && term.endsOn >= today);
  }
}
