import { AUDIT, UNIT, only, type Given } from '../../../kernel/shapes/tokens.js';
import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { Conflict, NotFound } from '../../../kernel/errors.js';
import type { Page } from '../../../kernel/page.js';
import { SCHOOL } from '../../school/index.js';
import { STUDENTS, type AccountHolder } from '../../students/index.js';
import type { Heard, Received } from '../index.js';
import {
  PAYMENT_STORE,
  PAYMENT_LIST,
  type PaymentFilter,
  type PaymentInBrief,
  type PaymentLine,
  type ReceiptPaper,
} from '../ports.js';
import { Codes } from './codes.js';
import { Receiving } from './receive.js';

export type Named<Row> = Row & { names: ReadonlyMap<string, AccountHolder> };

/** What was received: found again, printed, verified or rejected. */
export class Payments {
  static readonly needs = {
    unit: UNIT,
    audit: AUDIT,
    store: PAYMENT_STORE,
    list: PAYMENT_LIST,
    receiving: Receiving,
    codes: Codes,
    students: only(STUDENTS, 'search', 'holders'),
    school: only(SCHOOL, 'today'),
  };

  constructor(private readonly parts: Given<typeof Payments.needs>) {}

  /** Newest first; `text` is a number, a reference, a payer or a child. */
  async list(actor: Actor, filter: PaymentFilter, cursor: string | null, limit: number): Promise<Page<Named<PaymentInBrief>>> {
    demand(actor, 'fees.payments.read');
    const page = await this.parts.list.list(await this.withChildren(actor, filter), cursor, limit);
    const names = await this.names(page.rows.flatMap((row) => row.receipts.map((one) => one.studentId)));
    return { ...page, rows: page.rows.map((row) => ({ ...row, names })) };
  }

  /** The same with all receipts of each payment, for programs. */
  async listWhole(actor: Actor, filter: PaymentFilter, cursor: string | null, limit: number): Promise<Page<PaymentLine>> {
    demand(actor, 'fees.payments.read');
    return this.parts.list.listWhole(await this.withChildren(actor, filter), cursor, limit);
  }

  private async withChildren(actor: Actor, filter: PaymentFilter): Promise<PaymentFilter & { textStudentIds: string[] }> {
    return {
      ...filter,
      textStudentIds: filter.text ? (await this.parts.students.search(actor, filter.text, 20)).map((one) => one.id) : [],
    };
  }

  async find(actor: Actor, id: string): Promise<Named<PaymentLine>> {
    demand(actor, 'fees.payments.read');
    const payment = await this.parts.list.find(id);
    if (!payment) throw new Missing('payment');
    return { ...payment, names: await this.names(payment.receipts.map((one) => one.studentId)) };
  }

  /** What a network has told of the number of a slip, where it differs from the slip; or that money waits whose receipt was taken back. */
  async heard(payment: Pick<PaymentLine, 'state' | 'references'>): Promise<Heard | null> {
    return payment.state === 'provisional' || payment.state === 'reversed' ? this.parts.codes.heard(payment.references) : null;
  }

  /** Whether its money stays at the school when the receipt is taken back, since a network has told of it. */
  isTold(paymentId: string): Promise<boolean> {
    return this.parts.codes.isTold(paymentId);
  }

  /** What the receipts of a payment say, without printing them. */
  async show(actor: Actor, paymentId: string): Promise<Named<{ papers: (ReceiptPaper & { copy: boolean })[] }>> {
    demand(actor, 'fees.payments.read');
    const papers = await this.parts.list.papers(paymentId);
    return {
      papers: papers.map((one) => ({ ...one, copy: false })),
      names: await this.names(papers.map((one) => one.studentId)),
    };
  }

  /** What a receipt's paper says; `copy` once it was printed before. Each print counts. */
  async print(actor: Actor, paymentId: string): Promise<Named<{ papers: (ReceiptPaper & { copy: boolean })[] }>> {
    demand(actor, 'fees.payments.read');
    return this.parts.unit(async () => {
      const papers = await this.parts.list.papers(paymentId);
      if (papers.length === 0) throw new NotFound('There is no receipt to print.');
      const printed = await this.parts.list.countPrint(papers.map((one) => one.id));
      return {
        papers: papers.map((one) => ({ ...one, copy: (printed.get(one.id) ?? 1) > 1 })),
        names: await this.names(papers.map((one) => one.studentId)),
      };
    });
  }

  /** By somebody who saw the money in the operator's or the bank's own list. */
  verify(actor: Actor, id: string, receivedOn: string): Promise<Received> {
    demand(actor, 'fees.verify');
    return this.parts.unit(async () => {
      await this.parts.codes.demandUnheard((await this.parts.list.find(id))?.references ?? []);
      const { amountMinor, accountId } = await this.demandShown(id);
      return this.parts.receiving.verify(actor, id, { amountMinor, receivedOn, accountId });
    });
  }

  reject(actor: Actor, id: string, reason: string): Promise<void> {
    demand(actor, 'fees.verify');
    return this.parts.unit(async () => {
      await this.demandShown(id);
      await this.parts.list.reject(id, await this.parts.school.today(), reason);
      await this.parts.audit.record(actor, { action: 'fees.payment.reject', entity: 'fee-payment', entityId: id, reason });
    });
  }

  private async demandShown(id: string) {
    const payment = await this.parts.store.findForChange(id);
    if (!payment) throw new Missing('payment');
    if (payment.state !== 'provisional') throw new Conflict('Someone has already decided about this code.');
    return payment;
  }

  private async names(ids: readonly string[]): Promise<ReadonlyMap<string, AccountHolder>> {
    return new Map((await this.parts.students.holders([...new Set(ids)])).map((one) => [one.id, one]));
  }
}
