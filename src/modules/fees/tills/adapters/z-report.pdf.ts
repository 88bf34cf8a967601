import { formatAmount } from '../../../../kernel/money.js';
import { bookColumns } from '../../../../platform/pdf/book-columns.js';
import { report, type PrintContext, type ReportKit, type Row } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import { changeBy, type Movement, type MovementKind } from '../till.rules.js';

export interface PrintedTill {
  context: PrintContext;
  currency: string;
  openedOn: string;
  cashier: string;
  opened: string;
  /** Null while it is open: then the paper only says how it stands. */
  closed: string | null;
  floatMinor: number;
  takings: readonly { method: string; cash: boolean; count: number; totalMinor: number }[];
  movements: readonly (Movement & {
    note: string;
    at: string;
    /** The account that cash went to. */ bank: string;
    slip: { number: string } | null;
  })[];
  voided: readonly { number: string; method: string; amountMinor: number; why: string }[];
  expectedMinor: number;
  countedMinor: number | null;
  note: string;
}

const WORDS: Record<MovementKind, string> = {
  safe: 'To the safe',
  bank: 'To the bank',
  returned: 'Paid back for an earlier receipt',
  refunded: 'Refund',
  'refund-back': 'Refund reversed',
};

/** What a cashier took by method, what left the till, the count and its difference, for two to sign. */
export async function zReport(data: PrintedTill): Promise<Buffer> {
  return report(
    {
      context: data.context,
      title: ({ t }) => (data.closed ? t('Z-report') : t('Till so far')),
      subtitle: () => `${data.cashier} · ${data.opened}`,
      heading: 'letterhead',
    },
    (kit) => {
      const { t } = kit;
      kit.keyValues(
        [
          [t('Cashier'), data.cashier],
          [t('Opened'), data.opened],
          [t('Closed'), data.closed ?? t('still open')],
          ...(data.note ? [[t('Note'), data.note] as const] : []),
        ],
        { columns: 2 },
      );
      kit.y += 3;
      drawTakings(kit, data);
      drawVoided(kit, data);
      kit.y += 5;
      drawCash(kit, data);
      if (data.closed) drawSignatures(kit);
    },
  );
}

function drawTakings(kit: ReportKit, { takings, currency, context }: PrintedTill): void {
  const { t } = kit;
  const amount = (minor: number): string => formatAmount(minor, currency, context.language);
  const rows = takings.map((one): Row => ({ cells: [one.method, String(one.count), amount(one.totalMinor)] }));
  const total = (of: (one: PrintedTill['takings'][number]) => number): number => takings.reduce((sum, one) => sum + of(one), 0);
  kit.table({
    columns: [{ head: t('Method') }, { head: t('Payments'), width: 26, align: 'right' }, bookColumns(kit.words, currency).amount],
    rows,
    totals: [[t('Total'), String(total((one) => one.count)), amount(total((one) => one.totalMinor))]],
    rowHeight: { from: 6, to: 8 },
  });
}

/** Each number of the session is accounted for, also those that count for nothing. */
function drawVoided(kit: ReportKit, { voided, currency, context }: PrintedTill): void {
  if (voided.length === 0) return;
  const { t } = kit;
  kit.y += 5;
  const of = bookColumns(kit.words, currency);
  const rows = voided.map((one): Row => ({
    cells: [
      one.number,
      [one.method, one.why].filter(Boolean).join(' · '),
      formatAmount(one.amountMinor, currency, context.language),
    ],
  }));
  kit.table({
    columns: [
      { head: t('Void receipts'), width: 40 },
      of.details,
      { ...of.amount, head: t('Not counted, {{currency}}', { currency }) },
    ],
    rows,
    rowHeight: { from: 6, to: 8 },
  });
}

function drawCash(kit: ReportKit, data: PrintedTill): void {
  const { t } = kit;
  const amount = (minor: number): string => formatAmount(minor, data.currency, data.context.language);
  const cash = data.takings.filter((one) => one.cash).reduce((sum, one) => sum + one.totalMinor, 0);
  const line = (label: string, minor: number): Row => ({ cells: [label, amount(minor)] });
  const rows = [
    line(t('Opening float'), data.floatMinor),
    line(t('Cash received'), cash),
    ...data.movements.map((one) =>
      line(
        [t(WORDS[one.kind]), one.at, one.bank, one.slip?.number, one.note, one.backInTill ? t('undone') : '']
          .filter(Boolean)
          .join(' · '),
        changeBy(one),
      ),
    ),
  ];
  const totals = [[t('Expected in drawer'), amount(data.expectedMinor)]];
  if (data.countedMinor !== null)
    totals.push([t('Counted'), amount(data.countedMinor)], differenceRow(data.countedMinor - data.expectedMinor, t, amount));
  kit.table({
    columns: [{ head: t('Cash') }, bookColumns(kit.words, data.currency).amount],
    rows,
    totals,
    rowHeight: { from: 6, to: 8 },
  });
}

function differenceRow(minor: number, t: ReportKit['t'], amount: (minor: number) => string): string[] {
  return [minor === 0 ? t('No difference') : minor > 0 ? t('Over') : t('Short'), amount(Math.abs(minor))];
}

function drawSignatures(kit: ReportKit): void {
  kit.y += 6;
  kit.room(34);
  const { y } = kit;
  for (const [x, label] of [
    [0, kit.t('Cashier')],
    [95, kit.t('Received and checked by')],
  ] as const) {
    kit.y = y;
    kit.signature({ name: '', title: label }, { x: kit.x + x, width: 75 });
  }
}

export const zReportDrawing = drawing(import.meta.url, { zReport });
