import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Invalid, RuleBroken, Stale } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import { formatMoney } from '../../../kernel/money.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { ApprovalKind, ApprovalRequest, ApprovalsApi, Translate } from '../../approvals/index.js';
import type { SchoolApi, Term } from '../../school/index.js';
import type { StudentsApi } from '../../students/index.js';
import { dueDayOfNote } from '../statements/ageing.rules.js';
import type { AwardKind } from './discount.rules.js';
import { totalOf } from '../billing/billing.rules.js';
import { SEES_ACCOUNTS, WRITES } from '../documents/document.rules.js';
import type { AwardRow, AwardStore, DocumentStore, FeeSettingsStore, HoldStore, SponsorStore } from '../ports.js';
import type { BillingPlan } from '../billing/billing-plan.js';
import type { BillingRuns } from '../billing/billing-runs.js';
import type { DocumentDraft, Documents } from '../documents/documents.js';

export interface AwardParts {
  unit: Unit;
  audit: AuditTrail;
  store: AwardStore;
  sponsors: SponsorStore;
  documents: Documents;
  invoices: Pick<DocumentStore, 'linesOfAward' | 'find' | 'standing'>;
  hold: HoldStore;
  settings: Pick<FeeSettingsStore, 'find'>;
  approvals: Pick<ApprovalsApi, 'ask'>;
  students: Pick<StudentsApi, 'holders'>;
  school: Pick<SchoolApi, 'today' | 'years' | 'profile'>;
  plan: Pick<BillingPlan, 'of'>;
  billing: Pick<BillingRuns, 'billNow'>;
}

export type KindDetails = Omit<AwardKind, 'id' | 'active' | 'version' | 'staffChildren'> & { staffChildren?: boolean };

export interface NewAward {
  studentId: string;
  kindId: string;
  sponsorId: string | null;
  /** Instead of the kind's own. */
  value: number | null;
  fromTermId: string;
  toTermId: string | null;
  reason: string;
  /** What it takes off bills that stand: credited with it, or by the next run; whoever has not said is asked. */
  credit?: 'now' | 'later';
}

export const AWARD = 'fees.award';

/** What is taken off for whom. Later bills take it in; bills that stand are credited with it, after one question. */
export class Awards {
  constructor(private readonly parts: AwardParts) {}

  async kinds(actor: Actor): Promise<AwardKind[]> {
    demand(actor, SEES_ACCOUNTS);
    return this.parts.store.kinds();
  }

  async findKind(actor: Actor, id: string): Promise<AwardKind> {
    const kind = (await this.kinds(actor)).find((one) => one.id === id);
    if (!kind) throw new Missing('award-type');
    return kind;
  }

  async list(
    actor: Actor,
    of: { studentId?: string; sponsorId?: string },
    cursor: string | null,
    limit: number,
  ): Promise<Page<AwardRow> & { total: number }> {
    demand(actor, SEES_ACCOUNTS);
    return this.parts.store.list(of, cursor, limit);
  }

  async find(actor: Actor, id: string): Promise<AwardRow> {
    demand(actor, SEES_ACCOUNTS);
    const award = await this.parts.store.find(id);
    if (!award) throw new Missing('award');
    return award;
  }

  addKind(actor: Actor, details: KindDetails): Promise<string> {
    demand(actor, 'fees.setup');
    const { unit, store, audit } = this.parts;
    return unit(async () => {
      const kind: AwardKind = { id: newId(), ...sensible(details), active: true, version: 1 };
      await store.insertKind(kind);
      await audit.record(actor, {
        action: 'fees.award-kind.add',
        entity: 'award-kind',
        entityId: kind.id,
        label: kind.name,
        after: details,
      });
      return kind.id;
    });
  }

  changeKind(actor: Actor, id: string, details: KindDetails & { active: boolean; version: number }): Promise<void> {
    demand(actor, 'fees.setup');
    const { unit, store, audit } = this.parts;
    return unit(async () => {
      const before = await this.findKind(actor, id);
      const after = { ...before, ...sensible(details) };
      if (!(await store.updateKind(after))) throw new Stale();
      await audit.record(actor, {
        action: 'fees.award-kind.change',
        entity: 'award-kind',
        entityId: id,
        label: after.name,
        before,
        after,
      });
    });
  }

