import { demand, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { RuleBroken } from '../../../kernel/errors.js';
import { formatMoney } from '../../../kernel/money.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { Estimate, FamilyMessage, FamilyMessagesApi, MessageTemplate, Told } from '../../notifications/index.js';
import type { SchoolApi } from '../../school/index.js';
import { familiesOf, fillGaps, hasGap, type Family, type Level } from '../domain/reminder.js';
import { REMINDS, type Defaulters } from './defaulters.js';
import type { FeeStatements } from './statements.js';

/** Ticks that one form takes: as many as the longest page of the list shows. */
export const MOST_REMINDED = 200;

export interface Reminder {
  studentIds: readonly string[];
  level: Level;
  /** With gaps: `{{student}}`, `{{balance}}`, `{{link}}`. */
  text: string;
}

const REMINDER: MessageTemplate<{ text: string }> = {
  key: 'fees.reminder',
  label: 'Reminder of fees',
  // It may hold the address of a statement.
  secret: true,
  subject: (t) => t('Reminder of fees'),
  text: (_t, { text }) => text,
};

/** What families are told about that which is overdue: one message for each, in the words of the bursar. */
export class Reminders {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly defaulters: Pick<Defaulters, 'among'>,
    private readonly statements: Pick<FeeStatements, 'share'>,
    private readonly messages: FamilyMessagesApi,
    private readonly school: Pick<SchoolApi, 'profile' | 'today'>,
    private readonly links: { addressOf(token: string): string; sample(): string },
  ) {}

  /** Counts and price of what `send` would send. Nobody can read anything by the address in the sample. */
  async estimate(actor: Actor, reminder: Reminder): Promise<Estimate> {
    demand(actor, REMINDS);
    return this.messages.estimate(await this.written(reminder, await this.families(actor, reminder), async () => this.links.addressOf(this.links.sample())));
  }

  /** @throws RuleBroken when nobody of them owes anything overdue any more */
  send(actor: Actor, reminder: Reminder): Promise<Told> {
    demand(actor, REMINDS);
    return this.unit(async () => {
      const families = await this.families(actor, reminder);
      if (families.length === 0) throw new RuleBroken('nobody', 'None of them owes anything that is overdue.');
      const told = await this.messages.tellFamily(
        await this.written(reminder, families, async ({ phone, children }) => (phone ? this.links.addressOf(await this.statements.share(actor, children[0]!.id, true)) : '')),
      );
      const studentIds = families.flatMap((family) => family.children.map((child) => child.id));
      await this.audit.record(actor, { action: 'fees.reminder.send', entity: 'reminder', entityId: null, after: { level: reminder.level, text: reminder.text, studentIds, ...told } });
      return told;
    });
  }

  private async families(actor: Actor, { studentIds }: Reminder): Promise<Family[]> {
    const owing = (await this.defaulters.among(actor, studentIds)).filter((one) => one.askedMinor > 0);
    const phones = new Map(owing.map((one) => [one.studentId, one.guardian?.phone ?? null]));
    return familiesOf(owing.map(({ student, askedMinor }) => ({ id: student.id, firstName: student.firstName, openMinor: askedMinor })), (id) => phones.get(id) ?? null);
  }

  private async written({ text, level }: Reminder, families: readonly Family[], linkOf: (family: Family) => Promise<string>): Promise<FamilyMessage<{ text: string }>> {
    const { currency } = await this.school.profile();
    const to: FamilyMessage<{ text: string }>['to'][number][] = [];
    for (const family of families) {
      const link = hasGap(text, 'link') ? await linkOf(family) : '';
      const balance = formatMoney(family.children.reduce((sum, child) => sum + child.openMinor, 0), currency);
      to.push({ phone: family.phone, email: null, language: null, params: { text: fillGaps(text, { student: family.children.map((child) => child.firstName).join(', '), balance, link }) } });
    }
    return { template: REMINDER, to, key: `fees.reminder:${level}:${await this.school.today()}` };
  }
}
