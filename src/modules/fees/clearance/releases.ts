import { systemActor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { LedgerApi } from '../../finance/index.js';
import type { SchoolApi, Term } from '../../school/index.js';
import { monthsLeft, releasedNow, type Release } from './release.rules.js';
import type { HeadStore } from '../ports.js';
import { releasePosting } from '../documents/posting.js';

/** Turns what was billed in advance into income: at the start of its term, or month by month, as the books say. */
export class Releases {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly heads: HeadStore,
    private readonly ledger: Pick<LedgerApi, 'openBooks' | 'account' | 'standingOn' | 'post'>,
    private readonly school: Pick<SchoolApi, 'today' | 'years'>,
  ) {}

  /** Once a day; a second time on one day, or in one month, changes nothing. @returns how many terms released something */
  async run(): Promise<number> {
    const books = await this.ledger.openBooks();
    if (!books) return 0;
    const today = await this.school.today();
    const begun = (await this.school.years()).flatMap((year) => year.terms).filter((term) => term.startsOn <= today);
    let count = 0;
    for (const term of begun) if (await this.unit(() => this.release(term, books.release, today))) count += 1;
    return count;
  }

  private async release(term: Term, rhythm: 'term' | 'month', today: string): Promise<boolean> {
    const advance = await this.ledger.account('advance');
    // A liability stands below zero.
    const standing = (await this.ledger.standingOn(advance.id)).filter(
      (share) => share.termId === term.id && share.voteHeadId !== null,
    );
    const left = rhythm === 'month' ? monthsLeft(term.endsOn, today) : 1;
    const releases = standing
      .map((share): Release => ({
        termId: term.id,
        headId: share.voteHeadId!,
        classId: share.classId,
        amountMinor: releasedNow(-share.balanceMinor, left),
      }))
      .filter((one) => one.amountMinor !== 0);
    if (releases.length === 0) return false;
    const actor = systemActor('Release of fees billed in advance');
    const key = `${term.id}:${left > 1 ? today.slice(0, 7) : today}`;
    const posted = await this.ledger.post(
      actor,
      releasePosting(
        releases,
        { key, on: today, memo: `Income of ${term.name}` },
        advance.id,
        new Map((await this.heads.list()).map((head) => [head.id, head.accountId])),
      ),
    );
    if (posted.again) return false;
    const amountMinor = releases.reduce((sum, one) => sum + one.amountMinor, 0);
    await this.audit.record(actor, {
      action: 'fees.release',
      entity: 'term',
      entityId: term.id,
      label: term.name,
      after: { amountMinor },
    });
    return true;
  }
}
