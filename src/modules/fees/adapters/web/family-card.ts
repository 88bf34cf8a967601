import type { DashboardCard } from '../../../../platform/module.js';
import type { LedgerApi } from '../../../finance/index.js';
import type { StudentsApi } from '../../../students/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import type { HowToPay } from '../../application/how-to-pay.js';

export interface FamilyCardParts {
  students: Pick<StudentsApi, 'ownChildren'>;
  subjects: Pick<SubjectsApi, 'classList'>;
  ledger: Pick<LedgerApi, 'balances'>;
  payTo: Pick<HowToPay, 'find'>;
}

/** A family's first page: its own children, what is owed for each, and how to pay it. */
export function familyCard({ students, subjects, ledger, payTo }: FamilyCardParts): DashboardCard {
  return {
    order: 1,
    can: 'signed-in',
    view: 'fees/_family',
    async load(actor) {
      const children = await students.ownChildren(actor);
      if (children.length === 0) return null;
      const [balances, ways, { streams }] = await Promise.all([ledger.balances(children.map((one) => one.id)), payTo.find(), subjects.classList()]);
      const labels = new Map(streams.map((stream) => [stream.id, stream.label]));
      const rows = children.map((child) => ({ child, place: child.streamId ? (labels.get(child.streamId) ?? '') : '', owingMinor: balances.get(child.id) ?? 0 }));
      return { rows, owedMinor: rows.reduce((sum, row) => sum + Math.max(row.owingMinor, 0), 0), payTo: ways };
    },
  };
}
