import { demand, type Actor } from '../../../kernel/actor.js';
import type { Clock } from '../../../kernel/clock.js';
import { NotFound, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { spokenName } from '../../../kernel/people/names.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { FamilyMessagesApi, MessageTemplate } from '../../notifications/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { ConsentPurpose } from '../guardians/consent.rules.js';
import { editsField, type CustomField } from '../custom-fields/custom-field.rules.js';
import {
  childFields,
  differences,
  guardianFields,
  LINK_DAYS,
  MOST_TRIES,
  proofKind,
  proves,
  type Family,
  type FieldChange,
  type Fields,
  type ProofKind,
} from './update-request.rules.js';
import type {
  AuditTrail,
  Consent,
  CustomFieldStore,
  DueFamily,
  DueFilter,
  GuardianStore,
  StudentStore,
  UpdateLink,
  UpdateStore,
} from '../ports.js';
import type { Consents } from '../guardians/consents.js';

/** More letters in one go are more paper than anybody hands out in a day. */
const MOST_AT_ONCE = 500;
const DAY_MS = 86_400_000;
const HERE = new Set(['active', 'suspended', 'expected', 'applicant']);

export interface FamilyPage extends Family {
  link: UpdateLink;
  consents: ReadonlyMap<string, Consent[]>;
  /** The school's fields that families fill in. */
  customFields: CustomField[];
}

/** What a family sends back. */
export interface Written {
  guardian: Fields;
  children: { id: string; fields: Fields; consents: Partial<Record<ConsentPurpose, 'yes' | 'no'>> }[];
}

export interface Letter {
  name: string;
  children: string;
  url: string;
  until: string;
}

export interface Secrets {
  newToken(): string;
  hash(token: string): string;
}

const LINK_MESSAGE: MessageTemplate<{ school: string; address: string; days: number }> = {
  key: 'students.update-link',
  label: 'Link to check what the school holds',
  secret: true,
  subject: (t, { school }) => t('{{school}}: please check your details', { school }),
  text: (t, { school, address, days }) =>
    t('{{school}} asks you to check the details it holds about you and your children: {{address}} (valid for {{days}} days)', {
      school,
      address,
      days,
    }),
};

/** Links by which families look over their data without signing in, and what they send back. */
export class UpdateLinks {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly store: UpdateStore,
    private readonly guardians: GuardianStore,
    private readonly students: StudentStore,
    private readonly fields: Pick<CustomFieldStore, 'all'>,
    private readonly consents: Pick<Consents, 'answerOfFamily'>,
    private readonly school: SchoolApi,
    private readonly messages: Pick<FamilyMessagesApi, 'tellFamily'>,
    private readonly secrets: Secrets,
    private readonly publicUrl: string,
  ) {}

  /** By SMS, or by mail where there is no phone. @returns how many went out, and whom nothing reaches */
  send(actor: Actor, filter: DueFilter): Promise<{ sent: number; unreachable: DueFamily[] }> {
    demand(actor, 'students.updates');
    return this.unit(async () => {
      const { shortName, name } = await this.school.profile();
      const families = await this.families(filter);
      for (const { id, phone, email, language } of families) {
        if (!phone && !email) continue;
        const { url, expiresAt } = await this.make(actor, id, phone ? 'sms' : 'mail');
        const to = [{ phone, email, language, params: { school: shortName || name, address: url, days: LINK_DAYS } }];
        await this.messages.tellFamily({ template: LINK_MESSAGE, to, key: `${LINK_MESSAGE.key}:${id}`, goodUntil: expiresAt });
      }
      const unreachable = families.filter((one) => !one.phone && !one.email);
      await this.note(actor, filter, { sent: families.length - unreachable.length });
      return { sent: families.length - unreachable.length, unreachable };
    });
  }

  /** For paper: the address stands on it and nowhere else. */
  letters(actor: Actor, filter: DueFilter): Promise<Letter[]> {
    demand(actor, 'students.updates');
    return this.unit(async () => {
      const letters: Letter[] = [];
      for (const family of await this.families(filter)) {
        const { url, expiresAt } = await this.make(actor, family.id, 'letter');
        letters.push({ name: family.fullName, children: family.children, url, until: expiresAt.toISOString().slice(0, 10) });
      }
      await this.note(actor, filter, { letters: letters.length });
      return letters;
    });
  }

  /** Which proof the link asks for. @throws NotFound for one that is unknown, used, over, or tried too often */
  async asks(token: string): Promise<ProofKind> {
    const { link, ...family } = await this.family(token);
    if (link.tries >= MOST_TRIES) throw new NotFound();
    const kind = proofKind(family);
    if (!kind) throw new NotFound();
    return kind;
  }

  /** @throws RuleBroken for a wrong proof, which is counted; NotFound when the link is dead */
  async open(token: string, proof: { bornOn: string | null; digits: string | null }): Promise<FamilyPage> {
    const page = await this.family(token);
    if (!(await this.unit(() => this.store.countTry(page.link.id, MOST_TRIES)))) throw new NotFound();
    if (!proves(page, proof))
      throw new RuleBroken(
        'wrong-proof',
        proofKind(page) === 'birthday'
          ? 'None of your children at this school has this date of birth. Check it again.'
          : 'The phone number the school has for you doesn’t end in these digits. Check them again.',
        'proof',
      );
    await this.unit(() => this.store.giveTryBack(page.link.id));
    return page;
  }

  /** Nothing in the register changes yet, but for consents: these are the guardian's own word and count at once. */
  async submit(
    token: string,
    proof: { bornOn: string | null; digits: string | null },
    written: Written,
  ): Promise<{ changes: number }> {
    // In a transaction of its own, so that a wrong proof stays counted.
    const page = await this.open(token, proof);
    return this.unit(async () => {
      const { guardian, link } = page;
      if (!(await this.store.useLink(link.id, this.clock.now()))) throw new NotFound();
      const actor: Actor = {
        userId: null,
        name: guardian.fullName,
        person: { kind: 'guardian', id: guardian.id },
        roles: ['guardian'],
        permissions: new Set(),
        ip: null,
        requestId: null,
      };
      const changes = changesOf(page, written);
      const today = await this.school.today();
      for (const child of written.children) {
        if (page.children.some((own) => own.id === child.id))
          await this.consents.answerOfFamily(actor, child.id, { guardianId: guardian.id, on: today, answers: child.consents });
      }
      await this.store.setRefreshed(guardian.id, today);
      if (changes.length > 0) {
        await this.store.insertRequest({
          id: newId(),
          guardianId: guardian.id,
          linkId: link.id,
          state: 'open',
          changes,
          sentAt: this.clock.now(),
          decidedAt: null,
          decidedBy: null,
          decidedByName: null,
          reason: null,
        });
      }
      await this.audit.record(actor, {
        action: 'students.update.sent',
        entity: 'guardian',
        entityId: guardian.id,
        label: guardian.fullName,
        after: { fields: changes.map((one) => one.field) },
      });
      return { changes: changes.length };
    });
  }

  private async family(token: string): Promise<FamilyPage> {
    const link = /^[a-z2-9]{20}$/.test(token) ? await this.store.link(this.secrets.hash(token)) : null;
    if (!link || link.usedAt || link.expiresAt <= this.clock.now()) throw new NotFound();
    const guardian = await this.guardians.find(link.guardianId);
    if (!guardian) throw new NotFound();
    const ties = (await this.guardians.studentsOf(guardian.id)).filter((tie) => !tie.barred);
    const profiles = (await Promise.all(ties.map((tie) => this.students.profile(tie.studentId, { kind: 'all' })))).filter(
      (one) => one !== null,
    );
    const own = profiles
      .filter((one) => !one.putAsideAt && HERE.has(one.student.status))
      .sort((one, other) => (one.student.bornOn ?? '').localeCompare(other.student.bornOn ?? ''));
    if (own.length === 0) throw new NotFound();
    const customFields = (await this.fields.all()).filter(
      (field) => field.editableBy.includes('guardian') && editsField(field, ['guardian']),
    );
    return {
      link,
      guardian,
      children: own.map((one) => one.student),
      consents: new Map(own.map((one) => [one.student.id, one.consents])),
      customFields,
    };
  }

  private async families(filter: DueFilter): Promise<DueFamily[]> {
    const { rows, next } = await this.store.due(filter, null, MOST_AT_ONCE);
    if (next) throw new RuleBroken('too-many', 'Choose a class: at most 500 families at once.');
    return rows;
  }

  private async make(actor: Actor, guardianId: string, sentBy: UpdateLink['sentBy']): Promise<{ url: string; expiresAt: Date }> {
    const token = this.secrets.newToken();
    const expiresAt = new Date(this.clock.now().getTime() + LINK_DAYS * DAY_MS);
    await this.store.insertLink({
      id: newId(),
      guardianId,
      tokenHash: this.secrets.hash(token),
      sentBy,
      expiresAt,
      tries: 0,
      usedAt: null,
      byUserId: actor.userId,
      byName: actor.name,
    });
    return { url: `${this.publicUrl}/update/${token}`, expiresAt };
  }

  private async note(actor: Actor, filter: DueFilter, after: object): Promise<void> {
    await this.audit.record(actor, {
      action: 'students.update.ask',
      entity: filter.guardianId ? 'guardian' : 'school',
      entityId: filter.guardianId ?? null,
      after,
    });
  }
}

function changesOf(page: FamilyPage, written: Written): FieldChange[] {
  const { guardian } = page;
  const own = differences(
    { target: 'guardian', targetId: guardian.id, name: guardian.fullName },
    guardianFields(guardian),
    written.guardian,
  );
  const childrens = page.children.flatMap((student) => {
    const child = written.children.find((one) => one.id === student.id);
    return child
      ? differences(
          { target: 'student', targetId: student.id, name: spokenName(student) },
          childFields(student, page.customFields),
          child.fields,
        )
      : [];
  });
  return [...own, ...childrens];
}
