import type { Request } from 'express';
import type { InvoiceOnPage } from '../invoices.js';
import type { PrintedInvoice } from './invoice.pdf.js';
import { termNames, type FeePages } from '../../adapters/pages.js';

/** Term and class of a document, in words. */
export async function placeOf(
  pages: FeePages,
  { termId, classId }: InvoiceOnPage['document'],
): Promise<{ term: string; className: string }> {
  const { classes } = await pages.subjects.classList();
  return {
    term: (await termNames(pages)).get(termId ?? '') ?? '',
    className: classes.find((one) => one.id === classId)?.name ?? '',
  };
}

/** What stands on the paper of an invoice or note; `familyCopy` of a sponsor's, which asks the family for nothing. */
export async function printedInvoice(
  pages: FeePages,
  req: Request,
  { document, lines, notes, sponsored }: InvoiceOnPage,
  familyCopy = false,
): Promise<PrintedInvoice> {
  const {
    number,
    kind,
    issuedOn,
    dueOn,
    studentName,
    admissionNo,
    paymentNo,
    sponsorName,
    totalMinor,
    netMinor,
    settledMinor,
    state,
    reason,
    code,
  } = document;
  const payTo = await pages.payTo.find();
  // What comes to a network's number with a child's own is the family's: a sponsor pays another way, and names the invoice.
  const pay = sponsorName === null ? { payTo, account: paymentNo } : { payTo: { ...payTo, ways: [] }, account: number };
  const { letterhead, name } = {
    letterhead: await pages.school.letterhead(),
    name: req.actor?.name ?? (await pages.school.profile()).name,
  };
  return {
    context: { letterhead, printedBy: name, printedAt: new Date(), zone: req.school!.zone, language: req.language },
    currency: (await pages.school.profile()).currency,
    ...pay,
    checkUrl: `${pages.publicUrl}/fees/check/${code}`,
    familyCopy,
    number,
    kind,
    issuedOn,
    dueOn,
    studentName,
    admissionNo,
    sponsorName,
    totalMinor,
    netMinor,
    settledMinor,
    state,
    reason,
    ...(await placeOf(pages, document)),
    lines: lines.map(({ words, amountMinor }) => ({ words, amountMinor })),
    notes: notes
      .filter((one) => one.state === 'issued')
      .map((one) => ({ number: one.number, reason: one.reason, totalMinor: one.totalMinor })),
    sponsored: sponsored.map((one) => ({ number: one.number, sponsorName: one.sponsorName, netMinor: one.netMinor })),
  };
}
