import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { Clock } from '../../../kernel/clock.js';
import { Conflict, Invalid, NotFound } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { InstalmentsApi, NextInstalment, PayingApi } from '../../fees/index.js';
import type { AccountHolder, StudentBrief, StudentsApi } from '../../students/index.js';
import { paidTo, type RailAccount } from '../accounts/account.rules.js';
import { sharesOf, type Prompt } from '../prompts/prompt.rules.js';
import type { LinkStore, PayLink } from '../ports.js';
import { LINK_ACTOR, type Prompts } from '../prompts/prompts.js';

const DAY_MS = 86_400_000;
export const LINK_DAYS = 120;
export const GIVES_LINKS = 'payments.links';

export interface LinkParts {
  unit: Unit;
  audit: AuditTrail;
  clock: Clock;
  store: LinkStore;
  fees: Pick<PayingApi, 'balancesOf' | 'overdueOf' | 'levelShares' | 'traced'>;
  instalments: InstalmentsApi;
  students: Pick<StudentsApi, 'briefs' | 'siblingsOf'>;
  prompts: Prompts;
  /** The secret of a link, made of its id by a key that lies in no database; and back, null for one that nobody made. */
  tokenOf(linkId: string): string;
  linkIdOf(token: string): string | null;
  /** May see every child. */
  reader: Actor;
}

export interface GivenLink {
  token: string;
  expiresAt: Date;
}

/** One child, as little as one needs to know whom the money is for. */
export interface PaidFor {
  /** `A. W. H.` */
  initials: string;
  paymentNo: string;
  /** What is owed, in minor units; below zero there is credit. */
  balanceMinor: number;
  /** What of it is past its day; of a plan the next instalment says so. */
  overdueMinor: number;
  /** Where a plan of instalments holds: what of it comes next, never more than what is owed. */
  next: NextInstalment | null;
}

/** A part of what is paid, for the child with this number. */
export interface WrittenPart {
  paymentNo: string;
  /** Minor units, above zero. */
  amountMinor: number;
}

/** A part of a prompt, with the numbers of its receipts. */
export interface PaidPart extends PaidFor {
  amountMinor: number;
  receipts: readonly string[];
}

/** What a page shows to whoever has the link: so little that a link in wrong hands says nothing about a child. */
export interface PayPage {
  link: PayLink;
  /** The child that the link was given for; of a family's link its brothers and sisters behind it. */
  children: readonly [PaidFor, ...PaidFor[]];
  /** Numbers to pay to by oneself. */
  numbers: { kind: RailAccount['kind']; number: string }[];
  canPrompt: boolean;
}

/** Addresses where a family pays without an account. */
export class PayLinks {
  constructor(private readonly parts: LinkParts) {}

  /** The one that is there, or a new one. @param family whether brothers and sisters are shown too */
  async give(actor: Actor, studentId: string, family = false): Promise<GivenLink> {
    demand(actor, GIVES_LINKS);
    const { unit, store, audit, clock, students, tokenOf } = this.parts;
    const [student] = await students.briefs(actor, [studentId]);
    if (!student) throw new Missing('student');
    if (family && (await this.siblings(studentId)).length === 0)
      throw new Conflict('This student has no brothers and sisters at the school.');
    return unit(async () => {
      const now = clock.now();
      const there = await store.newestOf(studentId, family);
      if (there && lastsLong(there, now)) return { token: tokenOf(there.id), expiresAt: there.expiresAt };
      const link = newLink(actor, { studentId, family, statement: false }, now);
      await store.insertAll([link]);
      await audit.record(actor, {
        action: 'payments.link.give',
        entity: 'payments_links',
        entityId: link.id,
        label: student.admissionNo,
        after: { studentId, family },
      });
      return { token: tokenOf(link.id), expiresAt: link.expiresAt };
    });
  }

