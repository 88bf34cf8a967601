import { formatAmount } from '../../../../kernel/money.js';
import { report, type Column, type PrintContext, type Row, type Text } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import { totalsByTerm, type StructureLine } from '../structure.rules.js';
import type { VoteHead } from '../vote-head.rules.js';

export interface PrintedStructure {
  context: PrintContext;
  name: string;
  who: string;
  draft: boolean;
  year: string;
  terms: readonly { id: string; name: string }[];
  heads: readonly Pick<VoteHead, 'id' | 'name' | 'mandatory' | 'frequency'>[];
  lines: readonly StructureLine[];
  currency: string;
}

/** The sheet that a family gets: what is paid in each term; what is paid only by those who take it stands below the sum. */
export async function structure(data: PrintedStructure): Promise<Buffer> {
  const { context, name, who, draft, year, terms, heads, lines, currency } = data;
  const charged = new Set(lines.map((line) => line.headId));
  return report(
    {
      context,
      title: ({ t }) => (draft ? t('Fee structure, draft') : t('Fee structure')),
      subtitle: ({ t }) =>
        [name, who, year, t('in {{currency}}', { currency })].filter((part, n, all) => all.indexOf(part) === n).join(' · '),
    },
    (kit) => {
      const { t } = kit;
      const amount = (minor: number): string => (minor === 0 ? '' : formatAmount(minor, currency, context.language));
      const columns: Column[] = [
        { head: t('For') },
        ...terms.map((term): Column => ({ head: term.name, width: 30, align: 'right' })),
        { head: t('Year'), width: 32, align: 'right', ruled: true },
      ];
      const sums = (of: readonly StructureLine[]): string[] => {
        const totals = totalsByTerm(of);
        return [
          ...terms.map((term) => amount(totals.get(term.id) ?? 0)),
          amount(of.reduce((sum, line) => sum + line.amountMinor, 0)),
        ];
      };
      const words = ({ name: head, frequency }: PrintedStructure['heads'][number]): string =>
        frequency === 'once' ? t('{{head}} (once, on joining)', { head }) : head;
      const rowsOf = (mandatory: boolean): Row[] =>
        heads
          .filter((head) => head.mandatory === mandatory && charged.has(head.id))
          .map((head) => ({ cells: [words(head), ...sums(lines.filter((line) => line.headId === head.id))] }));
      const isMandatory = new Set(heads.filter((head) => head.mandatory).map((head) => head.id));
      const totals: Text[][] = [[t('Total'), ...sums(lines.filter((line) => isMandatory.has(line.headId)))]];
      kit.table({ columns, rows: rowsOf(true), totals, rowHeight: { from: 6, to: 8 }, empty: t('No charges.') });
      const optional = rowsOf(false);
      if (optional.length === 0) return;
      kit.y += 6;
      kit.table({
        columns: [{ ...columns[0]!, head: t('Optional: only for students who take it') }, ...columns.slice(1)],
        rows: optional,
        rowHeight: { from: 6, to: 8 },
      });
    },
  );
}

export const structureDrawing = drawing(import.meta.url, { structure });
