import type { DashboardCard } from '../../../../platform/module.js';
import type { LedgerApi } from '../../../finance/index.js';
import type { SchoolApi } from '../../../school/index.js';
import type { StudentsApi } from '../../../students/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import type { AllPayPages } from '../statements.js';
import type { HowToPay } from '../how-to-pay.js';
import type { InstalmentsApi, NextInstalment, PayingApi } from '../../index.js';
import type { PaymentStore } from '../../ports.js';

export interface FamilyCardParts {
  students: Pick<StudentsApi, 'ownChildren'>;
  subjects: Pick<SubjectsApi, 'classList'>;
  ledger: Pick<LedgerApi, 'balances'>;
  payTo: Pick<HowToPay, 'find'>;
  overdue: Pick<PayingApi, 'overdueOf'>;
  bills: Pick<PaymentStore, 'lastBills'>;
  school: Pick<SchoolApi, 'years'>;
  plans: InstalmentsApi;
  payPages: AllPayPages;
}

/** A family's first page: its own children, what is owed for each, and how to pay it. */
export function familyCard({
  students,
  subjects,
  ledger,
  payTo,
  overdue,
  bills,
  school,
  plans,
  payPages,
}: FamilyCardParts): DashboardCard {
  return {
    order: 1,
    can: 'signed-in',
    view: 'fees/_family',
    async load(actor) {
      const children = await students.ownChildren(actor);
      if (children.length === 0) return null;
      const ids = children.map((one) => one.id);
      const [balances, late, next, billed, years, ways, { streams }, pays] = await Promise.all([
        ledger.balances(ids),
        overdue.overdueOf(ids),
        plans.nextOf(ids),
        bills.lastBills(ids),
        school.years(),
        payTo.find(),
        subjects.classList(),
        Promise.all(payPages().map((page) => page.mayPay(actor))),
      ]);
      const terms = new Map(years.flatMap((year) => year.terms).map((term) => [term.id, term.name]));
      const labels = new Map(streams.map((stream) => [stream.id, stream.label]));
      const rows = children.map((child) => ({
        child,
        place: child.streamId ? (labels.get(child.streamId) ?? '') : '',
        ...standing(balances.get(child.id) ?? 0, late.get(child.id) ?? 0, next.get(child.id)),
      }));
      return {
        rows,
        owedMinor: rows.reduce((sum, row) => sum + Math.max(row.owingMinor, 0), 0),
        billed: billed && billed.billedMinor > 0 ? { ...billed, term: terms.get(billed.termId) ?? '' } : null,
        payTo: ways,
        payFor: pays.includes(true) ? (rows.find((row) => row.owingMinor > 0) ?? rows[0]!).child.id : null,
      };
    },
  };
}

/** What is late, or comes next by a plan; never more than what is owed. */
function standing(
  owingMinor: number,
  overdueMinor: number,
  next: NextInstalment | undefined,
): { owingMinor: number; lateMinor: number; next: NextInstalment | null } {
  const atMost = (minor: number): number => Math.min(minor, Math.max(owingMinor, 0));
  if (!next) return { owingMinor, lateMinor: atMost(overdueMinor), next: null };
  const part = atMost(next.amountMinor);
  return { owingMinor, lateMinor: next.late ? part : 0, next: next.late || part === 0 ? null : { ...next, amountMinor: part } };
}
