import { token } from '../../../kernel/shapes/tokens.js';
import type { Page } from '../../../kernel/page.js';
import type { Due } from '../statements/ageing.rules.js';
import type { DocumentLine, Standing } from '../billing/billing.rules.js';
import type { DocumentKind, Method, Payer, Reference } from './document.rules.js';
import type { AwardRow } from '../billing/ports.js';
import type { RefundRecord } from '../refunds/ports.js';

export const SERIES = ['invoice', 'debit-note', 'credit-note', 'receipt', 'refund'] as const;
export type Series = (typeof SERIES)[number];

export interface SeriesStore {
  /** The next numbers, in order; others wait for theirs until this transaction ends, so they are taken last. */
  take(series: Series, count: number): Promise<string[]>;
}

/** Locks that are taken before any row of a document: who writes about the same students follows one another. */
export interface HoldStore {
  students(ids: readonly string[]): Promise<void>;
  everybody(): Promise<void>;
}

/** An invoice or a note. */
export interface FeeDocument {
  id: string;
  kind: DocumentKind;
  number: string;
  studentId: string;
  termId: string | null;
  payer: Payer;
  /** The invoice that a note corrects. */
  ofId: string | null;
  runId: string | null;
  classId: string | null;
  issuedOn: string;
  dueOn: string;
  totalMinor: number;
  reason: string;
  state: 'issued' | 'reversed';
  sourceKey: string | null;
  /** The secret part of the address behind its QR. */
  code: string;
  entryId: string;
  byUserId: string | null;
  byName: string;
  createdAt: Date;
}

export type NewDocument = Omit<FeeDocument, 'state' | 'code' | 'createdAt'> & { lines: readonly DocumentLine[] };

/** A document as lists show it; `settledMinor` is what was paid of it. */
export interface DocumentRow extends FeeDocument {
  /** Null for the student's family. */
  sponsorName: string | null;
  /** Of an invoice: with its notes. */
  netMinor: number;
  settledMinor: number;
  /** Of an invoice: by when the first part of it that is open is due. */
  leftDueOn: string;
}

/** What a sponsor was billed for a student; the family gets a copy. With its notes. */
export interface SponsorBill {
  id: string;
  number: string;
  studentId: string;
  sponsorName: string;
  termId: string | null;
  issuedOn: string;
  netMinor: number;
  settledMinor: number;
}

/** Two bills of one student, term and payer, since two records became one; what was paid of each, with notes. */
export interface DoubleBill {
  studentId: string;
  termId: string | null;
  /** Null for the student's family. */
  sponsorName: string | null;
  /** The one of the record that was kept, then the one that came from the other. */
  bills: readonly [BillInBrief, BillInBrief];
}

export interface BillInBrief {
  id: string;
  number: string;
  netMinor: number;
  settledMinor: number;
}

export interface DocumentLineShown extends DocumentLine {
  n: number;
  headName: string;
}

export interface DocumentFilter {
  /** A document's number, or its beginning. */
  number: string | null;
  /** Of these students only. */
  studentIds: readonly string[] | null;
  /** Of this payer only, a sponsor's for instance. */
  payerId?: string | null;
  termId: string | null;
  classId: string | null;
  kind: DocumentKind | null;
  /** `open`: invoices of which something is left to pay. */
  state: 'open' | 'paid' | 'reversed' | null;
}

/** What anybody may read who holds the paper. */
export interface PaperFound {
  kind: DocumentKind | 'receipt';
  number: string;
  amountMinor: number;
  /** The day on which it was issued; of a receipt, on which the money was paid. */
  on: string;
  state: 'issued' | 'reversed';
}

export interface Paper {
  kind: DocumentKind | 'receipt' | 'moved-in' | 'moved-out' | 'refund';
  id: string;
  number: string;
  /** Of the other child's receipt, where money was moved. */
  other: string | null;
  termId: string | null;
  by: { method: Method; references: readonly Reference[] } | null;
}

export interface PapersOfStatements {
  /** One of the students has a plan that isn't over. */
  planned: boolean;
  /** One of them has receipts of an earlier system. */
  withFormer: boolean;
  /** Student → entry → the document, the receipts or the refund that it books for this student. */
  papers: Map<string, Map<string, Paper>>;
  /** Of these days, or still open. */
  sponsored: SponsorBill[];
  double: DoubleBill[];
  /** What families owe on bills today, by the day that it is due. */
  dues: (Due & { studentId: string })[];
  /** Credit that is kept for refunds which were asked for and aren't paid. */
  setApart: { studentId: string; amountMinor: number }[];
}

