import { formatAmount } from '../../../../kernel/money.js';
import { report, type PrintContext, type Row } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';

export interface PrintedGrant {
  context: PrintContext;
  currency: string;
  number: string;
  receivedOn: string;
  giver: string;
  reference: string;
  fund: string;
  account: string;
  learners: number | null;
  note: string;
  takenBack: boolean;
  parts: readonly { head: string; perLearnerMinor: number | null; amountMinor: number }[];
  amountMinor: number;
}

/** What the school sends back to whoever gave it: what came, when, and for what, for two to sign. */
export async function acknowledgement({ context, currency, ...grant }: PrintedGrant): Promise<Buffer> {
  return report(
    {
      context,
      heading: 'letterhead',
      title: ({ t }) => t('Acknowledgement of a grant'),
      subtitle: ({ t }) => [grant.number, grant.takenBack ? t('reversed') : ''].filter(Boolean).join(' · '),
    },
    (kit) => {
      const { t, words } = kit;
      const amount = (minor: number): string => formatAmount(minor, currency, context.language);
      kit.paragraph(
        t('{{school}} acknowledges that it has received from {{giver}}, on {{day}}, the sum of {{currency}} {{sum}}.', {
          school: context.letterhead.schoolName,
          giver: grant.giver,
          day: words.dateLong(grant.receivedOn),
          currency,
          sum: amount(grant.amountMinor),
        }),
        { size: 11, gap: 4 },
      );
      kit.keyValues(
        [
          [t('Reference'), grant.reference],
          [t('Fund'), grant.fund],
          [t('Paid into'), grant.account],
          [t('Learners'), grant.learners === null ? '' : String(grant.learners)],
          [t('Note'), grant.note],
        ].filter(([, value]) => value !== '') as [string, string][],
        { columns: 2 },
      );
      kit.space(3);
      const rows = grant.parts.map(({ head, perLearnerMinor, amountMinor }): Row => ({
        cells: [
          head,
          perLearnerMinor === null ? '' : t('{{sum}} × {{n}}', { sum: amount(perLearnerMinor), n: String(grant.learners) }),
          amount(amountMinor),
        ],
      }));
      kit.table({
        columns: [
          { head: t('Vote head') },
          { head: t('For each learner'), width: 50, align: 'right' },
          { head: t('Amount in {{currency}}', { currency }), width: 44, align: 'right' },
        ],
        rows,
        totals: [[t('Total'), '', amount(grant.amountMinor)]],
        rowHeight: { from: 6, to: 8 },
      });
      kit.space(6);
      kit.room(34);
      const { y } = kit;
      for (const [x, label] of [
        [0, t('Bursar')],
        [95, t('Head teacher')],
      ] as const) {
        kit.y = y;
        kit.signature({ name: '', title: label }, { x: kit.x + x, width: 75 });
      }
    },
  );
}

export const acknowledgementDrawing = drawing(import.meta.url, { acknowledgement });
