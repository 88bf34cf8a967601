import { formatAmount, formatMoney } from '../../../../kernel/money.js';
import { bookColumns } from '../../../../platform/pdf/book-columns.js';
import { report, type PrintContext, type Row, type Text } from '../../../../platform/pdf/kit.js';
import { drawing } from '../../../../platform/pdf/worker.js';
import type { PayTo } from '../../statements/how-to-pay.js';
import type { DocumentKind } from '../document.rules.js';
import { drawHowToPay, howToPayHeight } from '../../statements/adapters/how-to-pay.js';

export interface PrintedInvoice {
  context: PrintContext;
  currency: string;
  payTo: PayTo;
  checkUrl: string;
  /** What is written with the payment. */
  account: string;
  number: string;
  kind: DocumentKind;
  issuedOn: string;
  dueOn: string;
  studentName: string;
  admissionNo: string;
  sponsorName: string | null;
  className: string;
  term: string;
  reason: string;
  state: 'issued' | 'reversed';
  totalMinor: number;
  /** With its notes; of a note the same as its total. */
  netMinor: number;
  settledMinor: number;
  lines: readonly { words: string; amountMinor: number }[];
  notes: readonly { number: string; reason: string; totalMinor: number }[];
  /** A sponsor's invoice as the family gets it: to know, not to pay. */
  familyCopy: boolean;
  /** Of a family's invoice: what sponsors were billed for the same term. */
  sponsored: readonly { number: string; sponsorName: string; netMinor: number }[];
}

const TITLES: Record<DocumentKind, string> = {
  invoice: 'Invoice',
  opening: 'Opening balance',
  'debit-note': 'Debit note',
  'credit-note': 'Credit note',
};

/** The side of the code, in millimetres. */
const CODE = 24;

/** What a family or a sponsor gets: what is charged and taken off, what is left to pay, until when and how. */
export async function invoice(data: PrintedInvoice): Promise<Buffer> {
  const { context, currency, number, kind } = data;
  return report(
    {
      context,
      title: ({ t }) => t(TITLES[kind]),
      subtitle: ({ dateLong }) => `${number} · ${dateLong(data.issuedOn)}`,
      heading: 'letterhead',
      checkUrl: data.checkUrl,
    },
    (kit) => {
      const { t, words } = kit;
      const amount = (minor: number): string => formatAmount(minor, currency, context.language);
      const money = (minor: number): string => formatMoney(minor, currency, context.language);
      const of = bookColumns(words, currency);
      const isNote = kind === 'debit-note' || kind === 'credit-note';
      kit.keyValues(
        [
          [t('Student'), data.studentName],
          [t('Admission number'), data.admissionNo],
          [t('Class'), data.className],
          [t('Term'), data.term],
          [t('Pays'), data.sponsorName ?? t('The family')],
          [isNote ? t('Reason') : t('Due'), isNote ? data.reason : words.dateLong(data.dueOn)],
        ],
        { columns: 2 },
      );
      kit.y += 3;
      if (data.state === 'reversed') kit.paragraph(t('This document was reversed. Nothing is owed on it.'), { face: 'strong' });
      if (data.familyCopy)
        kit.paragraph(
          `${t('Family’s copy')}. ${t('{{sponsor}} pays this invoice. The family has nothing to pay for it.', { sponsor: data.sponsorName ?? '' })}`,
          { face: 'strong' },
        );
      const rows = data.lines.map((line): Row => ({ cells: [line.words, amount(line.amountMinor)] }));
      const totals: Text[][] = [[t('Total'), amount(data.totalMinor)]];
      kit.table({ columns: [of.details, of.amount], rows, totals, rowHeight: { from: 6, to: 8 } });
      if (data.notes.length > 0) {
        kit.y += 5;
        kit.table({
          columns: [{ head: t('Corrected by') }, { ...of.amount, head: '' }],
          rows: data.notes.map((note): Row => ({ cells: [`${note.number} ${t(note.reason)}`, amount(note.totalMinor)] })),
          rowHeight: { from: 6, to: 8 },
        });
      }
      if (data.sponsored.length > 0) {
        kit.y += 5;
        kit.table({
          columns: [{ head: t('Billed to sponsors for this term, not on this invoice') }, { ...of.amount, head: '' }],
          rows: data.sponsored.map((one): Row => ({ cells: [`${one.sponsorName}, ${one.number}`, amount(one.netMinor)] })),
          rowHeight: { from: 6, to: 8 },
        });
      }
      kit.y += 6;
      kit.room(Math.max(CODE + 4, isNote ? 0 : 22 + howToPayHeight(data.payTo)));
      kit.pen.qr(data.checkUrl, kit.x + kit.width - CODE, kit.y, CODE);
      if (isNote || data.state === 'reversed') return;
      kit.within(0, kit.width - CODE - 8, () => {
        kit.keyValues(
          [
            ...(data.notes.length > 0 ? [[t('With notes'), money(data.netMinor)] as const] : []),
            [t('Paid'), money(data.settledMinor)],
            [t('Balance due'), [{ text: money(data.netMinor - data.settledMinor), face: 'strong' }]],
          ],
          { width: 90 },
        );
        if (data.familyCopy) return;
        kit.y += 2;
        drawHowToPay(kit, data.payTo, data.account);
      });
    },
  );
}

export const invoiceDrawing = drawing(import.meta.url, { invoice });