  /**
   * Above the limit of its kind it waits for a second person, whose approval credits bills that stand.
   * @throws RuleBroken `billed` at `credit`, with the sum, where a bill stands and nobody said what becomes of it
   */
  give(actor: Actor, { credit, ...given }: NewAward): Promise<{ id: string; waits: boolean; credited: boolean }> {
    demand(actor, WRITES);
    const { unit, store, audit, students, sponsors, approvals } = this.parts;
    return unit(async () => {
      const kind = (await store.kinds()).find((one) => one.id === given.kindId && one.active);
      if (!kind || kind.method === 'siblings') throw new Invalid({ kindId: 'Choose a kind of award' });
      if (kind.sponsored !== (given.sponsorId !== null))
        throw new Invalid({ sponsorId: kind.sponsored ? 'Choose who pays' : 'This discount can’t be paid by a sponsor' });
      if (given.sponsorId && !(await sponsors.all()).some((one) => one.id === given.sponsorId && one.active))
        throw new Invalid({ sponsorId: 'Choose who pays' });
      if (kind.method === 'percent' && (given.value ?? 0) > 10_000) throw new Invalid({ value: 'At most 100 per cent' });
      const [student] = await students.holders([given.studentId]);
      if (!student) throw new Missing('student');
      const waits = kind.askAbove !== null && (given.value ?? kind.value) > kind.askAbove;
      const award = {
        id: newId(),
        ...given,
        state: waits ? ('asked' as const) : ('active' as const),
        byName: actor.name,
        version: 1,
      };
      await store.insert(award);
      const name = `${student.surname} ${student.firstName}, ${student.admissionNo}`;
      await audit.record(actor, {
        action: waits ? 'fees.award.ask' : 'fees.award.give',
        entity: 'award',
        entityId: award.id,
        label: `${kind.name}: ${name}`,
        after: given,
        reason: given.reason,
      });
      if (waits)
        await approvals.ask(actor, {
          kind: AWARD,
          subject: { kind: AWARD, id: award.id },
          reason: given.reason,
          summary: `${name} is given “${kind.name}” from the next bill on.`,
          payload: { name, kind: kind.name, ...(await this.facts(kind, given)) },
        });
      const credited = !waits && credit !== 'later' && (await this.putRight(actor, given, kind.name, credit === 'now'));
      return { id: award.id, waits, credited };
    });
  }

  /**
   * Writes what makes the bills of its terms right, where the family's comes down by it: the sum that is asked about is the
   * sum that is written. @throws RuleBroken that asks, unless it is wanted
   */
  private async putRight(
    actor: Actor,
    { studentId, fromTermId, toTermId }: Pick<NewAward, 'studentId' | 'fromTermId' | 'toTermId'>,
    kindName: string,
    wanted: boolean,
  ): Promise<boolean> {
    const { hold, invoices, plan, billing, school } = this.parts;
    const scope = { classIds: [], streamIds: [], boarding: null, studentIds: [studentId] };
    await hold.students([studentId]);
    const terms = termsFrom(
      (await school.years()).flatMap((year) => year.terms),
      fromTermId,
      toTermId,
    );
    const billed: { id: string; name: string; minor: number }[] = [];
    for (const { id, name } of terms) {
      if (!(await invoices.standing(id, [studentId])).has(studentId)) continue;
      const { rows } = await plan.of(id, scope);
      const ofFamily = rows.flatMap((row) => row.steps).filter((step) => step.payer.kind === 'student');
      const minor = -ofFamily.reduce((sum, step) => sum + totalOf(step.lines), 0);
      if (minor > 0) billed.push({ id, name, minor });
    }
    if (billed.length === 0) return false;
    if (!wanted) {
      const { currency } = await school.profile();
      const sums = billed.map(({ name, minor }) => `${name} by ${formatMoney(minor, currency)}`).join(', ');
      const asked = `This student has already been billed. With the award the bill comes down: ${sums}. Write the credit note now?`;
      throw new RuleBroken('billed', asked, 'credit');
    }
    for (const { id } of billed) await billing.billNow(actor, id, scope, kindName);
    return true;
  }

  /** What whoever decides has to see: how much of it, who pays, and in which terms. */
  private async facts(
    kind: AwardKind,
    { value, sponsorId, fromTermId, toTermId }: NewAward,
  ): Promise<Record<string, string | number>> {
    const { school, sponsors } = this.parts;
    const terms = new Map(
      (await school.years()).flatMap((year) => year.terms.map((term) => [term.id, `${term.name}, ${year.name}`] as const)),
    );
    const sponsor = sponsorId && (await sponsors.all()).find((one) => one.id === sponsorId)?.name;
    return {
      method: kind.method,
      value: value ?? kind.value,
      usual: kind.value,
      currency: (await school.profile()).currency,
      from: terms.get(fromTermId) ?? '',
      to: (toTermId && terms.get(toTermId)) || '',
      sponsor: sponsor || '',
    };
  }

  /** With the last term in which it counts. */
  end(actor: Actor, id: string, lastTermId: string): Promise<void> {
    return this.settle(actor, id, 'active', 'fees.award.end', async (award) => ({ ...award, toTermId: lastTermId }));
  }

  /** It never counted: what it took off is owed again, by the family, with notes about each invoice. */
  withdraw(actor: Actor, id: string, reason: string): Promise<void> {
    const { hold, documents } = this.parts;
    return this.settle(
      actor,
      id,
      'active',
      'fees.award.withdraw',
      async (award) => {
        await hold.students([award.studentId]);
        await documents.issue(actor, await this.notesAgainst(award, reason));
        return { ...award, state: 'ended' };
      },
      reason,
    );
  }

