import { formatAmount, formatMoney } from '../../../../kernel/money.js';
import { bookColumns } from '../../../../platform/pdf/book-columns.js';
import { reports, type PrintContext, type ReportKit, type Row } from '../../../../platform/pdf/kit.js';
import { INK_2 } from '../../../../platform/pdf/units.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import type { PayTo } from '../how-to-pay.js';
import type { StatementLine } from '../statements.js';
import type { Ageing, Due } from '../ageing.rules.js';
import type { Instalment, PlanStanding } from '../../instalments/plan.rules.js';
import { dueWords, isPaid, lineWords, setApartWords } from '../../documents/adapters/method-words.js';
import { drawHowToPay, howToPayHeight } from './how-to-pay.js';

export interface PrintedStatement {
  name: string;
  admissionNo: string;
  paymentNo: string;
  className: string;
  guardian: string;
  from: string;
  to: string;
  openingMinor: number;
  closingMinor: number;
  lines: readonly (StatementLine & { term: string })[];
  ageing: Ageing;
  dues: readonly Due[];
  setApartMinor: number;
  sponsored: readonly {
    number: string;
    sponsorName: string;
    term: string;
    issuedOn: string;
    netMinor: number;
    settledMinor: number;
  }[];
  former: readonly { number: string; receivedOn: string; method: string; amountMinor: number }[];
  plan: { instalments: readonly Instalment[]; standing: Pick<PlanStanding, 'leftOf' | 'state' | 'behindMinor'> } | null;
}

export interface PrintedStatements {
  context: PrintContext;
  currency: string;
  payTo: PayTo;
  sheets: readonly PrintedStatement[];
}

/** Millimetres. */
const AGES_WIDE = 98;
const AGES_HIGH = 24;
const APART_HIGH = 9;
/** A family looks at the latest. */
const FORMER_SHOWN = 24;
/** Kept so far: nobody is late by the days of the invoices. */
const HELD: readonly string[] = ['active', 'compliant'];

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

function drawSheet(kit: ReportKit, sheet: PrintedStatement, { context, currency, payTo }: PrintedStatements): void {
  const { t, words, pen } = kit;
  const amount = (minor: number): string => formatAmount(minor, currency, context.language);
  const balance = (minor: number): string => (minor < 0 ? t('{{sum}} cr', { sum: amount(-minor) }) : amount(minor));
  const top = kit.y;
  kit.keyValues(
    [
      [t('Student'), sheet.name],
      [t('Admission number'), sheet.admissionNo],
      [t('Class'), sheet.className],
      [t('For'), sheet.guardian],
    ],
    { width: 110, labelWidth: 36 },
  );
  const beside = { x: kit.x + 112, width: kit.width - 112, align: 'right' as const };
  const owes = sheet.closingMinor > 0;
  pen.text(owes ? t('To pay') : sheet.closingMinor < 0 ? t('Paid ahead') : t('Nothing to pay'), {
    ...beside,
    y: top,
    size: 9.5,
    colour: INK_2,
  });
  pen.text(formatMoney(Math.abs(sheet.closingMinor), currency, context.language), {
    ...beside,
    y: top + 5,
    size: 20,
    face: 'strong',
    shrinkTo: 12,
    lines: 1,
  });
  const held = sheet.plan && HELD.includes(sheet.plan.standing.state) && sheet.plan.standing.behindMinor === 0;
  const note = !owes ? '' : held ? t('in agreed instalments') : dueWords(sheet, { amount, dateLong: words.dateLong, t });
  if (note) pen.text(note, { ...beside, y: top + 14, size: 9, lines: 2 });
  kit.y += 4;
  const sums = { charged: 0, paid: 0 };
  const rows = sheet.lines.map((line): Row => {
    const paid = isPaid(line);
    if (paid) sums.paid -= line.amountMinor;
    else sums.charged += line.amountMinor;
    return {
      cells: [
        words.date(line.on),
        lineWords(line, line.term, t),
        paid ? '' : amount(line.amountMinor),
        paid ? amount(-line.amountMinor) : '',
        balance(line.balanceMinor),
      ],
    };
  });
  const of = bookColumns(kit.words, currency);
  const brought: Row = { cells: [words.date(sheet.from), t('Balance brought forward'), '', '', balance(sheet.openingMinor)] };
  kit.table({
    columns: [of.date, of.details, of.charged, of.paid, of.balance],
    rows: [brought, ...rows],
    totals: [[t('Total'), '', amount(sums.charged), amount(sums.paid), balance(sheet.closingMinor)]],
    rowHeight: { from: 6, to: 8 },
  });
  if (sheet.sponsored.length > 0) drawSponsored(kit, sheet.sponsored, amount);
  drawFoot(kit, sheet, payTo, amount);
  if (sheet.plan) drawPlan(kit, sheet.plan, amount);
  if (sheet.former.length > 0) drawFormer(kit, sheet.former, amount);
}

