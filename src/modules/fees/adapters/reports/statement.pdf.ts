import { formatAmount, formatMoney } from '../../../../kernel/money.js';
import { reports, type PrintContext, type ReportKit, type Row } from '../../../../platform/pdf/kit.js';
import { INK_2 } from '../../../../platform/pdf/units.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import type { StatementLine } from '../../application/statements.js';
import type { Ageing } from '../../domain/ageing.js';
import type { Instalment, PlanStanding } from '../../domain/plan.js';
import { isPaid, lineWords } from '../statement-words.js';

export interface PrintedStatement {
  name: string;
  admissionNo: string;
  className: string;
  guardian: string;
  from: string;
  to: string;
  openingMinor: number;
  closingMinor: number;
  lines: readonly (StatementLine & { term: string })[];
  ageing: Ageing;
  plan: { instalments: readonly Instalment[]; standing: Pick<PlanStanding, 'leftOf'> } | null;
}

export interface PrintedStatements {
  context: PrintContext;
  currency: string;
  howToPay: string;
  sheets: readonly PrintedStatement[];
}

/** A sheet for each child: what is to pay first, then how it came to that, how old it is, and how to pay. */
export async function statement(data: PrintedStatements): Promise<Buffer> {
  const { context } = data;
  return reports(
    { context, title: ({ t }) => t('Fee statement'), heading: 'letterhead' },
    data.sheets,
    (sheet, { t, dateLong }) => ({ title: t('Fee statement'), subtitle: dateLong(sheet.to) }),
    (kit, sheet) => drawSheet(kit, sheet, data),
  );
}

function drawSheet(kit: ReportKit, sheet: PrintedStatement, { context, currency, howToPay }: PrintedStatements): void {
  const { t, words, pen } = kit;
  const amount = (minor: number): string => formatAmount(minor, currency, context.language);
  const top = kit.y;
  kit.keyValues([[t('Student'), sheet.name], [t('Admission number'), sheet.admissionNo], [t('Class'), sheet.className], [t('For'), sheet.guardian]], { width: 110, labelWidth: 36 });
  const beside = { x: kit.x + 112, width: kit.width - 112, align: 'right' as const };
  const owes = sheet.closingMinor > 0;
  pen.text(owes ? t('To pay') : sheet.closingMinor < 0 ? t('Paid ahead') : t('Nothing to pay'), { ...beside, y: top, size: 9.5, colour: INK_2 });
  pen.text(formatMoney(Math.abs(sheet.closingMinor), currency, context.language), { ...beside, y: top + 5, size: 20, face: 'strong', shrinkTo: 12, lines: 1 });
  kit.y += 4;
  const sums = { charged: 0, paid: 0 };
  const rows = sheet.lines.map((line): Row => {
    const paid = isPaid(line);
    if (paid) sums.paid -= line.amountMinor;
    else sums.charged += line.amountMinor;
    return { cells: [words.date(line.on), lineWords(line, line.term, t), paid ? '' : amount(line.amountMinor), paid ? amount(-line.amountMinor) : '', amount(line.balanceMinor)] };
  });
  const brought: Row = { cells: [words.date(sheet.from), t('Balance brought forward'), '', '', amount(sheet.openingMinor)] };
  kit.table({
    columns: [{ head: t('Date'), width: 24 }, { head: t('What') }, { head: t('Charged'), width: 30, align: 'right' }, { head: t('Paid'), width: 30, align: 'right' }, { head: t('Balance, {{currency}}', { currency }), width: 32, align: 'right' }],
    rows: [brought, ...rows], totals: [[t('Total'), '', amount(sums.charged), amount(sums.paid), amount(sheet.closingMinor)]], rowHeight: { from: 6, to: 8 },
  });
  kit.y += 6;
  kit.heading(t('How old is it'), '', 24);
  const [thirty, sixty, ninety, older] = sheet.ageing.overdueMinor;
  kit.table({
    columns: [t('Not due yet'), t('1 to 30 days'), t('31 to 60'), t('61 to 90'), t('Over 90')].map((head) => ({ head, align: 'right' as const })),
    rows: [{ cells: [sheet.ageing.comingMinor, thirty, sixty, ninety, older].map(amount) }], rowHeight: { from: 6, to: 8 },
  });
  if (sheet.plan) drawPlan(kit, sheet.plan, amount);
  if (!howToPay) return;
  kit.y += 6;
  kit.heading(t('How to pay'));
  for (const line of howToPay.split('\n')) kit.paragraph(line, { gap: 1 });
  kit.paragraph(t('Write this number with the payment: {{number}}', { number: sheet.admissionNo }));
}

function drawPlan(kit: ReportKit, { instalments, standing }: NonNullable<PrintedStatement['plan']>, amount: (minor: number) => string): void {
  const { t, words } = kit;
  kit.y += 6;
  kit.heading(t('Agreed instalments'), '', 24);
  kit.table({
    columns: [{ head: t('Due') }, { head: t('Amount'), width: 40, align: 'right' }, { head: t('Still to pay'), width: 40, align: 'right' }],
    rows: instalments.map((one, n): Row => ({ cells: [words.date(one.dueOn), amount(one.amountMinor), amount(standing.leftOf[n]!)] })), rowHeight: { from: 6, to: 8 },
  });
}

export const statementDrawing = drawing(import.meta.url, { statement });
