import type { Actor } from '../../../kernel/actor.js';
import { Conflict } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { LedgerApi } from '../../finance/index.js';
import { totalOf, type DocumentLine } from '../billing/billing.rules.js';
import type { DocumentKind, Payer } from './document.rules.js';
import type { DocumentStore, FeeDocument, HeadStore, NewDocument, Series, SeriesStore } from '../ports.js';
import type { Allocations } from '../allocations/allocate.js';
import { postingOf, type FeeAccounts } from './posting.js';

export interface DocumentDraft {
  kind: DocumentKind;
  studentId: string;
  termId: string | null;
  classId: string | null;
  payer: Payer;
  ofId: string | null;
  runId: string | null;
  issuedOn: string;
  dueOn: string;
  reason: string;
  sourceKey: string | null;
  /** What the entry in the journal says. */
  memo: string;
  lines: readonly DocumentLine[];
}

/** So many entries are booked by one statement. */
const AT_ONCE = 100;

/** Writes documents with their entries and takes them back. Joins the caller's transaction, in which the students are held. */
export class Documents {
  constructor(
    private readonly store: DocumentStore,
    private readonly series: SeriesStore,
    private readonly heads: HeadStore,
    private readonly ledger: Pick<LedgerApi, 'account' | 'postAll' | 'reverseAll'>,
    private readonly allocations: Pick<Allocations, 'settleCredit'>,
  ) {}

  /** Entries first, then the numbers, which others wait for, then the documents themselves, which credit settles. */
  async issue(actor: Actor, drafts: readonly DocumentDraft[]): Promise<NewDocument[]> {
    if (drafts.length === 0) return [];
    const accounts = await this.accounts();
    const heads = new Map((await this.heads.list()).map((head) => [head.id, head]));
    // In the order of their numbers, so that lists of what was written at one moment have them in it.
    const ids = drafts.map(() => newId()).sort();
    const entryIds: string[] = [];
    for (let at = 0; at < drafts.length; at += AT_ONCE) {
      const postings = drafts
        .slice(at, at + AT_ONCE)
        .map((draft, n) => postingOf({ ...draft, id: ids[at + n]! }, draft.issuedOn, draft.memo, accounts, heads));
      entryIds.push(...(await this.ledger.postAll(actor, postings)).map((posted) => posted.entryId));
    }
    const numbers = await this.numbers(drafts);
    const documents = drafts.map(({ memo: _, ...draft }, n): NewDocument => ({
      ...draft,
      id: ids[n]!,
      number: numbers[n]!,
      totalMinor: totalOf(draft.lines),
      entryId: entryIds[n]!,
      byUserId: actor.userId,
      byName: actor.name,
    }));
    await this.store.insert(documents);
    await this.allocations.settleCredit(studentsOf(documents));
    return documents;
  }

  /** @throws Conflict when one of them was taken back already */
  async reverse(
    actor: Actor,
    documents: readonly Pick<FeeDocument, 'id' | 'entryId' | 'studentId'>[],
    why: string,
  ): Promise<void> {
    if (documents.length === 0) return;
    await this.ledger.reverseAll(
      actor,
      documents.map((one) => one.entryId),
      why,
    );
    if (
      !(await this.store.reverse(
        documents.map((one) => one.id),
        why,
      ))
    )
      throw new Conflict('One of these documents has already been reversed.');
    await this.allocations.settleCredit(studentsOf(documents));
  }

  private async numbers(drafts: readonly DocumentDraft[]): Promise<string[]> {
    const seriesOf = ({ kind }: DocumentDraft): Series => (kind === 'opening' ? 'invoice' : kind);
    const taken = new Map<Series, string[]>();
    for (const series of ['invoice', 'debit-note', 'credit-note'] as const) {
      taken.set(series, await this.series.take(series, drafts.filter((draft) => seriesOf(draft) === series).length));
    }
    return drafts.map((draft) => taken.get(seriesOf(draft))!.shift()!);
  }

  private async accounts(): Promise<FeeAccounts> {
    const [receivable, advance, discounts, accumulated] = [
      await this.ledger.account('receivable'),
      await this.ledger.account('advance'),
      await this.ledger.account('discounts'),
      await this.ledger.account('accumulated'),
    ];
    return { receivable: receivable.id, advance: advance.id, discounts: discounts.id, accumulated: accumulated.id };
  }
}

function studentsOf(documents: readonly { studentId: string }[]): string[] {
  return [...new Set(documents.map((one) => one.studentId))];
}
