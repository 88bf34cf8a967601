import type { LedgerApi } from '../../../finance/index.js';
import type { StudentPanel } from '../../../students/index.js';
import type { FeeStatements } from '../statements.js';
import { SEES_ACCOUNTS } from '../../documents/document.rules.js';

/** What the child's family owes, on the page of the child. */
export function feesPanel(statements: FeeStatements, ledger: Pick<LedgerApi, 'balances'>): StudentPanel {
  return {
    order: 10,
    can: SEES_ACCOUNTS,
    view: 'fees/students/_panel',
    column: { label: 'Owes', of: (ids) => ledger.balances(ids) },
    load: async (actor, studentId) => {
      const { closingMinor, ageing, lines, plan, double } = await statements.ofStudent(actor, studentId);
      return {
        double,
        studentId,
        balanceMinor: closingMinor,
        overdueMinor: ageing.totalMinor - ageing.comingMinor,
        plan,
        last: lines.filter((line) => line.kind === 'receipt').at(-1) ?? null,
      };
    },
  };
}
