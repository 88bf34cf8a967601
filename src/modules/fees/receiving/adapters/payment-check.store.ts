import { query } from '../../../../platform/db/index.js';
import type { PaymentCheckStore } from '../../ports.js';
import * as sql from './payment-check.sql.js';

export class PostgresPaymentCheck implements PaymentCheckStore {
  differingPayments(): Promise<{ id: string }[]> {
    return query('fees.check.payments', sql.DIFFERING_PAYMENTS);
  }

  oversettledReceipts(): Promise<{ id: string; number: string }[]> {
    return query('fees.check.receipts', sql.OVERSETTLED_RECEIPTS);
  }

  differingMoves(): Promise<{ id: string; number: string }[]> {
    return query('fees.check.moves', sql.DIFFERING_MOVES);
  }

  differingRefunds(): Promise<{ id: string; number: string }[]> {
    return query('fees.check.refunds', sql.DIFFERING_REFUNDS);
  }

  differingSlips(): Promise<{ id: string; number: string }[]> {
    return query('fees.check.slips', sql.DIFFERING_SLIPS);
  }

  oversettledHeads(): Promise<{ id: string; number: string }[]> {
    return query('fees.check.heads', sql.OVERSETTLED_HEADS);
  }

  differingDebts(): Promise<{ id: string }[]> {
    return query('fees.check.debts', sql.DIFFERING_DEBTS);
  }

  repeatedReferences(): Promise<{ id: string; value: string }[]> {
    return query('fees.check.references', sql.REPEATED_REFERENCES);
  }

  renumbered(): Promise<{ id: string; number: string | null; given: string | null }[]> {
    return query('fees.check.numbers', sql.RENUMBERED);
  }

  gaps(): Promise<{ key: string; last: number; papers: number }[]> {
    return query('fees.check.series', sql.GAPS);
  }
}
