import { formatDay } from '../../../kernel/day-words.js';
import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { formatMoney } from '../../../kernel/money.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { LedgerApi } from '../../finance/index.js';
import type {
  Channel,
  Estimate,
  FamilyMessage,
  FamilyMessagesApi,
  MessageStanding,
  Told,
  Translate,
} from '../../notifications/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { AccountHolder, StudentsApi } from '../../students/index.js';
import { WRITES } from '../documents/document.rules.js';
import { hasGap } from '../reminders/gaps.rules.js';
import { familiesOf, firstGuardian, reachOf, type Family } from '../reminders/reminder.rules.js';
import type { BilledStudent, BillingRun, BillNoticeStore, RunStore } from '../ports.js';
import { BILL, usualWords, type BillTold } from './bill-words.js';
import { REMINDS } from '../reminders/defaulters.js';
import type { FamilyLink, FamilyLinks } from '../statements/family-links.js';

export interface BillNoticeParts {
  unit: Unit;
  audit: AuditTrail;
  runs: Pick<RunStore, 'find'>;
  store: BillNoticeStore;
  messages: FamilyMessagesApi;
  ledger: Pick<LedgerApi, 'balances'>;
  students: Pick<StudentsApi, 'holders' | 'guardiansOf'>;
  school: Pick<SchoolApi, 'profile' | 'years'>;
  links: Pick<FamilyLinks, 'toPay'>;
}

type Billed = BilledStudent & Pick<AccountHolder, 'id' | 'firstName'>;

/** How far families know of the bills of a run. */
export interface Telling {
  /** Whose family has a bill, and who of them is told: by a message that has not failed. */
  students: number;
  told: number;
  messages: { waiting: number; sent: number; delivered: number; failed: number };
  /** Some are being handed over at this moment. */
  underWay: boolean;
  /** When those that wait leave, of which the product knows it. */
  waitsUntil: Date | null;
  failed: readonly { to: string; channel: Channel; reason: string; children: readonly AccountHolder[] }[];
  /** Once somebody was told: those whom no message was written for. */
  without: readonly AccountHolder[];
}

/** More names than these help nobody. */
const MOST_NAMES = 50;
const WAITING: readonly MessageStanding['state'][] = ['queued', 'sending'];

/** Families are told what a run has billed them: each once for a run, and again only where the message failed. */
export class BillNotices {
  constructor(private readonly parts: BillNoticeParts) {}

  /** What families are told unless somebody writes other words; the gaps stay. */
  async usual(actor: Actor, t: Translate): Promise<string> {
    return usualWords(await this.schoolName(), (await this.parts.links.toPay(actor)).pays, t);
  }

  /** Counts and price of what `send` would send. @param words instead of the usual ones, with gaps */
  async estimate(actor: Actor, runId: string, words: string | null): Promise<Estimate> {
    demand(actor, REMINDS);
    const { messages, links } = this.parts;
    const run = await this.done(runId);
    const families = await this.families(actor, await this.left(runId));
    const { pays, sample } = await links.toPay(actor);
    return messages.estimate(await this.written(run, families, { words, pays }, () => sample));
  }

  /** @throws RuleBroken where everybody has been told, or nobody can be written to */
  send(actor: Actor, runId: string, words: string | null): Promise<Told> {
    demand(actor, REMINDS);
    const { unit, store, messages, links, audit } = this.parts;
    return unit(async () => {
      await store.hold(runId);
      const run = await this.done(runId);
      const families = await this.families(actor, await this.left(runId));
      if (families.length === 0) throw new RuleBroken('all-told', 'All families have already been notified of this run.');
      const link = await links.toPay(actor);
      const { messageIds, ...told } = await messages.tellFamily(
        await this.written(run, families, { words, pays: link.pays }, await addressesOf(link, families, words)),
      );
      if (told.messages === 0) throw new RuleBroken('nobody', 'None of these families can be messaged.');
      await store.write(
        runId,
        families.flatMap(({ children }, n) =>
          messageIds[n]![0] ? children.map((child) => ({ studentId: child.id, messageId: messageIds[n]![0]! })) : [],
        ),
        actor.name,
      );
      await audit.record(actor, {
        action: 'fees.bill.send',
        entity: 'billing-run',
        entityId: runId,
        label: await this.termOf(run),
        after: { words, ...told },
      });
      return told;
    });
  }

