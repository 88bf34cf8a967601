import { printedFor } from '../../../platform/http/routes/pdf-route.js';
import type { Request } from 'express';
import { dayIn } from '../../../kernel/clock.js';
import { registerName } from '../../../kernel/people/names.js';
import type { PrintContext } from '../../../platform/pdf/kit.js';
import type { Account, LedgerApi } from '../../finance/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { AccountHolder, GuardianBrief, StudentsApi } from '../../students/index.js';
import type { SubjectsApi } from '../../subjects/index.js';
import type { Cashier } from '../receiving/cashier.js';
import type { PaperCheck } from '../receiving/paper-check.js';
import type { Moving } from '../reversals/moving.js';
import type { Named, Payments } from '../receiving/payments.js';
import type { RefundPayouts } from '../refunds/refund-payouts.js';
import type { Refunds } from '../refunds/refunds.js';
import type { SponsorPayments } from '../awards/sponsor-payments.js';
import type { TakingBack } from '../reversals/reversals.js';
import type { Tills } from '../tills/tills.js';
import { amountInWords } from '../documents/words.rules.js';
import type { ReceiptPaper } from '../ports.js';
import type { PrintedReceipt } from '../receiving/adapters/receipt.pdf.js';
import { paidBy } from '../documents/adapters/method-words.js';

/** What the pages of receiving work with. */
export interface PayingPages {
  cashier: Cashier;
  sponsorPayments: SponsorPayments;
  payments: Payments;
  takingBack: TakingBack;
  moving: Moving;
  refunds: Refunds;
  payouts: RefundPayouts;
  tills: Tills;
  papers: PaperCheck;
  ledger: Pick<LedgerApi, 'accounts' | 'banks'>;
  school: SchoolApi;
  subjects: SubjectsApi;
  students: Pick<StudentsApi, 'guardiansOf'>;
  /** Scheme and authority of this school's pages. */
  publicUrl: string;
}

export async function printContext(pages: PayingPages, req: Request): Promise<PrintContext> {
  return printedFor(req, await pages.school.letterhead());
}

/** The account of the books that money went to or came from; null where it has not moved yet. */
export async function accountOf(pages: Pick<PayingPages, 'ledger'>, id: string | null): Promise<Account | null> {
  return id === null ? null : ((await pages.ledger.accounts()).find((one) => one.id === id) ?? null);
}

/** Where a child is: `MH220417 · Grade 7 East`. */
export async function placesOf(
  pages: PayingPages,
): Promise<(holder: Pick<AccountHolder, 'admissionNo' | 'classId' | 'streamId'>) => string> {
  const { classes, streams } = await pages.subjects.classList();
  const labels = new Map([
    ...classes.map((one) => [one.id, one.name] as const),
    ...streams.map((one) => [one.id, one.label] as const),
  ]);
  return ({ admissionNo, classId, streamId }) => [admissionNo, labels.get(streamId ?? classId ?? '')].filter(Boolean).join(' · ');
}

/** Receipts as both papers and the page beside the form show them. */
export async function receiptsOf(
  pages: PayingPages,
  req: Request,
  { papers, names }: Named<{ papers: readonly (ReceiptPaper & { copy: boolean })[] }>,
): Promise<PrintedReceipt[]> {
  const place = await placesOf(pages);
  const terms = new Map((await pages.school.years()).flatMap((year) => year.terms).map((term) => [term.id, term.name]));
  const moment = momentIn(req);
  return papers.map((paper) => {
    const holder = names.get(paper.studentId);
    return {
      number: paper.number,
      copy: paper.copy,
      void: paper.state === 'reversed',
      student: holder ? registerName(holder) : '',
      place: holder ? place(holder) : '',
      payer: paper.payerName,
      sponsor: paper.sponsorName ?? '',
      by: paidBy(paper.method, paper.references, req.t),
      at: moment(paper),
      inWords: amountInWords(paper.amountMinor, req.school!.currency, req.language),
      cashier: paper.byName,
      checkUrl: `${pages.publicUrl}/fees/check/${paper.code}`,
      lines: paper.lines.map((line) => ({
        head: line.head,
        term: terms.get(line.termId ?? '') ?? '',
        amountMinor: line.amountMinor,
      })),
      amountMinor: paper.amountMinor,
      balanceAfterMinor: paper.balanceAfterMinor,
    };
  });
}

/** When the money came: with its time where it was recorded that day, else with the day on which it was. */
function momentIn({ language, school, t }: Request): (paper: Pick<ReceiptPaper, 'receivedOn' | 'at'>) => string {
  const { zone } = school!;
  const words = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      ...options,
    });
  const [clock, day] = [words({ hour: '2-digit', minute: '2-digit', timeZone: zone }), words({ timeZone: 'UTC' })];
  return ({ receivedOn, at }) => {
    const recordedOn = dayIn(zone, at);
    if (recordedOn === receivedOn) return clock.format(at);
    return t('{{day}}, recorded on {{other}}', {
      day: day.format(new Date(receivedOn)),
      other: day.format(new Date(recordedOn)),
    });
  };
}

/** Whom bills are for, and who mostly pays them: the first guardian who isn't barred. */
export function payerAmong(guardians: readonly GuardianBrief[] = []): GuardianBrief | null {
  return guardians.find((one) => !one.barred) ?? null;
}
