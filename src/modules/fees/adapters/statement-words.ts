import type { StatementLine } from '../application/statements.js';

type T = (text: string, vars?: Record<string, string>) => string;

/** What a line of a statement is: `Invoice INV-000012, Term 3, 2026`; what a person wrote stays as it is. */
export function lineWords({ kind, number, memo }: Pick<StatementLine, 'kind' | 'number' | 'memo'>, term: string, t: T): string {
  const behind = term ? `, ${term}` : '';
  if (kind === 'invoice') return `${t('Invoice {{number}}', { number })}${behind}`;
  if (kind === 'opening') return t('Opening balance');
  if (kind === 'debit-note' || kind === 'credit-note') return `${kind === 'debit-note' ? t('Debit note {{number}}', { number }) : t('Credit note {{number}}', { number })}${behind}`;
  if (kind === 'receipt') return t('Receipt {{number}}', { number });
  if (kind === 'reversal') return `${number ? t('{{number}} taken back', { number }) : t('Taken back')}: ${memo}`;
  return memo;
}
