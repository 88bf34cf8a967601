import type { Words } from './context.js';
import type { Column } from './table.js';

/** A column with room for a number of seven digits and cents. */
const AMOUNT = { width: 30, align: 'right' } as const;

export type BookColumn =
  | 'date'
  | 'number'
  | 'admissionNo'
  | 'student'
  | 'className'
  | 'details'
  | 'charged'
  | 'paid'
  | 'debit'
  | 'credit'
  | 'amount'
  | 'balance';

/**
 * The columns of books, bills and receipts: the same word, side and width on every paper. They stand in this order: day,
 * number, whose, details, what is added, what is taken off, what is left. `currency` is named where no heading above does.
 */
export function bookColumns({ t }: Pick<Words, 't'>, currency?: string): Record<BookColumn, Column> {
  return {
    date: { head: t('Date'), width: 24 },
    number: { head: t('No.'), width: 20, oneLineTo: 6.5 },
    admissionNo: { head: t('Adm no'), width: 26, oneLineTo: 6.5 },
    student: { head: t('Student') },
    className: { head: t('Class'), width: 28 },
    details: { head: t('Details') },
    charged: { head: t('Charged'), ...AMOUNT },
    paid: { head: t('Paid'), ...AMOUNT },
    debit: { head: t('Debit'), ...AMOUNT },
    credit: { head: t('Credit'), ...AMOUNT },
    amount: { head: currency ? t('Amount, {{currency}}', { currency }) : t('Amount'), ...AMOUNT, width: 34 },
    balance: { head: currency ? t('Balance, {{currency}}', { currency }) : t('Balance'), ...AMOUNT, width: 32 },
  };
}
