import { query } from '../../../../platform/db/index.js';
import { OTHER_AMOUNT, PAID_ALREADY } from '../message.rules.js';
import type { PaymentCheckStore, Wrong } from '../../ports.js';
import * as sql from './check.sql.js';

const DOUBTS = [OTHER_AMOUNT, PAID_ALREADY];

export class PgPaymentCheck implements PaymentCheckStore {
  overdue(before: Date): ReturnType<PaymentCheckStore['overdue']> {
    return query('payments.check.overdue', sql.OVERDUE, [before]);
  }

  differing(): ReturnType<PaymentCheckStore['differing']> {
    return query('payments.check.differing', sql.DIFFERING);
  }

  async doubled(): Promise<string[]> {
    return numbers(await query('payments.check.doubled', sql.DOUBLED));
  }

  unproven(): Promise<Wrong[]> {
    return query('payments.check.unproven', sql.UNPROVEN, [DOUBTS]);
  }

  twicePrompted(): ReturnType<PaymentCheckStore['twicePrompted']> {
    return query('payments.check.twice-prompted', sql.TWICE_PROMPTED);
  }

  wrongOutcomes(): Promise<Wrong[]> {
    return query('payments.check.outcomes', sql.WRONG_OUTCOMES);
  }

  untold(): Promise<Wrong[]> {
    return query('payments.check.untold', sql.UNTOLD);
  }

  wrongSuspense(): Promise<Wrong[]> {
    return query('payments.check.suspense', sql.WRONG_SUSPENSE);
  }

  lostSuspense(): Promise<Wrong[]> {
    return query('payments.check.lost-suspense', sql.LOST_SUSPENSE);
  }

  async unclaimed(): Promise<string[]> {
    return numbers(await query('payments.check.unclaimed', sql.UNCLAIMED));
  }

  async claimedFrom(after: string, limit: number): Promise<string[]> {
    return numbers(
      await query(
        'payments.check.claims',
        `select trans_id as "transId" from payments_claims where state = 'ours' and trans_id > $1 order by trans_id limit $2`,
        [after, limit],
      ),
    );
  }
}

function numbers(rows: readonly { transId: string }[]): string[] {
  return rows.map((row) => row.transId);
}
