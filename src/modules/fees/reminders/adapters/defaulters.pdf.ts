import { formatAmount } from '../../../../kernel/money.js';
import { report, type PrintContext, type Row } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';

export interface PrintedDefaulters {
  context: PrintContext;
  currency: string;
  today: string;
  /** In the order of classes; those who are in none come last, under an empty name. */
  classes: readonly { name: string; rows: readonly PrintedDefaulter[] }[];
}

interface PrintedDefaulter {
  name: string;
  admissionNo: string;
  guardian: string;
  phone: string;
  openMinor: number;
  overdueMinor: number;
  dueOn: string;
  /** A plan holds and nothing of it is late. */
  onPlan: boolean;
  /** The last day of the promise; empty for none. */
  promisedOn: string;
}

/** Who owes, by class: a list to call from. */
export async function defaulters({ context, currency, today, classes }: PrintedDefaulters): Promise<Buffer> {
  const amount = (minor: number): string => formatAmount(minor, currency, context.language);
  const sum = (rows: readonly PrintedDefaulter[], of: 'openMinor' | 'overdueMinor'): number =>
    rows.reduce((total, row) => total + row[of], 0);
  return report(
    {
      context,
      title: ({ t }) => t('Fees overdue'),
      subtitle: ({ t, dateLong }) => `${dateLong(today)} · ${t('in {{currency}}', { currency })}`,
    },
    (kit) => {
      const { t, words } = kit;
      const all = classes.flatMap((one) => one.rows);
      const rows = classes.flatMap(({ name, rows: own }): Row[] => [
        { group: name || t('In no class'), note: amount(sum(own, 'openMinor')) },
        ...own.map((row): Row => ({
          cells: [
            `${row.name}, ${row.admissionNo}`,
            [row.guardian, row.phone].filter(Boolean).join(', '),
            words.date(row.dueOn),
            row.onPlan ? t('On a plan') : row.promisedOn && words.date(row.promisedOn),
            amount(row.overdueMinor),
            amount(row.openMinor),
          ],
        })),
      ]);
      kit.table({
        columns: [
          { head: t('Student') },
          { head: t('Guardian') },
          { head: t('Due since'), width: 22 },
          { head: t('Promised by'), width: 24 },
          { head: t('Overdue'), width: 24, align: 'right' },
          { head: t('Balance'), width: 24, align: 'right' },
        ],
        rows,
        totals: all.length > 0 ? [[t('Total'), '', '', '', amount(sum(all, 'overdueMinor')), amount(sum(all, 'openMinor'))]] : [],
        rowHeight: { from: 7, to: 10 },
        empty: t('No fees are overdue.'),
      });
    },
  );
}

export const defaultersDrawing = drawing(import.meta.url, { defaulters });
