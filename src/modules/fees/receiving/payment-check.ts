import type { Difference, LedgerCheck } from '../../finance/index.js';
import type { PaymentCheckStore } from '../ports.js';

/** `Paper R-000012 was given out as R-000011.` */
function renumbered({ number, given }: { number: string | null; given: string | null }): string {
  if (number === null) return `Paper ${given} was given out and is not there any more.`;
  return given === null
    ? `Paper ${number} was never given out under this number.`
    : `Paper ${number} was given out as ${given}: its number was changed since.`;
}

/** What was received agrees with the journal, settles no more than there is, and no number is missing or twice. */
export function paymentCheck(store: PaymentCheckStore): LedgerCheck {
  const differences = (check: string, rows: readonly { id: string }[], sentence: (row: never) => string): Difference[] =>
    rows.map((row) => ({ check, subject: row.id, sentence: sentence(row as never) }));
  return {
    name: 'fee payments',
    run: async () => [
      ...differences(
        'fee-payments',
        await store.differingPayments(),
        () => 'A payment doesn’t agree with its journal entry or with its receipts.',
      ),
      ...differences(
        'fee-moves',
        await store.differingMoves(),
        ({ number }: { number: string }) =>
          `Receipt ${number}, which was moved to another student, doesn’t agree with its journal entry or with the receipt it replaces.`,
      ),
      ...differences(
        'fee-refunds',
        await store.differingRefunds(),
        ({ number }: { number: string }) =>
          `Refund ${number || 'without a number'} doesn’t agree with its journal entry or with the credit it pays out.`,
      ),
      ...differences(
        'fee-cheques',
        await store.differingSlips(),
        ({ number }: { number: string }) => `Slip ${number} doesn’t agree with its cheques or with its journal entry.`,
      ),
      ...differences(
        'fee-receipts',
        await store.oversettledReceipts(),
        ({ number }: { number: string }) => `Receipt ${number} covers more than was paid.`,
      ),
      ...differences(
        'fee-allocations',
        await store.oversettledHeads(),
        ({ number }: { number: string }) => `A vote head of ${number} has more paid than was charged.`,
      ),
      ...differences('fee-debts', await store.differingDebts(), () => 'What a family owes doesn’t agree with its bills.'),
      ...differences(
        'fee-references',
        await store.repeatedReferences(),
        ({ value }: { value: string }) => `The number ${value} is on two payments.`,
      ),
      ...differences('fee-numbers', await store.renumbered(), renumbered),
      ...(await store.gaps()).map(({ key, last, papers }) => ({
        check: 'fee-series',
        subject: key,
        sentence: `There are ${papers} ${key}s up to number ${last}: one is missing or was changed.`,
      })),
    ],
  };
}