/** Ages at the left, how to pay at the right, on one page. */
function drawFoot(
  kit: ReportKit,
  { ageing, setApartMinor, paymentNo }: PrintedStatement,
  payTo: PayTo,
  amount: (minor: number) => string,
): void {
  const { t } = kit;
  kit.y += 6;
  const apart = setApartWords(setApartMinor, ageing, amount, t);
  kit.room(Math.max(AGES_HIGH + (apart ? APART_HIGH : 0), howToPayHeight(payTo)));
  const top = kit.y;
  const [thirty, sixty, ninety, older] = ageing.overdueMinor;
  kit.within(0, AGES_WIDE, () => {
    kit.paragraph(t('Age of the balance'), { size: 9.5, colour: INK_2, gap: 1 });
    kit.table({
      columns: [t('Not due yet'), t('1 to 30 days'), t('31 to 60'), t('61 to 90'), t('Over 90')].map((head) => ({
        head,
        align: 'right' as const,
      })),
      rows: [{ cells: [ageing.comingMinor, thirty, sixty, ninety, older].map(amount) }],
      rowHeight: 6,
      size: 8.5,
    });
    if (apart) kit.paragraph(apart, { size: 8.5, colour: INK_2 });
  });
  const under = kit.y;
  kit.y = top;
  kit.within(AGES_WIDE + 8, kit.width - AGES_WIDE - 8, () => drawHowToPay(kit, payTo, paymentNo));
  kit.y = Math.max(under, kit.y);
}

/** What others were billed for the child: the family knows of it, and owes nothing by it. */
function drawSponsored(kit: ReportKit, sponsored: PrintedStatement['sponsored'], amount: (minor: number) => string): void {
  const { t, words } = kit;
  kit.y += 6;
  const of = bookColumns(words);
  kit.heading(t('Billed to sponsors, not part of this balance'), '', 24);
  kit.table({
    columns: [of.date, of.details, { head: t('Pays'), width: 50 }, of.amount, { ...of.balance, head: t('Balance due') }],
    rows: sponsored.map((one): Row => ({
      cells: [
        words.date(one.issuedOn),
        [t('Invoice {{number}}', { number: one.number }), one.term].filter(Boolean).join(', '),
        one.sponsorName,
        amount(one.netMinor),
        amount(one.netMinor - one.settledMinor),
      ],
    })),
    rowHeight: { from: 6, to: 8 },
  });
}

function drawPlan(
  kit: ReportKit,
  { instalments, standing }: NonNullable<PrintedStatement['plan']>,
  amount: (minor: number) => string,
): void {
  const { t, words } = kit;
  kit.y += 6;
  kit.heading(t('Agreed instalments'), '', 24);
  kit.table({
    columns: [
      { head: t('Due') },
      { head: t('Amount'), width: 40, align: 'right' },
      { head: t('Still to pay'), width: 40, align: 'right' },
    ],
    rows: instalments.map((one, n): Row => ({
      cells: [words.date(one.dueOn), amount(one.amountMinor), amount(standing.leftOf[n]!)],
    })),
    rowHeight: { from: 6, to: 8 },
  });
}

/** What an earlier system received: the balance brought forward holds it already. */
function drawFormer(kit: ReportKit, former: PrintedStatement['former'], amount: (minor: number) => string): void {
  const { t, words } = kit;
  kit.y += 6;
  kit.heading(t('Receipts from before AIMS, in the balance brought forward already'), '', 24);
  kit.table({
    columns: [
      { head: t('Date'), width: 24 },
      { head: t('Receipt') },
      { head: t('How'), width: 50 },
      { head: t('Amount'), width: 32, align: 'right' },
    ],
    rows: former
      .slice(0, FORMER_SHOWN)
      .map((one): Row => ({ cells: [words.date(one.receivedOn), one.number, one.method, amount(one.amountMinor)] })),
    rowHeight: { from: 6, to: 8 },
  });
  if (former.length > FORMER_SHOWN)
    kit.paragraph(t('{{n}} earlier ones are not shown.', { n: String(former.length - FORMER_SHOWN) }), {
      size: 9,
      colour: INK_2,
    });
}

export const statementDrawing = drawing(import.meta.url, { statement });
