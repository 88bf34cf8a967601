import type { Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { NO_BOOKS, type LedgerApi } from '../../finance/index.js';
import type { StudentBrief, StudentsApi } from '../../students/index.js';
import type { VoteHead } from '../structures/vote-head.rules.js';
import type { PayingApi } from '../index.js';
import type { DocumentStore, HeadStore, HoldStore } from '../ports.js';
import type { DocumentDraft, Documents } from '../documents/documents.js';
import type { TakingBack } from '../reversals/reversals.js';

/** The head of what the old books don't tell by head; made with the first list that needs it. */
const ARREARS = { code: 'ARREARS', name: 'Balance brought forward' };
const TAKEN_BACK = 'The import of opening balances was undone';

export interface OpeningParts {
  audit: AuditTrail;
  store: Pick<DocumentStore, 'findAll' | 'openingsOf'>;
  documents: Documents;
  heads: HeadStore;
  hold: HoldStore;
  paying: Pick<PayingApi, 'receive'>;
  takingBack: Pick<TakingBack, 'takeBackOpening'>;
  ledger: Pick<LedgerApi, 'openBooks' | 'account'>;
  students: Pick<StudentsApi, 'payees'>;
}

export interface OpeningRow {
  n: number;
  student: Pick<StudentBrief, 'id' | 'classId'>;
  /** Null where the old books name none. */
  headId: string | null;
  /** Above zero the family owes it, below it has paid beyond what it owed; minor units. */
  amountMinor: number;
  /** Null for the first day of the books. */
  dueOn: string | null;
  note: string;
}

/** What became of a row: a document of what is owed, or a payment for credit. */
export interface OpeningWritten {
  n: number;
  id: string;
  kind: 'document' | 'payment';
}

/**
 * What each child owed when the books began, against the accumulated fund, where the opening balances of the books have
 * left that sum: together both come right. The caller has asked for the permission and has a transaction open.
 */
export class OpeningArrears {
  constructor(private readonly parts: OpeningParts) {}

  async choices(): Promise<{ students: StudentBrief[]; heads: readonly VoteHead[]; open: boolean; closedMonth: string | null }> {
    const { students, heads, ledger } = this.parts;
    const books = await ledger.openBooks();
    // What was owed counts on the first day of the books, which is in the first month that is closed.
    const closedMonth =
      books && books.closedThrough !== null && books.startsOn <= books.closedThrough ? books.startsOn.slice(0, 7) : null;
    return { students: await students.payees(), heads: await heads.list(), open: books !== null, closedMonth };
  }

  /** Of these students, those who have an opening balance from elsewhere than this list. */
  there(studentIds: readonly string[], listId: string): Promise<ReadonlySet<string>> {
    return this.parts.store.openingsOf(studentIds, keyOf(listId), clientOf(listId));
  }

  /** @throws RuleBroken before the books are opened, in a closed month, or where another list was faster */
  async book(actor: Actor, listId: string, rows: readonly OpeningRow[]): Promise<OpeningWritten[]> {
    const { hold, documents, ledger } = this.parts;
    const books = await ledger.openBooks();
    if (!books) throw new RuleBroken('no-books', NO_BOOKS);
    await hold.everybody();
    if (
      (
        await this.there(
          rows.map((row) => row.student.id),
          listId,
        )
      ).size > 0
    )
      throw new RuleBroken(
        'opened-already',
        'Some of these students have an opening balance since this list was checked. Check it again.',
      );
    const owed = rows.filter((row) => row.amountMinor > 0);
    const arrears = owed.some((row) => row.headId === null) ? await this.arrearsHead(actor) : '';
    const drafts = owed.map(({ n, student, headId, amountMinor, dueOn, note }): DocumentDraft => ({
      kind: 'opening',
      studentId: student.id,
      termId: null,
      classId: student.classId,
      payer: { kind: 'student', id: student.id },
      ofId: null,
      runId: null,
      issuedOn: books.startsOn,
      dueOn: dueOn ?? books.startsOn,
      reason: note,
      sourceKey: `${keyOf(listId)}${n}`,
      memo: ['Opening balance', note].filter(Boolean).join(': '),
      lines: [
        {
          headId: headId ?? arrears,
          kind: 'charge',
          description: note || ARREARS.name,
          amountMinor,
          structureId: null,
          awardId: null,
        },
      ],
    }));
    const issued = await documents.issue(actor, drafts);
    const written = issued.map(({ id }, at): OpeningWritten => ({ n: owed[at]!.n, id, kind: 'document' }));
    for (const row of rows.filter((one) => one.amountMinor < 0))
      written.push({ n: row.n, id: await this.credit(actor, listId, row, books), kind: 'payment' });
    return written;
  }

  /** Reversed, not removed: what a receipt had settled is credit. */
  async takeBack(actor: Actor, written: readonly Omit<OpeningWritten, 'n'>[]): Promise<void> {
    const { hold, store, documents, takingBack } = this.parts;
    await hold.everybody();
    await documents.reverse(
      actor,
      await store.findAll(written.filter((one) => one.kind === 'document').map((one) => one.id)),
      TAKEN_BACK,
    );
    for (const { id } of written.filter((one) => one.kind === 'payment')) await takingBack.takeBackOpening(actor, id, TAKEN_BACK);
  }

  /** How many of these documents were taken back one by one, or corrected by a note. */
  async touched(ids: readonly string[]): Promise<number> {
    const whole = (await this.parts.store.findAll(ids)).filter(
      (one) => one.state !== 'reversed' && one.netMinor === one.totalMinor,
    );
    return ids.length - whole.length;
  }

  private async credit(
    actor: Actor,
    listId: string,
    { n, student, amountMinor, note }: OpeningRow,
    { startsOn, currency }: { startsOn: string; currency: string },
  ): Promise<string> {
    const share = { studentId: student.id, amountMinor: -amountMinor };
    const { paymentId } = await this.parts.paying.receive(actor, {
      method: 'opening',
      amountMinor: -amountMinor,
      currency,
      receivedOn: startsOn,
      memo: note,
      references: [],
      shares: [share],
      client: clientOf(listId),
      clientKey: String(n),
      by: 'person',
    });
    return paymentId;
  }

  private async arrearsHead(actor: Actor): Promise<string> {
    const { heads, ledger, audit } = this.parts;
    const known = (await heads.list()).find((one) => one.code === ARREARS.code);
    if (known) return known.id;
    const head: VoteHead = {
      id: newId(),
      ...ARREARS,
      kind: 'income',
      frequency: 'once',
      mandatory: false,
      accountId: (await ledger.account('fees')).id,
      priority: 1,
      active: true,
      version: 1,
    };
    await heads.insert(head);
    await audit.record(actor, {
      action: 'fees.head.add',
      entity: 'vote-head',
      entityId: head.id,
      label: `${head.code} ${head.name}`,
      after: head,
    });
    return head.id;
  }
}

const keyOf = (listId: string): string => `opening:${listId}:`;
const clientOf = (listId: string): string => `import:${listId}`;
