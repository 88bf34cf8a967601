import { can } from '../../../../kernel/actor.js';
import { formatMoney } from '../../../../kernel/money.js';
import type { LedgerApi } from '../../../finance/index.js';
import type { SchoolApi } from '../../../school/index.js';
import type { ClearanceLine } from '../../../students/index.js';
import { SEES_ACCOUNTS } from '../../documents/document.rules.js';

/** What fees say on the slip of a child that leaves: all that is owed, due or not; the amount for those only who may see accounts. */
export function clearanceLine(
  ledger: Pick<LedgerApi, 'openBooks' | 'balance'>,
  school: Pick<SchoolApi, 'profile'>,
): ClearanceLine {
  return {
    part: 'fees',
    order: 10,
    label: 'Fees',
    of: async (actor, studentId, t) => {
      const minor = (await ledger.openBooks()) ? await ledger.balance({ kind: 'student', id: studentId }) : 0;
      if (minor <= 0) return { clear: true, words: t('Nothing is owed') };
      if (!can(actor, SEES_ACCOUNTS)) return { clear: false, words: t('See the bursar') };
      return { clear: false, words: t('{{amount}} is owed', { amount: formatMoney(minor, (await school.profile()).currency) }) };
    },
  };
}
