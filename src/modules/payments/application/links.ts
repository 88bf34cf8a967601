import { demand, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { Clock } from '../../../kernel/clock.js';
import { Conflict, Invalid, NotFound } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { PayingApi } from '../../fees/index.js';
import type { AccountHolder, StudentBrief, StudentsApi } from '../../students/index.js';
import { paidTo, type RailAccount } from '../domain/account.js';
import type { Prompt } from '../domain/prompt.js';
import type { LinkStore, PayLink } from '../ports.js';
import { LINK_ACTOR, type Prompts } from './prompts.js';

const DAY_MS = 86_400_000;
export const LINK_DAYS = 120;

export interface LinkParts {
  unit: Unit;
  audit: AuditTrail;
  clock: Clock;
  store: LinkStore;
  fees: Pick<PayingApi, 'balanceOf' | 'traced'>;
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
    demand(actor, 'payments.links');
    const { unit, store, audit, clock, students, tokenOf } = this.parts;
    const [student] = await students.briefs(actor, [studentId]);
    if (!student) throw new NotFound('There is no such student.');
    if (family && (await this.siblings(studentId)).length === 0) throw new Conflict('This student has no brothers and sisters at the school.');
    return unit(async () => {
      const now = clock.now();
      const there = await store.newestOf(studentId, family);
      if (there && there.expiresAt.getTime() - now.getTime() > (LINK_DAYS / 2) * DAY_MS) return { token: tokenOf(there.id), expiresAt: there.expiresAt };
      const link: PayLink = { id: newId(), studentId, family, expiresAt: new Date(now.getTime() + LINK_DAYS * DAY_MS), endedAt: null, byUserId: actor.userId, byName: actor.name, createdAt: now };
      await store.insert(link);
      await audit.record(actor, { action: 'payments.link.give', entity: 'payments_links', entityId: link.id, label: student.admissionNo, after: { studentId, family } });
      return { token: tokenOf(link.id), expiresAt: link.expiresAt };
    });
  }

  /** The child's own and the family's, and who is in the family. @throws NotFound when none was given */
  async current(actor: Actor, studentId: string): Promise<{ own: GivenLink | null; family: GivenLink | null; siblings: AccountHolder[] }> {
    demand(actor, 'payments.links');
    const given = async (family: boolean): Promise<GivenLink | null> => {
      const link = await this.parts.store.newestOf(studentId, family);
      return link && { token: this.parts.tokenOf(link.id), expiresAt: link.expiresAt };
    };
    const [own, family] = [await given(false), await given(true)];
    if (!own && !family) throw new NotFound('There is no pay link for this student.');
    return { own, family, siblings: await this.siblings(studentId) };
  }

  async end(actor: Actor, studentId: string): Promise<void> {
    demand(actor, 'payments.links');
    const { unit, store, audit, clock } = this.parts;
    await unit(async () => {
      const ended = await store.endOf(studentId, clock.now());
      if (ended.length === 0) throw new NotFound('There is no pay link for this student.');
      for (const { id } of ended) await audit.record(actor, { action: 'payments.link.end', entity: 'payments_links', entityId: id, label: id, after: { studentId } });
    });
  }

  /** @throws NotFound for one that is over, ended, or never was: always the same */
  async open(token: string): Promise<PayPage> {
    const link = await this.linkOf(token);
    const [own, ...others] = await this.studentsOf(link);
    const accounts = await this.parts.prompts.accounts();
    const children: [PaidFor, ...PaidFor[]] = [await this.paidFor(own)];
    for (const one of others) children.push(await this.paidFor(one));
    return { link, children, numbers: accounts.map((one) => ({ kind: one.kind, number: paidTo(one) })), canPrompt: accounts.length > 0 };
  }

  /** @param paymentNo of a child that the link shows */
  async prompt(token: string, { phone, amountMinor, paymentNo }: { phone: string; amountMinor: number; paymentNo: string }): Promise<string> {
    const link = await this.linkOf(token);
    const student = (await this.studentsOf(link)).find((one) => one.paymentNo === paymentNo);
    if (!student) throw new Invalid({ child: 'Choose who you pay for' });
    return this.parts.prompts.send(LINK_ACTOR, { studentId: student.id, linkId: link.id, phone, amountMinor }, student.paymentNo);
  }

  /** One of this link's own, for whom it is, and the numbers of its receipts once it is paid. */
  async follow(token: string, promptId: string): Promise<{ prompt: Prompt; child: PaidFor; receipts: readonly string[] }> {
    const link = await this.linkOf(token);
    const prompt = await this.parts.prompts.follow(promptId);
    if (prompt.linkId !== link.id) throw new NotFound('There is no such prompt.');
    const [student] = await this.parts.students.briefs(this.parts.reader, [prompt.studentId]);
    if (!student) throw new NotFound('This link is over.');
    return { prompt, child: await this.paidFor(student), receipts: await this.receiptsOf(prompt) };
  }

  private async receiptsOf({ transId, paymentId }: Prompt): Promise<readonly string[]> {
    if (!transId || !paymentId) return [];
    return (await this.parts.fees.traced([transId])).find((one) => one.paymentId === paymentId)?.receiptNumbers ?? [];
  }

  private async paidFor(student: StudentBrief): Promise<PaidFor> {
    return { initials: initialsOf(student), paymentNo: student.paymentNo, balanceMinor: await this.parts.fees.balanceOf({ kind: 'student', id: student.id }) };
  }

  private async linkOf(token: string): Promise<PayLink> {
    const { store, clock, linkIdOf } = this.parts;
    const id = linkIdOf(token);
    const link = id === null ? null : await store.find(id);
    if (!link || link.endedAt || link.expiresAt <= clock.now()) throw new NotFound('This link is over.');
    return link;
  }

  private async studentsOf({ studentId, family }: PayLink): Promise<[StudentBrief, ...StudentBrief[]]> {
    const ids = [studentId, ...(family ? (await this.siblings(studentId)).map((one) => one.id) : [])];
    const briefs = new Map((await this.parts.students.briefs(this.parts.reader, ids)).map((one) => [one.id, one]));
    const own = briefs.get(studentId);
    if (!own) throw new NotFound('This link is over.');
    return [own, ...ids.slice(1).flatMap((id) => briefs.get(id) ?? [])];
  }

  /** Those who are at the school. */
  private async siblings(studentId: string): Promise<AccountHolder[]> {
    const all = (await this.parts.students.siblingsOf([studentId])).get(studentId) ?? [];
    return all.filter((one) => one.status === 'active' || one.status === 'suspended');
  }
}

function initialsOf({ firstName, middleName, surname }: StudentBrief): string {
  return [firstName, middleName, surname].filter(Boolean).map((name) => `${[...name!][0]!.toUpperCase()}.`).join(' ');
}