  /** The child's own and the family's, until when one is good that went out with a bill, and who is in the family. @throws NotFound when none was given */
  async current(
    actor: Actor,
    studentId: string,
  ): Promise<{ own: GivenLink | null; family: GivenLink | null; billedUntil: Date | null; siblings: AccountHolder[] }> {
    demand(actor, GIVES_LINKS);
    const given = async (family: boolean): Promise<GivenLink | null> => {
      const link = await this.parts.store.newestOf(studentId, family);
      return link && { token: this.parts.tokenOf(link.id), expiresAt: link.expiresAt };
    };
    const [own, family, [billed]] = [await given(false), await given(true), await this.parts.store.withStatement([studentId])];
    const billedUntil = billed && isGood(billed, this.parts.clock.now()) ? billed.expiresAt : null;
    if (!own && !family && !billedUntil) throw new NotFound('There is no pay link for this student.');
    return { own, family, billedUntil, siblings: await this.siblings(studentId) };
  }

  async end(actor: Actor, studentId: string): Promise<void> {
    demand(actor, GIVES_LINKS);
    const { unit, store, audit, clock } = this.parts;
    await unit(async () => {
      const ended = await store.endOf(studentId, clock.now());
      if (ended.length === 0) throw new NotFound('There is no pay link for this student.');
      for (const { id } of ended)
        await audit.record(actor, {
          action: 'payments.link.end',
          entity: 'payments_links',
          entityId: id,
          label: id,
          after: { studentId },
        });
    });
  }

  /** @throws NotFound for one that is over, ended, or never was: always the same */
  async open(token: string): Promise<PayPage> {
    const link = await this.linkOf(token);
    const [own, ...others] = await this.studentsOf(link);
    const accounts = await this.parts.prompts.accounts();
    const ids = [own, ...others].map((one) => one.id);
    const [balances, next, overdue] = [
      await this.parts.fees.balancesOf(ids),
      await this.parts.instalments.nextOf(ids),
      await this.parts.fees.overdueOf(ids),
    ];
    const children: [PaidFor, ...PaidFor[]] = [
      paidFor(own, balances, next, overdue),
      ...others.map((one) => paidFor(one, balances, next, overdue)),
    ];
    return {
      link,
      children,
      numbers: accounts.map((one) => ({ kind: one.kind, number: paidTo(one) })),
      canPrompt: accounts.length > 0,
    };
  }

  /** How a sum is shared out among the children that the link shows: payment number → minor units. */
  async shareOut(token: string, amountMinor: number): Promise<ReadonlyMap<string, number>> {
    const students = await this.studentsOf(await this.linkOf(token));
    const shares = await this.parts.fees.levelShares(
      amountMinor,
      students.map((one) => one.id),
    );
    return new Map(students.flatMap((one) => (shares.has(one.id) ? [[one.paymentNo, shares.get(one.id)!]] : [])));
  }

  /** One prompt of the sum, whether it is for one child or for several. */
  async prompt(token: string, { phone, shares }: { phone: string; shares: readonly WrittenPart[] }): Promise<string> {
    const link = await this.linkOf(token);
    const students = new Map((await this.studentsOf(link)).map((one) => [one.paymentNo, one]));
    const parts = shares.map(({ paymentNo, amountMinor }) => ({ student: students.get(paymentNo), amountMinor }));
    const [first] = parts;
    if (!first?.student || parts.some((one) => !one.student)) throw new Invalid({ child: 'Choose who you pay for' });
    const several =
      parts.length > 1 ? { shares: parts.map((one) => ({ studentId: one.student!.id, amountMinor: one.amountMinor })) } : {};
    const amountMinor = parts.reduce((sum, one) => sum + one.amountMinor, 0);
    return this.parts.prompts.send(
      LINK_ACTOR,
      { studentId: first.student.id, linkId: link.id, phone, amountMinor, ...several },
      first.student.paymentNo,
    );
  }

