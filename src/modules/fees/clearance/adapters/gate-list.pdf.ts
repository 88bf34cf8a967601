import { report, type PrintContext, type Row } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';

export interface PrintedGateList {
  context: PrintContext;
  term: string;
  asOf: string;
  /** What the law says about it. */
  rules: readonly string[];
  /** In the order of classes; those who are in none come last, under an empty name. */
  classes: readonly { name: string; rows: readonly { name: string; admissionNo: string; cleared: boolean; since: boolean }[] }[];
}

/** Who is cleared, by class, for whoever stands at the gate: no amounts, no reasons. */
export async function gateList({ context, term, asOf, rules, classes }: PrintedGateList): Promise<Buffer> {
  return report(
    {
      context,
      title: ({ t }) => t('Clearance'),
      subtitle: ({ t, dateLong }) => [term, t('as of {{day}}', { day: dateLong(asOf) })].join(' · '),
    },
    (kit) => {
      const { t } = kit;
      const word = (row: { cleared: boolean; since: boolean }): string =>
        row.cleared ? t('Cleared') : row.since ? t('Cleared since') : t('See the bursar');
      const rows = classes.flatMap(({ name, rows: own }): Row[] => [
        {
          group: name || t('In no class'),
          note: t('{{n}} of {{total}} cleared', { n: own.filter((row) => row.cleared || row.since).length, total: own.length }),
        },
        ...own.map((row): Row => ({ cells: [row.admissionNo, row.name, word(row), ''] })),
      ]);
      kit.table({
        columns: [
          { head: t('Admission number'), width: 34 },
          { head: t('Student') },
          { head: t('Clearance'), width: 36 },
          { head: t('Seen'), width: 24 },
        ],
        rows,
        rowHeight: { from: 6, to: 8 },
        empty: t('None.'),
      });
      kit.y += 4;
      kit.paragraph([t('Candidates’ results and certificates are never part of a clearance.'), ...rules].join(' '), {
        size: 8.5,
      });
    },
  );
}

export const gateListDrawing = drawing(import.meta.url, { gateList });
