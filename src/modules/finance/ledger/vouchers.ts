import { formatDay } from '../../../kernel/day-words.js';
import { demand, type Actor } from '../../../kernel/actor.js';
import { Conflict } from '../../../kernel/errors.js';
import { formatMoney } from '../../../kernel/money.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { ApprovalKind, ApprovalRequest, ApprovalsApi } from '../../approvals/index.js';
import type { SchoolApi } from '../../school/index.js';
import { demandOpened, postingDay, type Books } from '../books/books.rules.js';
import { sumOfVoucher, takesTwo } from './voucher.rules.js';
import type { BooksStore, ChartStore } from '../ports.js';
import type { Journals, Voucher } from './journals.js';

const VOUCHER = 'finance.voucher';
const ABOUT = 'finance.voucher';

/** What became of a voucher: booked, or asked for and with somebody else to decide. */
export type VoucherOutcome = { state: 'booked'; entryId: string } | { state: 'asked'; requestId: string };

/** Vouchers by hand, and taking them back: alone up to the school's limit and where no money is touched, else by two people. */
export class Vouchers {
  constructor(
    private readonly unit: Unit,
    private readonly journals: Journals,
    private readonly books: BooksStore,
    private readonly charts: ChartStore,
    private readonly approvals: Pick<ApprovalsApi, 'ask' | 'openFor'>,
    private readonly school: Pick<SchoolApi, 'today'>,
  ) {}

  post(actor: Actor, voucher: Voucher): Promise<VoucherOutcome> {
    demand(actor, 'finance.post');
    return this.unit(async () => {
      await this.journals.check(actor, voucher);
      if (!(await this.takesTwo(voucher.rows)))
        return { state: 'booked', entryId: (await this.journals.post(actor, voucher)).entryId };
      const { key, memo, valueOn } = voucher;
      postingDay(await this.demandBooks(), valueOn, 'person', await this.school.today());
      const { requestId } = await this.approvals.ask(actor, {
        kind: VOUCHER,
        subject: { kind: ABOUT, id: key },
        amountMinor: sumOfVoucher(voucher.rows),
        reason: memo,
        payload: { voucher, lines: await this.linesOf(voucher) },
        summary: 'The voucher is booked as entered.',
      });
      return { state: 'asked', requestId };
    });
  }

  reverse(actor: Actor, entryId: string, reason: string): Promise<VoucherOutcome> {
    demand(actor, 'finance.post');
    return this.unit(async () => {
      const entry = await this.journals.demandByHand(actor, entryId);
      const rows = entry.lines.map(({ accountId, amountMinor, memo, costCentreId }) => ({
        accountId,
        memo,
        costCentreId,
        debitMinor: amountMinor > 0 ? amountMinor : null,
        creditMinor: amountMinor < 0 ? -amountMinor : null,
      }));
      if (!(await this.takesTwo(rows)))
        return { state: 'booked', entryId: (await this.journals.reverse(actor, entryId, reason)).entryId };
      if (entry.reversedById) throw new Conflict('This entry has already been reversed.');
      const { requestId } = await this.approvals.ask(actor, {
        kind: VOUCHER,
        subject: { kind: ABOUT, id: entryId },
        amountMinor: entry.amountMinor,
        reason,
        payload: { reverses: entryId, lines: await this.linesOf({ rows }) },
        summary: `The entry “${entry.memo}” is reversed. Both stay in the books.`,
      });
      return { state: 'asked', requestId };
    });
  }

  /** The request about an entry's reversal that waits for a decision. */
  async waiting(entryId: string): Promise<ApprovalRequest | null> {
    return (await this.approvals.openFor({ kind: ABOUT, id: entryId }))[0] ?? null;
  }

  readonly kind: ApprovalKind = {
    key: VOUCHER,
    label: 'Vouchers above the limit, or on a bank account',
    askWith: 'finance.post',
    decideWith: 'finance.approve',
    approve: async (actor, { payload, reason, askedBy }) => {
      if (payload.reverses) return void (await this.journals.reverse(actor, String(payload.reverses), reason));
      const voucher = payload.voucher as Voucher;
      await this.journals.book(actor, voucher, askedBy.name);
    },
    describe: ({ payload, reason }, t) => ({
      title: payload.reverses ? t('Reverse a voucher: {{reason}}', { reason }) : t('Book a voucher: {{memo}}', { memo: reason }),
      lines: (payload.lines as string[] | undefined) ?? [],
    }),
    href: ({ payload }) => (payload.reverses ? `/finance/journal/${String(payload.reverses)}` : null),
  };

  private async takesTwo(rows: Voucher['rows']): Promise<boolean> {
    const { voucherLimitMinor } = await this.demandBooks();
    return takesTwo(rows, (await this.charts.chart()).accounts, voucherLimitMinor);
  }

  private async demandBooks(): Promise<Books> {
    return demandOpened(await this.books.find());
  }

  /** As whoever decides reads it: `Debit 1100 Bank: KES 1,000`. */
  private async linesOf({ rows, valueOn }: Pick<Voucher, 'rows'> & { valueOn?: string }): Promise<string[]> {
    const [{ accounts }, { currency }] = [await this.charts.chart(), await this.demandBooks()];
    const lines = rows.map(({ accountId, debitMinor, creditMinor, memo }) => {
      const account = accounts.find((one) => one.id === accountId);
      return `${debitMinor ? 'Debit' : 'Credit'} ${account?.code} ${account?.name}: ${formatMoney(debitMinor ?? creditMinor ?? 0, currency)}${memo ? ` (${memo})` : ''}`;
    });
    return valueOn ? [`Dated ${formatDay(valueOn)}`, ...lines] : lines;
  }
}