  readonly approval: ApprovalKind = {
    key: AWARD,
    label: 'Awards above the limit',
    askWith: WRITES,
    decideWith: 'fees.approve',
    approve: async (actor, { subject }) => {
      const award = await this.decide(actor, subject.id, 'active');
      const kind = (await this.parts.store.kinds()).find((one) => one.id === award.kindId);
      await this.putRight(actor, award, kind!.name, true);
    },
    refuse: async (actor, { subject }) => void (await this.decide(actor, subject.id, 'refused')),
    describe: ({ payload }, t) => ({
      title: t('{{kind}} for {{name}}', { kind: String(payload.kind), name: String(payload.name) }),
      lines: payload.method ? awardLines(payload, t) : [],
    }),
    href: () => '/fees/awards',
  };

  private async decide(actor: Actor, id: string, state: 'active' | 'refused'): Promise<AwardRow> {
    const { store, audit } = this.parts;
    const award = await store.find(id);
    if (award?.state !== 'asked') throw new RuleBroken('decided', 'This award is no longer waiting for a decision.');
    const { createdAt: _, ...row } = award;
    if (!(await store.update({ ...row, state }))) throw new Stale();
    await audit.record(actor, {
      action: state === 'active' ? 'fees.award.approve' : 'fees.award.refuse',
      entity: 'award',
      entityId: id,
      before: { state: 'asked' },
      after: { state },
    });
    return award;
  }

  private settle(
    actor: Actor,
    id: string,
    from: AwardRow['state'],
    action: string,
    change: (award: Omit<AwardRow, 'createdAt'>) => Promise<Omit<AwardRow, 'createdAt'>>,
    reason?: string,
  ): Promise<void> {
    demand(actor, WRITES);
    const { unit, store, audit } = this.parts;
    return unit(async () => {
      const { createdAt: _, ...before } = await this.find(actor, id);
      if (before.state !== from) throw new RuleBroken('not-in-force', 'This award is not in force.');
      const after = await change(before);
      if (!(await store.update(after))) throw new Stale();
      await audit.record(actor, { action, entity: 'award', entityId: id, before, after, ...(reason && { reason }) });
    });
  }

  private async notesAgainst({ id, studentId }: Pick<AwardRow, 'id' | 'studentId'>, reason: string): Promise<DocumentDraft[]> {
    const { invoices, school, settings } = this.parts;
    const [today, { dueDays }] = [await school.today(), await settings.find()];
    const drafts: DocumentDraft[] = [];
    for (const { invoiceId, payer, lines } of await invoices.linesOfAward(id)) {
      const invoice = (await invoices.find(invoiceId))!;
      const back = lines.map((line) => ({ ...line, amountMinor: -line.amountMinor }));
      const kind = back[0]!.amountMinor > 0 ? ('debit-note' as const) : ('credit-note' as const);
      drafts.push({
        kind,
        studentId,
        termId: invoice.termId,
        classId: invoice.classId,
        payer,
        ofId: invoiceId,
        runId: null,
        issuedOn: today,
        dueOn: dueDayOfNote(kind, today, dueDays, invoice.dueOn),
        reason,
        sourceKey: null,
        memo: `${invoice.number}: ${reason}`,
        lines: back,
      });
    }
    return drafts;
  }
}

/** @throws Invalid at the field that can't be */
function sensible<Details extends KindDetails>(details: Details): Details & { staffChildren: boolean } {
  const { method, value, mostBasisPoints, sponsored, staffChildren = false } = details;
  if (method !== 'fixed' && value > 10_000) throw new Invalid({ value: 'At most 100 per cent' });
  if (method === 'siblings' && mostBasisPoints === null) throw new Invalid({ most: 'Enter a maximum' });
  if (method === 'siblings' && sponsored) throw new Invalid({ sponsored: 'A sibling discount can’t be paid by a sponsor' });
  if (staffChildren && (sponsored || method === 'siblings'))
    throw new Invalid({
      staffChildren: 'A discount for staff children must be a percentage or an amount, and can’t be paid by a sponsor',
    });
  return { ...details, mostBasisPoints: method === 'siblings' ? mostBasisPoints : null, staffChildren };
}

/** `50 % of the fees, instead of the usual 25 %`; a fixed sum as money. */
function awardLines({ method, value, usual, currency, from, to, sponsor }: ApprovalRequest['payload'], t: Translate): string[] {
  const said = (of: unknown): string =>
    method === 'percent' ? `${Number(of) / 100} %` : formatMoney(Number(of), String(currency));
  return [
    value === usual
      ? t('{{value}} a term', { value: said(value) })
      : t('{{value}} a term, instead of the usual {{usual}}', { value: said(value), usual: said(usual) }),
    to ? t('From {{from}} to {{to}}', { from: String(from), to: String(to) }) : t('From {{from}} on', { from: String(from) }),
    sponsor ? t('Paid by {{sponsor}}', { sponsor: String(sponsor) }) : t('The school’s own discount'),
    t('What has been billed already is credited when you approve.'),
  ];
}

/** From one term to another, or to the last there is. */
function termsFrom(terms: readonly Term[], fromTermId: string, toTermId: string | null): Term[] {
  const from = terms.find((one) => one.id === fromTermId)?.startsOn ?? '';
  const to = terms.find((one) => one.id === toTermId)?.startsOn;
  return terms.filter((one) => one.startsOn >= from && (to === undefined || one.startsOn <= to));
}