  async of(actor: Actor, runId: string): Promise<Telling> {
    demand(actor, WRITES);
    const { store, students } = this.parts;
    const billed = await store.billed(runId);
    const standing = await this.standingOf(billed);
    const failed = standing.filter((one) => one.state === 'failed');
    const waiting = standing.filter((one) => WAITING.includes(one.state));
    const count = (state: MessageStanding['state']): number => standing.filter((one) => one.state === state).length;
    const failedIds = new Set(failed.map((one) => one.id));
    const untold = billed.filter((one) => one.messageId === null);
    const without = untold.length === billed.length ? [] : untold.slice(0, MOST_NAMES);
    const named = [...without, ...billed.filter((one) => failedIds.has(one.messageId ?? ''))].map((one) => one.studentId);
    const holders = new Map((named.length === 0 ? [] : await students.holders(named)).map((one) => [one.id, one]));
    const holdersOf = (of: readonly BilledStudent[]): AccountHolder[] => of.flatMap((one) => holders.get(one.studentId) ?? []);
    return {
      students: billed.length,
      told: billed.filter((one) => one.messageId !== null && !failedIds.has(one.messageId)).length,
      messages: { waiting: waiting.length, sent: count('sent'), delivered: count('delivered'), failed: failed.length },
      underWay: waiting.some((one) => one.nextTryAt === null),
      waitsUntil: waiting.map((one) => one.nextTryAt).find((at) => at !== null) ?? null,
      failed: failed.slice(0, MOST_NAMES).map(({ id, to, channel, reason }) => ({
        to,
        channel,
        reason: reason ?? '',
        children: holdersOf(billed.filter((one) => one.messageId === id)),
      })),
      without: holdersOf(without),
    };
  }

  private async done(runId: string): Promise<BillingRun> {
    const run = await this.parts.runs.find(runId);
    if (!run) throw new Missing('billing-run');
    if (run.state !== 'done') throw new RuleBroken('not-done', 'Families can be notified once the run is finished.');
    return run;
  }

  /** Who is not told yet, and whom the message failed to reach. */
  private async left(runId: string): Promise<BilledStudent[]> {
    const billed = await this.parts.store.billed(runId);
    const failed = new Set((await this.standingOf(billed)).filter((one) => one.state === 'failed').map((one) => one.id));
    return billed.filter(({ messageId }) => messageId === null || failed.has(messageId));
  }

  private standingOf(billed: readonly BilledStudent[]): Promise<MessageStanding[]> {
    return this.parts.messages.standingOf([...new Set(billed.flatMap(({ messageId }) => messageId ?? []))]);
  }

  private async families(actor: Actor, left: readonly BilledStudent[]): Promise<Family<Billed>[]> {
    const ids = left.map((one) => one.studentId);
    if (ids.length === 0) return [];
    const { students } = this.parts;
    const names = new Map((await students.holders(ids)).map((one) => [one.id, one.firstName]));
    const guardians = await students.guardiansOf(actor, ids);
    return familiesOf(
      left.map((one) => ({ ...one, id: one.studentId, firstName: names.get(one.studentId) ?? '' })),
      (id) => {
        const guardian = firstGuardian(guardians.get(id) ?? []);
        return guardian && reachOf(guardian);
      },
    );
  }

  private async written(
    run: BillingRun,
    families: readonly Family<Billed>[],
    said: Pick<BillTold, 'words' | 'pays'>,
    linkOf: (family: Family<Billed>) => string,
  ): Promise<FamilyMessage<BillTold>> {
    const { school, ledger } = this.parts;
    const profile = await school.profile();
    const name = await this.schoolName();
    const term = await this.termOf(run);
    const balances = await ledger.balances(families.flatMap(({ children }) => children.map((child) => child.id)));
    const to = families.map((family) => {
      const { children, phone, email } = family;
      const language = family.language ?? profile.language;
      const money = (minor: number): string => formatMoney(minor, profile.currency, language);
      const balanceMinor = children.reduce((sum, child) => sum + (balances.get(child.id) ?? 0), 0);
      const params: BillTold = {
        ...said,
        term,
        school: name,
        student: children.map((child) => child.firstName).join(', '),
        link: linkOf(family),
        amount: money(children.reduce((sum, child) => sum + child.amountMinor, 0)),
        balance: balanceMinor > 0 ? money(balanceMinor) : null,
        due: formatDay(children.map((child) => child.dueOn).sort()[0]!, language, 'short'),
      };
      return { phone, email, language, params };
    });
    // Who was told is kept with the run; the same words to the same family may be sent again where they failed.
    return { template: BILL, to, key: `${BILL.key}:${newId()}` };
  }

  private async schoolName(): Promise<string> {
    const { shortName, name } = await this.parts.school.profile();
    return shortName || name;
  }

  private async termOf({ termId }: BillingRun): Promise<string> {
    for (const year of await this.parts.school.years())
      for (const term of year.terms) if (term.id === termId) return `${term.name}, ${year.name}`;
    return '';
  }
}

/** One for each family that can be written to, where the words name it. */
async function addressesOf(
  link: FamilyLink,
  families: readonly Family<Billed>[],
  words: string | null,
): Promise<(family: Family<Billed>) => string> {
  if (words !== null && !hasGap(words, 'link')) return () => '';
  const addresses = await link.give(families.filter((one) => one.phone ?? one.email).map((one) => one.children[0]!.id));
  return ({ children }) => addresses.get(children[0]!.id) ?? '';
}
