import { can, demand, type Actor } from '../../../kernel/actor.js';
import { newId } from '../../../kernel/id.js';
import type { PayPages } from '../../fees/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { AccountStore, LinkStore, PayLink } from '../ports.js';
import { atSchool, GIVES_LINKS, isGood, lastsLong, newLink, type LinkParts } from './links.js';

export interface BillLinkParts extends Pick<LinkParts, 'unit' | 'audit' | 'clock' | 'students' | 'tokenOf' | 'linkIdOf'> {
  store: Pick<LinkStore, 'find' | 'insertAll' | 'withStatement'>;
  accounts: Pick<AccountStore, 'list'>;
  school: Pick<SchoolApi, 'isOn'>;
  addressOf(token: string): string;
}

/** Pay links that families get with their bills: they lead to the statement too, which those given by hand don't. */
export class BillLinks implements PayPages {
  constructor(private readonly parts: BillLinkParts) {}

  async sample(actor: Actor): Promise<string | null> {
    const { school, accounts, addressOf, tokenOf } = this.parts;
    if (!can(actor, GIVES_LINKS) || !(await school.isOn('payments'))) return null;
    return (await accounts.list()).some((one) => one.state === 'on') ? addressOf(tokenOf(newId())) : null;
  }

  /** Those that are there and good for long, and new ones: of the family where there are brothers and sisters. */
  giveAll(actor: Actor, studentIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    demand(actor, GIVES_LINKS);
    const { unit, store, audit, clock, students, addressOf, tokenOf } = this.parts;
    return unit(async () => {
      const now = clock.now();
      const siblings = await students.siblingsOf(studentIds);
      const isFamily = (id: string): boolean => atSchool(siblings.get(id) ?? []).length > 0;
      const there = new Map((await store.withStatement(studentIds)).filter((one) => lastsLong(one, now) && one.family === isFamily(one.studentId)).map((one) => [one.studentId, one]));
      const made: PayLink[] = studentIds.filter((id) => !there.has(id)).map((studentId) => newLink(actor, { studentId, family: isFamily(studentId), statement: true }, now));
      await store.insertAll(made);
      if (made.length > 0) await audit.record(actor, { action: 'payments.link.give', entity: 'payments_links', entityId: null, label: '', after: { statement: true, studentIds: made.map((one) => one.studentId) } });
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
