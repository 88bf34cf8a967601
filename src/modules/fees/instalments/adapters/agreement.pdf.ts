import { formatAmount, formatMoney } from '../../../../kernel/money.js';
import { bookColumns } from '../../../../platform/pdf/book-columns.js';
import { report, type PrintContext, type ReportKit, type Row } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import type { StandingPlan } from '../plans.js';

export interface PrintedAgreement {
  context: PrintContext;
  currency: string;
  name: string;
  admissionNo: string;
  className: string;
  plan: Pick<StandingPlan, 'agreedOn' | 'agreedWith' | 'totalMinor' | 'graceDays' | 'instalments' | 'byName' | 'endedAs'>;
}

/** What a family and the school agreed on, for both to sign. */
export async function agreement(data: PrintedAgreement): Promise<Buffer> {
  const { context, currency, plan } = data;
  const amount = (minor: number): string => formatAmount(minor, currency, context.language);
  return report(
    {
      context,
      title: ({ t }) => t('Instalment agreement'),
      subtitle: ({ t, dateLong }) => (plan.endedAs === 'cancelled' ? t('Reversed') : dateLong(plan.agreedOn)),
      heading: 'letterhead',
    },
    (kit) => {
      const { t, words } = kit;
      kit.keyValues(
        [
          [t('Student'), data.name],
          [t('Admission number'), data.admissionNo],
          [t('Class'), data.className],
          [t('For the family'), plan.agreedWith],
        ],
        { columns: 2 },
      );
      kit.y += 3;
      kit.paragraph(
        t('The outstanding fees of {{name}}, {{amount}}, will be paid in {{n}} instalments:', {
          name: data.name,
          amount: formatMoney(plan.totalMinor, currency, context.language),
          n: plan.instalments.length,
        }),
      );
      kit.y += 2;
      const of = bookColumns(kit.words, currency);
      let left = plan.totalMinor;
      const rows = plan.instalments.map(({ dueOn, amountMinor }, n): Row => ({
        cells: [String(n + 1), words.date(dueOn), amount(amountMinor), amount((left -= amountMinor))],
      }));
      kit.table({
        columns: [
          { ...of.number, width: 14 },
          { head: t('Due') },
          { ...of.amount, width: 46 },
          { ...of.balance, head: t('Left after this'), width: 46 },
        ],
        rows,
        totals: [['', t('Total'), amount(plan.totalMinor), '']],
        rowHeight: { from: 6, to: 9 },
      });
      drawTerms(kit, plan.graceDays);
      drawSignatures(kit, plan);
    },
  );
}

function drawTerms(kit: ReportKit, graceDays: number): void {
  const { t } = kit;
  kit.y += 6;
  kit.paragraph(
    t(
      'Payments settle the earliest instalment first. As long as each instalment is paid on time, the school sends no reminders.',
    ),
  );
  kit.paragraph(
    graceDays === 0
      ? t('If an instalment is not paid by its due date, this agreement ends and everything overdue becomes payable at once.')
      : t('If an instalment is more than {{n}} days late, this agreement ends and everything overdue becomes payable at once.', {
          n: graceDays,
        }),
  );
  kit.paragraph(t('Fees for later terms are not included.'));
}

function drawSignatures(kit: ReportKit, { agreedWith, byName }: PrintedAgreement['plan']): void {
  kit.y += 8;
  kit.room(40);
  const { y } = kit;
  for (const [x, name, title] of [
    [0, agreedWith, kit.t('For the family, with the date')],
    [95, byName, kit.t('For the school, with the date')],
  ] as const) {
    kit.y = y;
    kit.signature({ name, title }, { x: kit.x + x, width: 75 });
  }
}

export const agreementDrawing = drawing(import.meta.url, { agreement });
