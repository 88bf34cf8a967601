import { formatMonth } from '../../../../kernel/day-words.js';
import { formatAmount } from '../../../../kernel/money.js';
import { report, type PrintContext, type Row, type Text } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import { voteTotals, type VoteAccount } from '../vote-book.rules.js';
import type { HeadWords } from './vote-book.sheet.js';

export interface PrintedVoteBook {
  context: PrintContext;
  currency: string;
  from: string;
  to: string;
  fund: string | null;
  accounts: readonly VoteAccount[];
  words: HeadWords;
}

/** Each vote head with its months, and the sums of all. */
export async function voteBookPrint({ context, currency, from, to, fund, accounts, words }: PrintedVoteBook): Promise<Buffer> {
  return report(
    {
      context,
      title: ({ t }) => t('Vote book'),
      subtitle: ({ t, dateLong }) =>
        [t('{{from}} to {{to}}', { from: dateLong(from), to: dateLong(to) }), t('in {{currency}}', { currency }), fund]
          .filter(Boolean)
          .join(' · '),
    },
    (kit) => {
      const { t } = kit;
      const amount = (minor: number): string => (minor === 0 ? '' : formatAmount(minor, currency, context.language));
      const cells = (label: string, of: { incomeMinor: number; spentMinor: number; balanceMinor: number }): Text[] => [
        label,
        amount(of.incomeMinor),
        amount(of.spentMinor),
        formatAmount(of.balanceMinor, currency, context.language),
      ];
      const shown = accounts.filter((one) => one.allocationMinor !== null || one.incomeMinor !== 0 || one.spentMinor !== 0);
      const lines = shown.flatMap((one): { row: Row; income: number; spent: number }[] => [
        {
          row: {
            group: [words.get(one.headId)?.code, words.get(one.headId)?.name].filter(Boolean).join(' '),
            note:
              one.allocationMinor === null
                ? undefined
                : t('Allocation {{sum}}, {{n}} per cent used', {
                    sum: amount(one.allocationMinor),
                    n: percentUsed(one.usedBasisPoints),
                  }),
          },
          income: 0,
          spent: 0,
        },
        ...one.months
          .filter((month) => month.incomeMinor !== 0 || month.spentMinor !== 0)
          .map((month) => ({
            row: { cells: cells(formatMonth(month.month, context.language), month) },
            income: month.incomeMinor,
            spent: month.spentMinor,
          })),
        { row: { cells: cells(t('Total'), one), strong: true }, income: 0, spent: 0 },
      ]);
      const upTo = (done: number) => {
        const [incomeMinor, spentMinor] = [
          lines.slice(0, done).reduce((sum, one) => sum + one.income, 0),
          lines.slice(0, done).reduce((sum, one) => sum + one.spent, 0),
        ];
        return { incomeMinor, spentMinor, balanceMinor: incomeMinor - spentMinor };
      };
      const number = (head: string) => ({ head, width: 36, align: 'right' as const });
      kit.table({
        columns: [{ head: t('Month') }, number(t('Income')), number(t('Spent')), number(t('Balance'))],
        rows: lines.map(({ row }) => row),
        totals: shown.length > 0 ? [cells(t('All vote heads'), voteTotals(accounts))] : [],
        carry: (done, label) => cells(label, upTo(done)),
        size: 9,
        empty: t('No income or spending this year.'),
      });
    },
  );
}

/** `84.2` of hundredths of a per cent. */
function percentUsed(basisPoints: number | null): string {
  return ((basisPoints ?? 0) / 100).toFixed(1);
}

export const voteBookDrawing = drawing(import.meta.url, { voteBookPrint });
