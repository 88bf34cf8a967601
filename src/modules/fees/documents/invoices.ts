import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { Page } from '../../../kernel/page.js';
import type { StudentsApi } from '../../students/index.js';
import { lineWords } from '../billing/billing.rules.js';
import { SEES_ACCOUNTS } from './document.rules.js';
import type { DocumentFilter, DocumentLineShown, DocumentRow, DocumentStore, SponsorBill } from '../ports.js';

/** A document with the name of the child that it is about. */
export interface ShownDocument extends DocumentRow {
  studentName: string;
  admissionNo: string;
  paymentNo: string;
}

/** A line with what page and paper call it. */
export type NamedLine = DocumentLineShown & { words: string };

export interface InvoiceOnPage {
  document: ShownDocument;
  lines: readonly NamedLine[];
  notes: readonly DocumentRow[];
  heads: Awaited<ReturnType<DocumentStore['headsOf']>>;
  /** What sponsors were billed for the same child and term; of a family's invoice. */
  sponsored: readonly SponsorBill[];
}

/** Invoices and notes, as people look at them. */
export class Invoices {
  constructor(
    private readonly store: DocumentStore,
    private readonly students: Pick<StudentsApi, 'holders' | 'search'>,
  ) {}

  /** `text` is a number of a document or words of a child's name or number. */
  async list(
    actor: Actor,
    { text, ...filter }: Omit<DocumentFilter, 'number' | 'studentIds'> & { text: string | null; studentId?: string },
    cursor: string | null,
    limit: number,
  ): Promise<Page<ShownDocument>> {
    demand(actor, SEES_ACCOUNTS);
    const { studentId, ...rest } = filter;
    const number = text && /^(INV|DN|CN)-/i.test(text) ? text : null;
    const found = text && !number ? (await this.students.search(actor, text, MOST_FOUND)).map((one) => one.id) : null;
    const page = await this.store.list({ ...rest, number, studentIds: studentId ? [studentId] : found }, cursor, limit);
    return { ...page, rows: await this.named(page.rows) };
  }

  async find(actor: Actor, id: string): Promise<InvoiceOnPage> {
    demand(actor, SEES_ACCOUNTS);
    return this.read(id);
  }

  /** A sponsor's bill as the family gets it. Whoever asks may see it: the caller has made sure. @throws NotFound for a family's own bill */
  async familyCopy(id: string): Promise<InvoiceOnPage> {
    const found = await this.read(id);
    if (found.document.payer.kind !== 'sponsor' || found.document.ofId) throw new Missing('document');
    return found;
  }

  private async read(id: string): Promise<InvoiceOnPage> {
    const row = await this.store.find(id);
    if (!row) throw new Missing('document');
    const [document] = await this.named([row]);
    const sponsored =
      row.kind === 'invoice' && row.payer.kind === 'student' ? await this.store.sponsorBills([row.studentId], null) : [];
    return {
      document: document!,
      lines: (await this.store.lines(id)).map((line) => ({ ...line, words: lineWords(line) })),
      notes: await this.store.notesOf(id),
      heads: await this.store.headsOf(id),
      sponsored: sponsored.filter((one) => one.termId === row.termId),
    };
  }

  private async named(rows: readonly DocumentRow[]): Promise<ShownDocument[]> {
    const holders = new Map(
      (await this.students.holders([...new Set(rows.map((row) => row.studentId))])).map((one) => [one.id, one]),
    );
    return rows.map((row) => {
      const holder = holders.get(row.studentId);
      return {
        ...row,
        studentName: holder ? [holder.surname, holder.firstName, holder.middleName].filter(Boolean).join(' ') : '',
        admissionNo: holder?.admissionNo ?? '',
        paymentNo: holder?.paymentNo ?? '',
      };
    });
  }
}

/** Words that more children than these have are no help in finding one. */
const MOST_FOUND = 200;