  /** One of this link's own, for whom it is, and the numbers of its receipts once it is paid. */
  async follow(token: string, promptId: string): Promise<{ prompt: Prompt; parts: readonly PaidPart[] }> {
    const link = await this.linkOf(token);
    const prompt = await this.parts.prompts.follow(promptId);
    if (prompt.linkId !== link.id) throw new Missing('prompt');
    const shares = sharesOf(prompt, prompt.amountMinor) ?? [];
    const ids = shares.map((one) => one.studentId);
    const [students, balances, receipts] = [
      await this.parts.students.briefs(this.parts.reader, ids),
      await this.parts.fees.balancesOf(ids),
      await this.receiptsOf(prompt),
    ];
    if (students.length < shares.length) throw new NotFound('This link has expired.');
    const byId = new Map(students.map((one) => [one.id, one]));
    return {
      prompt,
      parts: shares.map(({ studentId, amountMinor }) => ({
        ...paidFor(byId.get(studentId)!, balances),
        amountMinor,
        receipts: receipts.get(studentId) ?? [],
      })),
    };
  }

  /** By child. */
  private async receiptsOf({ transId, paymentId }: Prompt): Promise<Map<string, string[]>> {
    const found =
      transId && paymentId ? (await this.parts.fees.traced([transId])).find((one) => one.paymentId === paymentId) : undefined;
    const numbers = new Map<string, string[]>();
    found?.studentIds.forEach((id, n) => numbers.set(id, [...(numbers.get(id) ?? []), found.receiptNumbers[n]!]));
    return numbers;
  }

  private async linkOf(token: string): Promise<PayLink> {
    const { store, clock, linkIdOf } = this.parts;
    const id = linkIdOf(token);
    const link = id === null ? null : await store.find(id);
    if (!link || !isGood(link, clock.now())) throw new NotFound('This link has expired.');
    return link;
  }

  private async studentsOf({ studentId, family }: PayLink): Promise<[StudentBrief, ...StudentBrief[]]> {
    const ids = [studentId, ...(family ? (await this.siblings(studentId)).map((one) => one.id) : [])];
    const briefs = new Map((await this.parts.students.briefs(this.parts.reader, ids)).map((one) => [one.id, one]));
    const own = briefs.get(studentId);
    if (!own) throw new NotFound('This link has expired.');
    return [own, ...ids.slice(1).flatMap((id) => briefs.get(id) ?? [])];
  }

  /** Those who are at the school. */
  private async siblings(studentId: string): Promise<AccountHolder[]> {
    return atSchool((await this.parts.students.siblingsOf([studentId])).get(studentId) ?? []);
  }
}

export function newLink(actor: Actor, given: Pick<PayLink, 'studentId' | 'family' | 'statement'>, now: Date): PayLink {
  return {
    id: newId(),
    ...given,
    expiresAt: new Date(now.getTime() + LINK_DAYS * DAY_MS),
    endedAt: null,
    byUserId: actor.userId,
    byName: actor.name,
    createdAt: now,
  };
}

export function isGood({ endedAt, expiresAt }: PayLink, now: Date): boolean {
  return endedAt === null && expiresAt > now;
}

/** So long that it may be given again. */
export function lastsLong({ expiresAt }: PayLink, now: Date): boolean {
  return expiresAt.getTime() - now.getTime() > (LINK_DAYS / 2) * DAY_MS;
}

export function atSchool(students: readonly AccountHolder[]): AccountHolder[] {
  return students.filter((one) => one.status === 'active' || one.status === 'suspended');
}

function paidFor(
  student: StudentBrief,
  balances: ReadonlyMap<string, number>,
  instalments: ReadonlyMap<string, NextInstalment> = new Map(),
  overdue: ReadonlyMap<string, number> = new Map(),
): PaidFor {
  const balanceMinor = balances.get(student.id) ?? 0;
  const next = balanceMinor > 0 ? instalments.get(student.id) : undefined;
  return {
    initials: initialsOf(student),
    paymentNo: student.paymentNo,
    balanceMinor,
    overdueMinor: next ? 0 : Math.min(Math.max(balanceMinor, 0), overdue.get(student.id) ?? 0),
    next: next ? { ...next, amountMinor: Math.min(next.amountMinor, balanceMinor) } : null,
  };
}

function initialsOf({ firstName, middleName, surname }: StudentBrief): string {
  return [firstName, middleName, surname]
    .filter(Boolean)
    .map((name) => `${[...name!][0]!.toUpperCase()}.`)
    .join(' ');
}
