import { report, type PrintContext, type ReportKit, type Row } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';

export interface PrintedSlip {
  context: PrintContext;
  on: string;
  name: string;
  admissionNo: string;
  className: string;
  /** Offices in order; `clear` is null where the office signs by hand. */
  lines: readonly { office: string; clear: boolean | null; words: string }[];
  /** What the law says about keeping things back. */
  rules: readonly string[];
  certificatesMayWait: boolean;
}

/** What a child that leaves takes from office to office: what is open there, and a line to sign on. */
export async function clearanceSlip(data: PrintedSlip): Promise<Buffer> {
  return report(
    {
      context: data.context,
      title: ({ t }) => t('Clearance slip'),
      subtitle: ({ dateLong }) => dateLong(data.on),
      heading: 'letterhead',
    },
    (kit) => {
      const { t } = kit;
      kit.keyValues(
        [
          [t('Student'), data.name],
          [t('Admission number'), data.admissionNo],
          [t('Class'), data.className],
        ],
        { columns: 2 },
      );
      kit.y += 3;
      const state = (clear: boolean | null): string =>
        clear === null ? t('to be signed') : clear ? t('Cleared') : t('Not cleared');
      const rows = data.lines.map((line): Row => ({ cells: [line.office, state(line.clear), line.words, ''] }));
      kit.table({
        columns: [
          { head: t('Office'), width: 38 },
          { head: t('State'), width: 28 },
          { head: t('Amount owed') },
          { head: t('Name, signature and date'), width: 58 },
        ],
        rows,
        rowHeight: { from: 13, to: 15 },
      });
      drawLaw(kit, data);
      kit.y += 8;
      kit.signature({ name: '', title: t('Head teacher') });
    },
  );
}

function drawLaw(kit: ReportKit, { rules, certificatesMayWait }: PrintedSlip): void {
  const { t } = kit;
  kit.y += 4;
  const never = certificatesMayWait
    ? t('Candidates’ results do not depend on this slip.')
    : t('Candidates’ results and national certificates do not depend on this slip.');
  kit.paragraph([never, ...rules].join(' '), { size: 9 });
}

export const clearanceSlipDrawing = drawing(import.meta.url, { clearanceSlip });