export interface DocumentStore {
  insert(documents: readonly NewDocument[]): Promise<void>;
  /** Invoices of a term that stand, with the lines of their notes; by student. Charges that something else asked for are left out. */
  standing(termId: string, studentIds: readonly string[] | null): Promise<Map<string, Standing[]>>;
  find(id: string): Promise<DocumentRow | null>;
  findAll(ids: readonly string[]): Promise<DocumentRow[]>;
  byCode(code: string): Promise<PaperFound | null>;
  ofSource(sourceKey: string): Promise<string | null>;
  lines(id: string): Promise<DocumentLineShown[]>;
  notesOf(id: string): Promise<DocumentRow[]>;
  list(filter: DocumentFilter, cursor: string | null, limit: number): Promise<Page<DocumentRow>>;
  /** Documents of a run that stand, and the notes that stand on them, in the order of their students. */
  ofRun(runId: string, studentIds: readonly string[] | null): Promise<FeeDocument[]>;
  /** Bills of a term for these students that stand, and the notes that stand on them; what something else asked for is left out. */
  billedIn(termId: string, studentIds: readonly string[]): Promise<FeeDocument[]>;
  /**
   * What somebody who left on that day has got back of a bill: how many notes were written for it, and whether one of them counts,
   * which it does until it is taken back or a later run bills them again.
   */
  leftBefore(invoiceId: string, on: string): Promise<{ notes: number; counts: boolean }>;
  /** Notes that gave these leavers back what was left when they left on that day, as far as they stand. */
  givenBack(leavers: readonly { studentId: string; on: string }[]): Promise<FeeDocument[]>;
  /** Marks them as taken back and makes credit of what had settled them; false when one of them was taken back already. */
  reverse(ids: readonly string[], why: string): Promise<boolean>;
  /** What each head of an invoice comes to with its notes, and what is left of it to pay. */
  headsOf(invoiceId: string): Promise<{ headId: string; headName: string; netMinor: number; leftMinor: number }[]>;
  /** What statements of these days say of documents. */
  ofStatements(
    studentIds: readonly string[],
    entryIds: readonly string[],
    span: { from: string; to: string },
  ): Promise<PapersOfStatements>;
  /** Invoices of sponsors that stand, oldest first: of these days, or of any day and still open; of all days without a span. */
  sponsorBills(studentIds: readonly string[], span: { from: string; to: string } | null): Promise<SponsorBill[]>;
  /** What an award has moved or taken off so far, by invoice; what was taken back is left out. */
  linesOfAward(awardId: string): Promise<Standing[]>;
  /** Whatever hangs on one student hangs on another; a second bill of one term keeps apart, a second plan is taken back. */
  moveStudent(fromId: string, toId: string, today: string): Promise<void>;
  /** Where both come to something and nobody has said that both are right; oldest first. */
  doubleBills(cursor: string | null, limit: number): Promise<Page<DoubleBill>>;
  /** By the bill that came from the other record. */
  doubleBill(mergedId: string): Promise<DoubleBill | null>;
  /** Both of a term's bills are right; false when this one doesn't wait for that word. */
  keepBoth(mergedId: string): Promise<boolean>;
  countOf(studentId: string): Promise<number>;
  /** Which of these children have any. */
  holders(studentIds: readonly string[]): Promise<string[]>;
  /** Of these students, those with an opening balance that stands, owed or credit; what bears this key or came by this client is left out. */
  openingsOf(studentIds: readonly string[], sourceKey: string, client: string): Promise<ReadonlySet<string>>;
  /** Documents that don't agree with their lines or their entry, or were taken back without it. */
  differing(): Promise<{ id: string; kind: DocumentKind; number: string }[]>;
}

/** A page that whoever has its address may read until a day. */
export interface StatementLink {
  id: string;
  studentId: string;
  /** Of all brothers and sisters, or of the one child. */
  family: boolean;
  expiresOn: string;
  revokedAt: Date | null;
  byName: string;
  createdAt: Date;
}

export interface StatementLinkStore {
  insertAll(links: readonly (Omit<StatementLink, 'revokedAt' | 'createdAt'> & { tokenHash: string })[]): Promise<void>;
  ofToken(tokenHash: string): Promise<StatementLink | null>;
  revoke(studentId: string, id: string, at: Date): Promise<boolean>;
}

/** What the school notes beside a child's statement, in brief: what is taken, awards, the latest refunds, addresses that are good, and what an earlier system has received. */
export interface Aside {
  subscriptions: readonly {
    id: string;
    headId: string;
    fromTermId: string;
    toTermId: string | null;
    fromOn: string | null;
    toOn: string | null;
  }[];
  awards: readonly (Pick<AwardRow, 'state'> & { kindName: string })[];
  refunds: readonly Pick<RefundRecord, 'id' | 'amountMinor' | 'askedOn' | 'state'>[];
  links: readonly Pick<StatementLink, 'id' | 'family' | 'expiresOn'>[];
  /** How many receipts of an earlier system the child has. */
  former: number;
}

export interface AsideStore {
  ofStudent(studentId: string, today: string): Promise<Aside>;
}

export const ASIDE_STORE = token<AsideStore>('FeeAsideStore');
export const STATEMENT_LINK_STORE = token<StatementLinkStore>('FeeStatementLinkStore');
export const SERIES_STORE = token<SeriesStore>('FeeSeriesStore');
export const HOLD_STORE = token<HoldStore>('FeeHoldStore');
export const DOCUMENT_STORE = token<DocumentStore>('FeeDocumentStore');
