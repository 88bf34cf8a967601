import { can, demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { addDays, type Clock } from '../../../kernel/clock.js';
import { NotFound } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { LedgerApi, PartyStatement } from '../../finance/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { AccountHolder, StudentsApi } from '../../students/index.js';
import { ageingOf, duesOf, type Ageing, type Due } from './ageing.rules.js';
import { SEES_ACCOUNTS, SHARES, type DocumentKind, type Method, type Reference } from '../documents/document.rules.js';
import { planStanding, type PlanStanding } from '../instalments/plan.rules.js';
import type {
  Aside,
  AsideStore,
  DocumentStore,
  DoubleBill,
  FeePlan,
  FormerReceipt,
  FormerReceiptStore,
  Paper,
  PlanStore,
  SponsorBill,
  StatementLink,
  StatementLinkStore,
} from '../ports.js';
import type { PayPages } from '../index.js';

/** Everybody with pages to pay on; asked for late, since they are bound after this module. */
export type AllPayPages = () => readonly PayPages[];

export interface StatementParts {
  unit: Unit;
  audit: AuditTrail;
  clock: Clock;
  documents: Pick<DocumentStore, 'ofStatements'>;
  plans: Pick<PlanStore, 'running'>;
  former: Pick<FormerReceiptStore, 'ofStudents'>;
  links: StatementLinkStore;
  aside: AsideStore;
  ledger: Pick<LedgerApi, 'openBooks' | 'statementsOf' | 'balances'>;
  students: Pick<StudentsApi, 'holders' | 'siblingsOf'>;
  school: Pick<SchoolApi, 'today' | 'currentYear'>;
  secrets: { newToken(): string; hash(token: string): string };
  /** Whose pages lead to statements under their own secrets; asked for late, since they are bound after this module. */
  payPages: AllPayPages;
}

export interface StatementLine {
  on: string;
  kind: DocumentKind | 'receipt' | 'moved-in' | 'moved-out' | 'refund' | 'reversal' | 'other';
  /** Of the document, the receipt or the refund; of a reversal, of what it takes back. */
  number: string;
  id: string | null;
  termId: string | null;
  /** Number of the other child's receipt, where money was moved between two. */
  other: string | null;
  /** How the money of a receipt came. */
  by: { method: Method; references: readonly Reference[] } | null;
  memo: string;
  /** Above zero more is owed. */
  amountMinor: number;
  balanceMinor: number;
}

export interface Statement {
  student: AccountHolder;
  from: string;
  to: string;
  openingMinor: number;
  lines: readonly StatementLine[];
  closingMinor: number;
  /** What sponsors were billed for the child, which is no part of the balance. */
  sponsored: readonly SponsorBill[];
  /** Terms that are billed twice since two records became one, until somebody has decided; for the school, not for the family. */
  double: readonly DoubleBill[];
  /** Receipts of an earlier system, newest first: history, no part of the balance. */
  former: readonly FormerReceipt[];
  /** Of what is open today. */
  ageing: Ageing;
  /** The same by the day that it is due. */
  dues: readonly Due[];
  /** Credit that is kept for a refund: part of the balance, and taken off nothing that is open. */
  setApartMinor: number;
  /** The one that isn't over, as it stands today. */
  plan: (FeePlan & { standing: PlanStanding }) | null;
}

const LINK_DAYS = 30;
const OVER = 'This link no longer works. Ask the school for a new one.';

/** What a child's family owes and how it came to that: by the journal itself, so that it can't differ from the books. */
export class FeeStatements {
  constructor(private readonly parts: StatementParts) {}

  /** From the beginning of the school year, unless a day is named. @throws NotFound */
  async ofStudent(actor: Actor, studentId: string, span: { from?: string; to?: string } = {}): Promise<Statement> {
    demand(actor, SEES_ACCOUNTS);
    const [student] = await this.parts.students.holders([studentId]);
    if (!student) throw new Missing('student');
    return (await this.statements([student], span))[0]!;
  }

  /** The child first, then its brothers and sisters by age. */
  async ofFamily(actor: Actor, studentId: string, span: { from?: string; to?: string } = {}): Promise<Statement[]> {
    demand(actor, SEES_ACCOUNTS);
    return this.family(studentId, span);
  }

  async balances(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    demand(actor, SEES_ACCOUNTS);
    return this.parts.ledger.balances(ids);
  }

  /** What stands beside the statement; refunds for those who see payments. */
  async aside(actor: Actor, studentId: string): Promise<Aside> {
    demand(actor, SEES_ACCOUNTS);
    const aside = await this.parts.aside.ofStudent(studentId, await this.parts.school.today());
    return can(actor, 'fees.payments.read') ? aside : { ...aside, refunds: [] };
  }

  /** An address for whoever is to read it without an account. @returns the token, which is kept nowhere */
  share(actor: Actor, studentId: string, family: boolean): Promise<string> {
    demand(actor, SHARES);
    const { unit, links, audit, school, secrets, students } = this.parts;
    return unit(async () => {
      if ((await students.holders([studentId])).length === 0) throw new Missing('student');
      const token = secrets.newToken();
      const link = { id: newId(), studentId, family, expiresOn: addDays(await school.today(), LINK_DAYS), byName: actor.name };
      await links.insertAll([{ ...link, tokenHash: secrets.hash(token) }]);
      await audit.record(actor, {
        action: 'fees.statement.share',
        entity: 'student',
        entityId: studentId,
        after: { family, expiresOn: link.expiresOn },
      });
      return token;
    });
  }

  /** An address for each of these families. @returns student → token, which is kept nowhere */
  shareAll(actor: Actor, studentIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    demand(actor, SHARES);
    const { unit, links, audit, school, secrets } = this.parts;
    return unit(async () => {
      const tokens = new Map(studentIds.map((id) => [id, secrets.newToken()]));
      if (tokens.size === 0) return tokens;
      const expiresOn = addDays(await school.today(), LINK_DAYS);
      await links.insertAll(
        [...tokens].map(([studentId, token]) => ({
          id: newId(),
          studentId,
          family: true,
          expiresOn,
          byName: actor.name,
          tokenHash: secrets.hash(token),
        })),
      );
      await audit.record(actor, {
        action: 'fees.statement.share',
        entity: 'student',
        entityId: null,
        after: { family: true, expiresOn, studentIds: [...tokens.keys()] },
      });
      return tokens;
    });
  }

  revoke(actor: Actor, studentId: string, id: string): Promise<void> {
    demand(actor, SHARES);
    const { unit, links, audit, clock } = this.parts;
    return unit(async () => {
      if (!(await links.revoke(studentId, id, clock.now()))) throw new Missing('link');
      await audit.record(actor, { action: 'fees.statement.revoke', entity: 'student', entityId: studentId });
    });
  }

  /** For whoever has the address. @throws NotFound when it is wrong, over or taken back: nobody learns which */
  async shared(token: string): Promise<Statement[]> {
    const read = (await this.behind(token)) ?? (await this.behindPayPage(token));
    if (!read) throw new NotFound(OVER);
    if (read.family) return this.family(read.studentId, {});
    const [student] = await this.parts.students.holders([read.studentId]);
    if (!student) throw new NotFound(OVER);
    return this.statements([student], {});
  }

  private async behind(token: string): Promise<Pick<StatementLink, 'studentId' | 'family'> | null> {
    const { links, secrets, school } = this.parts;
    const link = await links.ofToken(secrets.hash(token));
    return link && !link.revokedAt && link.expiresOn >= (await school.today()) ? link : null;
  }

  private async behindPayPage(token: string): Promise<Pick<StatementLink, 'studentId' | 'family'> | null> {
    for (const page of this.parts.payPages()) {
      const found = await page.statementBehind(token);
      if (found) return found;
    }
    return null;
  }

  /** Whether the sponsor's bill stands on the statement behind this address. @throws NotFound where it doesn't, or the address is not good */
  async demandShared(token: string, invoiceId: string): Promise<void> {
    const statements = await this.shared(token);
    if (!statements.some((one) => one.sponsored.some((bill) => bill.id === invoiceId))) throw new Missing('document');
  }

  private async family(studentId: string, span: { from?: string; to?: string }): Promise<Statement[]> {
    const { students } = this.parts;
    const [student] = await students.holders([studentId]);
    if (!student) throw new Missing('student');
    const siblings = [...((await students.siblingsOf([studentId])).get(studentId) ?? [])].sort((a, b) =>
      (a.bornOn ?? '') < (b.bornOn ?? '') ? -1 : 1,
    );
    return this.statements([student, ...siblings], span);
  }

  /** As many statements as students, in as many trips as for one. */
  private async statements(students: readonly AccountHolder[], span: { from?: string; to?: string }): Promise<Statement[]> {
    const { ledger, documents, plans, school } = this.parts;
    const ids = students.map((one) => one.id);
    const today = await school.today();
    const to = span.to ?? today;
    const asked = span.from ?? (await school.currentYear()).startsOn;
    const from = asked > to ? to : asked;
    const moves = await ledger.statementsOf('student', ids, from, to);
    const { papers, sponsored, double, dues, setApart, planned, withFormer } = await documents.ofStatements(
      ids,
      [...moves.values()].flatMap(({ rows }) => rows.map((row) => row.reversesId ?? row.entryId)),
      { from, to },
    );
    const running = planned ? await plans.running(ids) : new Map<string, FeePlan>();
    const former = withFormer ? await this.formerOf(ids, from, to) : [];
    return students.map((student) => {
      const { openingMinor, rows } = moves.get(student.id)!;
      const lines = linesOf(openingMinor, rows, papers.get(student.id)!);
      const open = dues.filter((one) => one.studentId === student.id);
      const setApartMinor = setApart.reduce((sum, one) => (one.studentId === student.id ? sum + one.amountMinor : sum), 0);
      const plan = running.get(student.id);
      return {
        student,
        from,
        to,
        openingMinor,
        lines,
        closingMinor: lines.at(-1)?.balanceMinor ?? openingMinor,
        sponsored: sponsored.filter((one) => one.studentId === student.id),
        double: double.filter((one) => one.studentId === student.id),
        former: former.filter((one) => one.studentId === student.id),
        ageing: ageingOf(open, today),
        dues: duesOf(open),
        setApartMinor,
        plan: plan ? { ...plan, standing: planStanding(plan, today) } : null,
      };
    });
  }

  /** Those of the days of the statement; where the books began in these days, all that led to the balance with which they began. */
  private async formerOf(ids: readonly string[], from: string, to: string): Promise<FormerReceipt[]> {
    const books = await this.parts.ledger.openBooks();
    const begin = books !== null && from <= books.startsOn && books.startsOn <= to;
    return this.parts.former.ofStudents(ids, { from: begin ? null : from, to });
  }
}

function linesOf(openingMinor: number, rows: PartyStatement['rows'], papers: ReadonlyMap<string, Paper>): StatementLine[] {
  let balanceMinor = openingMinor;
  return rows.map((row) => {
    balanceMinor += row.amountMinor;
    const paper = papers.get(row.reversesId ?? row.entryId);
    const kind = row.reversesId ? 'reversal' : (paper?.kind ?? 'other');
    return {
      on: row.postedOn,
      kind,
      number: paper?.number ?? '',
      id: paper?.id ?? null,
      termId: paper?.termId ?? null,
      by: paper?.by ?? null,
      other: paper?.other ?? null,
      memo: row.memo,
      amountMinor: row.amountMinor,
      balanceMinor,
    };
  });
}
