import { can, demand, type Actor } from '../../../kernel/actor.js';
import { NotFound } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { PayPages } from '../../fees/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { StudentsApi } from '../../students/index.js';
import type { AccountStore, LinkStore, PayLink } from '../ports.js';
import { atSchool, GIVES_LINKS, isGood, lastsLong, newLink, type LinkParts } from './links.js';

/** Families who sign in. */
export const PAYS_OWN = 'payments.pay-own';

export interface BillLinkParts extends Pick<LinkParts, 'unit' | 'audit' | 'clock' | 'tokenOf' | 'linkIdOf'> {
  store: Pick<LinkStore, 'find' | 'insertAll' | 'withStatement'>;
  accounts: Pick<AccountStore, 'list'>;
  students: Pick<StudentsApi, 'siblingsOf' | 'ownChildren'>;
  school: Pick<SchoolApi, 'isOn'>;
  addressOf(token: string): string;
}

/** Pay links that families get with their bills: they lead to the statement too, which those given by hand don't. */
export class BillLinks implements PayPages {
  constructor(private readonly parts: BillLinkParts) {}

  async sample(actor: Actor): Promise<string | null> {
    const { addressOf, tokenOf } = this.parts;
    return can(actor, GIVES_LINKS) && (await this.isOpen()) ? addressOf(tokenOf(newId())) : null;
  }

  private async isOpen(): Promise<boolean> {
    const { school, accounts } = this.parts;
    return (await school.isOn('payments')) && (await accounts.list()).some((one) => one.state === 'on');
  }

  async mayPay(actor: Actor): Promise<boolean> {
    return can(actor, PAYS_OWN) && (await this.isOpen());
  }

  /** Where a signed-in family pays for a child of its own; with brothers and sisters where all of them are its own too. */
  async giveOwn(actor: Actor, studentId: string): Promise<string> {
    demand(actor, PAYS_OWN);
    const own = new Set((await this.parts.students.ownChildren(actor)).map((one) => one.id));
    if (!own.has(studentId) || !(await this.isOpen())) throw new NotFound();
    const siblings = atSchool((await this.parts.students.siblingsOf([studentId])).get(studentId) ?? []);
    return (await this.given(actor, [studentId], () => siblings.length > 0 && siblings.every((one) => own.has(one.id)))).get(
      studentId,
    )!;
  }

  /** Those that are there and good for long, and new ones: of the family where there are brothers and sisters. */
  giveAll(actor: Actor, studentIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    demand(actor, GIVES_LINKS);
    return this.parts.unit(async () => {
      const siblings = await this.parts.students.siblingsOf(studentIds);
      return this.given(actor, studentIds, (id) => atSchool(siblings.get(id) ?? []).length > 0);
    });
  }

  private given(
    actor: Actor,
    studentIds: readonly string[],
    isFamily: (id: string) => boolean,
  ): Promise<ReadonlyMap<string, string>> {
    const { unit, store, audit, clock, addressOf, tokenOf } = this.parts;
    return unit(async () => {
      const now = clock.now();
      const there = new Map(
        (await store.withStatement(studentIds))
          .filter((one) => lastsLong(one, now) && one.family === isFamily(one.studentId))
          .map((one) => [one.studentId, one]),
      );
      const made: PayLink[] = studentIds
        .filter((id) => !there.has(id))
        .map((studentId) => newLink(actor, { studentId, family: isFamily(studentId), statement: true }, now));
      await store.insertAll(made);
      if (made.length > 0)
        await audit.record(actor, {
          action: 'payments.link.give',
          entity: 'payments_links',
          entityId: null,
          label: '',
          after: { statement: true, studentIds: made.map((one) => one.studentId) },
        });
      return new Map([...there.values(), ...made].map((one) => [one.studentId, addressOf(tokenOf(one.id))]));
    });
  }

  async statementBehind(token: string): Promise<{ studentId: string; family: boolean } | null> {
    const { store, clock, linkIdOf } = this.parts;
    const id = linkIdOf(token);
    const link = id === null ? null : await store.find(id);
    return link?.statement && isGood(link, clock.now()) ? { studentId: link.studentId, family: link.family } : null;
  }
}
