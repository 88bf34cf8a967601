import { formatAmount } from '../../../../kernel/money.js';
import { bookColumns } from '../../../../platform/pdf/book-columns.js';
import { report, type PrintContext, type Row } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import { growsByCredit } from '../../chart/account.rules.js';
import type { GeneralLine } from '../../ports.js';

export interface PrintedLedger {
  context: PrintContext;
  lines: readonly GeneralLine[];
  from: string;
  to: string;
  fund: string | null;
  currency: string;
}

/** Every account that moved with its lines: what an auditor takes away. */
export async function generalLedger({ context, lines, from, to, fund, currency }: PrintedLedger): Promise<Buffer> {
  return report(
    {
      context,
      title: ({ t }) => t('General ledger'),
      subtitle: ({ t, dateLong }) =>
        [t('{{from}} to {{to}}', { from: dateLong(from), to: dateLong(to) }), t('in {{currency}}', { currency }), fund]
          .filter(Boolean)
          .join(' · '),
    },
    (kit) => {
      const { t } = kit;
      const of = bookColumns(kit.words);
      // What an entry is about gets the room: millions are set smaller before they take a second line.
      const narrow = { width: 23, oneLineTo: 6.5 };
      const amount = (minor: number): string => (minor === 0 ? '' : formatAmount(minor, currency, context.language));
      const rows = lines.flatMap((line, n): Row[] => {
        const balance = (minor: number): string =>
          formatAmount(growsByCredit(line.kind) ? -minor : minor, currency, context.language);
        const row: Row = {
          cells: [
            kit.words.date(line.postedOn),
            line.number === null ? '' : String(line.number),
            line.memo,
            amount(Math.max(line.amountMinor, 0)),
            amount(Math.max(-line.amountMinor, 0)),
            balance(line.balanceMinor),
          ],
        };
        if (lines[n - 1]?.accountId === line.accountId) return [row];
        return [
          { group: `${line.code} ${line.name}` },
          { cells: ['', '', t('Brought forward'), '', '', balance(line.balanceMinor - line.amountMinor)] },
          row,
        ];
      });
      const sum = (side: (minor: number) => number): string =>
        formatAmount(
          lines.reduce((total, line) => total + side(line.amountMinor), 0),
          currency,
          context.language,
        );
      kit.table({
        columns: [
          { ...of.date, width: 21 },
          { ...of.number, width: 13 },
          of.details,
          { ...of.debit, ...narrow },
          { ...of.credit, ...narrow },
          { ...of.balance, ...narrow, width: 26, ruled: true },
        ],
        rows,
        totals: [['', '', t('Total'), sum((minor) => Math.max(minor, 0)), sum((minor) => Math.max(-minor, 0)), '']],
        size: 8.5,
        empty: t('No entries in this period.'),
      });
    },
  );
}

export const generalLedgerDrawing = drawing(import.meta.url, { generalLedger });
