import type { StatementLine } from '../../statements/statements.js';
import type { Ageing, Due } from '../../statements/ageing.rules.js';
import type { Method, Reference } from '../document.rules.js';

type T = (text: string, vars?: Record<string, string>) => string;

export function methodWord(method: Method, t: T): string {
  const words: Record<Method, string> = {
    cash: t('Cash'),
    cheque: t('Cheque'),
    bank: t('Bank'),
    mobile: t('Mobile money'),
    card: t('Card'),
    kind: t('In kind'),
    opening: t('Credit brought forward'),
  };
  return words[method];
}

/** `M-Pesa SKL4T7QX2M`, `Cheque KCB 000123`. */
export function paidBy(method: Method, references: readonly Reference[], t: T): string {
  const network =
    method === 'mobile' && references.length > 0 && references.every((one) => one.scheme === 'mpesa')
      ? 'M-Pesa'
      : methodWord(method, t);
  return [network, ...references.map((one) => [one.issuer, one.value].filter(Boolean).join(' '))].join(' ');
}

/** What a line of a statement is: `Invoice INV-000012, Term 3, 2026`; what a person wrote stays as it is. */
export function lineWords(
  { kind, number, by, other, memo }: Pick<StatementLine, 'kind' | 'number' | 'by' | 'other' | 'memo'>,
  term: string,
  t: T,
): string {
  const behind = term ? `, ${term}` : '';
  if (kind === 'invoice') return `${t('Invoice {{number}}', { number })}${behind}`;
  if (kind === 'opening') return t('Opening balance');
  if (kind === 'debit-note' || kind === 'credit-note')
    return `${kind === 'debit-note' ? t('Debit note {{number}}', { number }) : t('Credit note {{number}}', { number })}${behind}`;
  if (kind === 'receipt')
    return [by && paidBy(by.method, by.references, t), t('Receipt {{number}}', { number })].filter(Boolean).join(' · ');
  if (kind === 'moved-in') return t('Receipt {{number}}, moved from receipt {{other}}', { number, other: other ?? '' });
  if (kind === 'moved-out') return t('Receipt {{number}} moved to receipt {{other}}', { number, other: other ?? '' });
  if (kind === 'refund') return t('Refund {{number}}', { number });
  if (kind === 'reversal') return `${number ? t('{{number}} reversed', { number }) : t('Reversed')}: ${memo}`;
  return memo;
}

/** Money that came stands in its own column; what went back stands with what is charged, and so does what is taken off a bill, below zero. */
export function isPaid({ kind, amountMinor }: Pick<StatementLine, 'kind' | 'amountMinor'>): boolean {
  return kind === 'receipt' || kind === 'moved-in' || (kind === 'other' && amountMinor < 0);
}

/** Why what is open doesn't add up to the balance: credit that is kept for a refund settles no bill. */
export function setApartWords(
  setApartMinor: number,
  { totalMinor }: Pick<Ageing, 'totalMinor'>,
  amount: (minor: number) => string,
  t: T,
): string {
  return setApartMinor > 0 && totalMinor > 0
    ? t('{{amount}} is held for a refund and has not been taken off these amounts.', { amount: amount(setApartMinor) })
    : '';
}

/** What is late, never more than what is owed where a brother or sister has paid ahead; else until when all of it is to be paid: `12,000 of it by 30 November 2026, all by 11 December 2026`. */
export function dueWords(
  { ageing, dues, owedMinor = ageing.totalMinor }: { ageing: Ageing; dues: readonly Due[]; owedMinor?: number },
  words: { amount(minor: number): string; dateLong(day: string): string; t: T },
): string {
  const { amount, dateLong, t } = words;
  const [first, last] = [dues[0], dues.at(-1)];
  const lateMinor = Math.min(ageing.totalMinor - ageing.comingMinor, owedMinor);
  const comingMinor = Math.min(ageing.comingMinor, owedMinor - lateMinor);
  if (lateMinor > 0 && comingMinor > 0)
    return t('{{amount}} overdue, {{coming}} not due yet', { amount: amount(lateMinor), coming: amount(comingMinor) });
  if (lateMinor > 0) return t('{{amount}} overdue', { amount: amount(lateMinor) });
  if (!first || !last) return '';
  if (first === last) return t('by {{day}}', { day: dateLong(last.dueOn) });
  return t('{{amount}} of it by {{first}}, all by {{last}}', {
    amount: amount(first.openMinor),
    first: dateLong(first.dueOn),
    last: dateLong(last.dueOn),
  });
}
