import { formatMonth } from '../../../kernel/day-words.js';
import { demand, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Stale } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { ApprovalKind, ApprovalRequest, ApprovalsApi } from '../../approvals/index.js';
import type { SchoolApi } from '../../school/index.js';
import { closedWithout, demandOpened, monthToReopen, type Books, type Month } from './books.rules.js';
import type { BooksStore } from '../ports.js';

const REOPENING = 'finance.reopening';
const ABOUT = 'finance.month';

/** Opening a closed month again takes two people: figures that went out of the house may change by it. */
export class Reopening {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly books: BooksStore,
    private readonly approvals: ApprovalsApi,
    private readonly school: Pick<SchoolApi, 'today'>,
  ) {}

  /** @throws RuleBroken for any month but the one that was closed last */
  async month(actor: Actor, id: string): Promise<Month> {
    demand(actor, 'finance.close');
    return monthToReopen(await this.demandBooks(), id, await this.school.today());
  }

  /** The request about a month that waits for a decision, if there is one. */
  async waiting(monthId: string): Promise<ApprovalRequest | null> {
    return (await this.approvals.openFor({ kind: ABOUT, id: monthId }))[0] ?? null;
  }

  ask(actor: Actor, id: string, reason: string): Promise<{ requestId: string }> {
    return this.unit(async () => {
      const month = await this.month(actor, id);
      const summary = month.endsYear
        ? 'The last month of the financial year stays open until it is closed again; corrections then go to the accumulated fund.'
        : 'Entries can be dated in this month until it is closed again.';
      return this.approvals.ask(actor, { kind: REOPENING, subject: { kind: ABOUT, id }, reason, summary });
    });
  }

  /** Once a later month is closed, the one before it can't be opened any more. */
  forget(actor: Actor, monthId: string): Promise<void> {
    return this.approvals.voidFor(actor, REOPENING, { kind: ABOUT, id: monthId }, 'A later month has been closed since.');
  }

  readonly kind: ApprovalKind = {
    key: REOPENING,
    label: 'Reopening a closed month',
    askWith: 'finance.close',
    decideWith: 'finance.approve',
    approve: (actor, request) => this.reopen(actor, request),
    describe: ({ subject }, t) => ({ title: t('Reopen {{month}}', { month: formatMonth(subject.id) }), lines: [] }),
    href: () => '/finance/books',
  };

  /** Waits for postings under way. */
  private reopen(actor: Actor, { subject, reason, askedBy }: ApprovalRequest): Promise<void> {
    return this.unit(async () => {
      const now = demandOpened(await this.books.holdAll());
      const month = monthToReopen(now, subject.id, await this.school.today());
      const closedThrough = closedWithout(now, month);
      if (!(await this.books.update({ ...now, closedThrough }))) throw new Stale();
      await this.books.addClosing({
        id: newId(),
        kind: 'reopen',
        throughOn: month.endsOn,
        reason,
        byUserId: actor.userId,
        byName: `${askedBy.name}, ${actor.name}`,
      });
      await this.audit.record(actor, {
        action: 'finance.month.reopen',
        entity: 'books',
        entityId: null,
        label: formatMonth(month.id),
        before: { closedThrough: now.closedThrough },
        after: { closedThrough },
        reason,
      });
    });
  }

  private async demandBooks(): Promise<Books> {
    return demandOpened(await this.books.find());
  }
}
