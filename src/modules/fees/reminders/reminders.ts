import { demand, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { RuleBroken } from '../../../kernel/errors.js';
import { formatMoney } from '../../../kernel/money.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { Estimate, FamilyMessage, FamilyMessagesApi, MessageTemplate, Told } from '../../notifications/index.js';
import type { SchoolApi } from '../../school/index.js';
import { fillGaps, hasGap } from './gaps.rules.js';
import { familiesOf, reachOf, type Family, type Level } from './reminder.rules.js';
import { REMINDS, type Defaulters } from './defaulters.js';
import type { FamilyLinks } from '../statements/family-links.js';

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
  label: 'Fee reminder',
  // It may hold the address of a statement.
  secret: true,
  subject: (t) => t('Fee reminder'),
  text: (_t, { text }) => text,
};

/** A child with what its family is asked for, in minor units. */
interface Asked {
  id: string;
  firstName: string;
  askedMinor: number;
}

/** What families are told about that which is overdue: one message for each, in the words of the bursar. */
export class Reminders {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly defaulters: Pick<Defaulters, 'among'>,
    private readonly messages: FamilyMessagesApi,
    private readonly school: Pick<SchoolApi, 'profile' | 'today'>,
    private readonly links: Pick<FamilyLinks, 'toStatement'>,
  ) {}

  /** Counts and price of what `send` would send. Nobody can read anything by the address in the sample. */
  async estimate(actor: Actor, reminder: Reminder): Promise<Estimate> {
    demand(actor, REMINDS);
    return this.messages.estimate(
      await this.written(reminder, await this.families(actor, reminder), () => this.links.toStatement(actor).sample),
    );
  }

  /** @throws RuleBroken when nobody of them owes anything overdue any more */
  send(actor: Actor, reminder: Reminder): Promise<Told> {
    demand(actor, REMINDS);
    return this.unit(async () => {
      const families = await this.families(actor, reminder);
      if (families.length === 0) throw new RuleBroken('nobody', 'None of them has overdue fees.');
      const { messageIds: _, ...told } = await this.messages.tellFamily(
        await this.written(reminder, families, await this.linksOf(actor, reminder, families)),
      );
      const studentIds = families.flatMap((family) => family.children.map((child) => child.id));
      await this.audit.record(actor, {
        action: 'fees.reminder.send',
        entity: 'reminder',
        entityId: null,
        after: { level: reminder.level, text: reminder.text, studentIds, ...told },
      });
      return told;
    });
  }

  private async families(actor: Actor, { studentIds }: Reminder): Promise<Family<Asked>[]> {
    const owing = (await this.defaulters.among(actor, studentIds)).filter((one) => one.askedMinor > 0);
    const guardians = new Map(owing.map((one) => [one.studentId, one.guardian]));
    return familiesOf(
      owing.map(({ student, askedMinor }) => ({ id: student.id, firstName: student.firstName, askedMinor })),
      (id) => {
        const guardian = guardians.get(id);
        return guardian ? reachOf(guardian) : null;
      },
    );
  }

  /** An address for each family that can be written to, where the words name one. */
  private async linksOf(
    actor: Actor,
    { text }: Reminder,
    families: readonly Family<Asked>[],
  ): Promise<(family: Family<Asked>) => string> {
    if (!hasGap(text, 'link')) return () => '';
    const addresses = await this.links
      .toStatement(actor)
      .give(families.filter((one) => one.phone ?? one.email).map((one) => one.children[0]!.id));
    return ({ children }) => addresses.get(children[0]!.id) ?? '';
  }

  private async written(
    { text, level }: Reminder,
    families: readonly Family<Asked>[],
    linkOf: (family: Family<Asked>) => string,
  ): Promise<FamilyMessage<{ text: string }>> {
    const { currency } = await this.school.profile();
    const to = families.map((family) => {
      const { phone, email, language, children } = family;
      const balance = formatMoney(
        children.reduce((sum, child) => sum + child.askedMinor, 0),
        currency,
      );
      return {
        phone,
        email,
        language,
        params: {
          text: fillGaps(text, { student: children.map((child) => child.firstName).join(', '), balance, link: linkOf(family) }),
        },
      };
    });
    return { template: REMINDER, to, key: `fees.reminder:${level}:${await this.school.today()}` };
  }
}
