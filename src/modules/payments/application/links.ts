import { demand, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { Clock } from '../../../kernel/clock.js';
import { NotFound } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { PayingApi } from '../../fees/index.js';
import type { StudentBrief, StudentsApi } from '../../students/index.js';
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
  fees: Pick<PayingApi, 'balanceOf'>;
  students: Pick<StudentsApi, 'briefs' | 'byPaymentNo'>;
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

/** What a page shows to whoever has the link: so little that a link in wrong hands says nothing about a child. */
export interface PayPage {
  link: PayLink;
  /** `A. W. H.` */
  initials: string;
  paymentNo: string;
  /** What is owed, in minor units; below zero there is credit. */
  balanceMinor: number;
  /** Numbers to pay to by oneself. */
  numbers: { kind: RailAccount['kind']; number: string }[];
  canPrompt: boolean;
}

/** Addresses where a family pays without an account. */
export class PayLinks {
  constructor(private readonly parts: LinkParts) {}

  /** The one that is there, or a new one. */
  async give(actor: Actor, studentId: string): Promise<GivenLink> {
    demand(actor, 'payments.links');
    const { unit, store, audit, clock, students, tokenOf } = this.parts;
    const [student] = await students.briefs(actor, [studentId]);
    if (!student) throw new NotFound('There is no such student.');
    return unit(async () => {
      const now = clock.now();
      const there = await store.newestOf(studentId);
      if (there && there.expiresAt.getTime() - now.getTime() > (LINK_DAYS / 2) * DAY_MS) return { token: tokenOf(there.id), expiresAt: there.expiresAt };
      const link: PayLink = { id: newId(), studentId, expiresAt: new Date(now.getTime() + LINK_DAYS * DAY_MS), endedAt: null, byUserId: actor.userId, byName: actor.name, createdAt: now };
      await store.insert(link);
      await audit.record(actor, { action: 'payments.link.give', entity: 'payments_links', entityId: link.id, label: student.admissionNo, after: { studentId } });
      return { token: tokenOf(link.id), expiresAt: link.expiresAt };
    });
  }

  /** @throws NotFound when none was given */
  async current(actor: Actor, studentId: string): Promise<GivenLink> {
    demand(actor, 'payments.links');
    const link = await this.parts.store.newestOf(studentId);
    if (!link) throw new NotFound('There is no pay link for this student.');
    return { token: this.parts.tokenOf(link.id), expiresAt: link.expiresAt };
  }

  async end(actor: Actor, studentId: string): Promise<void> {
    demand(actor, 'payments.links');
    const { unit, store, audit, clock } = this.parts;
    await unit(async () => {
      const link = await store.newestOf(studentId);
      if (!link) throw new NotFound('There is no pay link for this student.');
      await store.end(link.id, clock.now());
      await audit.record(actor, { action: 'payments.link.end', entity: 'payments_links', entityId: link.id, label: link.id, after: { studentId } });
    });
  }

  /** @throws NotFound for one that is over, ended, or never was: always the same */
  async open(token: string): Promise<PayPage> {
    const link = await this.linkOf(token);
    const student = await this.studentOf(link);
    const accounts = await this.parts.prompts.accounts();
    return {
      link, initials: initialsOf(student), paymentNo: student.paymentNo, balanceMinor: await this.parts.fees.balanceOf({ kind: 'student', id: student.id }),
      numbers: accounts.map((one) => ({ kind: one.kind, number: paidTo(one) })), canPrompt: accounts.length > 0,
    };
  }

  async prompt(token: string, { phone, amountMinor }: { phone: string; amountMinor: number }): Promise<string> {
    const link = await this.linkOf(token);
    const student = await this.studentOf(link);
    return this.parts.prompts.send(LINK_ACTOR, { studentId: student.id, linkId: link.id, phone, amountMinor }, student.paymentNo);
  }

  /** One of this link's own. */
  async follow(token: string, promptId: string): Promise<Prompt> {
    const link = await this.linkOf(token);
    const prompt = await this.parts.prompts.follow(promptId);
    if (prompt.linkId !== link.id) throw new NotFound('There is no such prompt.');
    return prompt;
  }

  private async linkOf(token: string): Promise<PayLink> {
    const { store, clock, linkIdOf } = this.parts;
    const id = linkIdOf(token);
    const link = id === null ? null : await store.find(id);
    if (!link || link.endedAt || link.expiresAt <= clock.now()) throw new NotFound('This link is over.');
    return link;
  }

  private async studentOf({ studentId }: PayLink): Promise<StudentBrief> {
    const [student] = await this.parts.students.briefs(this.parts.reader, [studentId]);
    if (!student) throw new NotFound('This link is over.');
    return student;
  }
}

function initialsOf({ firstName, middleName, surname }: StudentBrief): string {
  return [firstName, middleName, surname].filter(Boolean).map((name) => `${[...name!][0]!.toUpperCase()}.`).join(' ');
}
