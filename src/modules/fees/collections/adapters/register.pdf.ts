import { formatAmount } from '../../../../kernel/money.js';
import { bookColumns } from '../../../../platform/pdf/book-columns.js';
import { report, type PrintContext, type Text } from '../../../../platform/pdf/kit.js';
import { drawWideTable, type WideRow } from '../../../../platform/pdf/wide-table.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import { registerSums, type RegisterSums } from '../register.rules.js';
import type { RegisterSheetRow } from './register.sheet.js';

export interface PrintedRegister {
  context: PrintContext;
  currency: string;
  term: string;
  on: string;
  heads: readonly { id: string; code: string; name: string }[];
  classes: readonly { name: string; rows: readonly RegisterSheetRow[] }[];
}

const AMOUNT = 19.5;

/** A line for each student, the totals of each class, and of all. */
export async function register({ context, currency, term, on, heads, classes }: PrintedRegister): Promise<Buffer> {
  return report(
    {
      context,
      page: 'A4-landscape',
      title: ({ t }) => t('Fees register'),
      subtitle: ({ t, dateLong }) =>
        [
          classes.length === 1 ? classes[0]!.name : '',
          term,
          t('as on {{day}}', { day: dateLong(on) }),
          t('in {{currency}}', { currency }),
        ]
          .filter(Boolean)
          .join(' · '),
    },
    (kit) => {
      const { t } = kit;
      const of = bookColumns(kit.words);
      const amount = (minor: number): string => (minor === 0 ? '' : formatAmount(minor, currency, context.language));
      const stands = (minor: number): string => (minor < 0 ? t('{{sum}} cr', { sum: amount(-minor) }) : amount(minor));
      const all = classes.flatMap((one) => one.rows);
      const other = all.some((row) => row.otherMinor !== 0);
      const line = (fixed: readonly Text[], of: RegisterSums, strong = false): WideRow => ({
        fixed,
        strong,
        cells: [
          stands(of.forwardMinor),
          ...heads.map(({ id }) => amount(of.billed[id] ?? 0)),
          amount(of.awardsMinor),
          ...(other ? [amount(of.otherMinor)] : []),
          amount(of.paidMinor),
          stands(of.balanceMinor),
        ],
      });
      const rows = classes.flatMap(({ name, rows: own }): { row: WideRow | { group: string }; of: RegisterSheetRow | null }[] => [
        ...(classes.length > 1 ? [{ row: { group: name }, of: null }] : []),
        ...own.map((one) => ({ row: line([one.admissionNo, one.name], one), of: one })),
        ...(classes.length > 1
          ? [{ row: line(['', t('Total for {{name}}', { name })], registerSums(own), true), of: null }]
          : []),
      ]);
      // Sums until each row, so that a long register isn't added up anew on each page.
      const sums = [registerSums([])];
      for (const { of } of rows) sums.push(of ? registerSums([sums.at(-1)!, of]) : sums.at(-1)!);
      const column = (head: string, ruled = false) => ({ head, width: AMOUNT, align: 'right' as const, ruled, oneLineTo: 6 });
      drawWideTable(kit, {
        fixed: [{ ...of.admissionNo, width: 24 }, of.student],
        columns: [
          column(t('Brought forward'), true),
          ...heads.map(({ code }, n) => column(code, n === 0)),
          column(t('Awards')),
          ...(other ? [column(t('Other'))] : []),
          column(of.paid.head, true),
          column(of.balance.head, true),
        ],
        rows: rows.map(({ row }) => row),
        totals: all.length > 0 ? [line(['', t('Total')], sums.at(-1)!)] : [],
        carry: (done, label) => line(['', label], sums[done]!),
        size: 8,
        empty: t('No students in this class.'),
      });
      kit.paragraph(heads.map(({ code, name }) => `${code} ${name}`).join(' · '), { size: 8 });
    },
  );
}

export const registerDrawing = drawing(import.meta.url, { register });
