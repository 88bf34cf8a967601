import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Conflict, RuleBroken } from '../../../kernel/errors.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import type { StudentsApi } from '../../students/index.js';
import { dueDay, dueDayOfNote } from '../statements/ageing.rules.js';
import { WRITES } from '../documents/document.rules.js';
import type { NewCharge } from '../index.js';
import type { DocumentStore, FeeSettingsStore, HeadStore, HoldStore } from '../ports.js';
import type { Documents } from '../documents/documents.js';

export interface ChargeParts {
  unit: Unit;
  audit: AuditTrail;
  store: DocumentStore;
  documents: Documents;
  heads: HeadStore;
  hold: HoldStore;
  settings: FeeSettingsStore;
  school: Pick<SchoolApi, 'today' | 'years'>;
  students: Pick<StudentsApi, 'holders'>;
}

/** What a student owes beside the bills of terms, and what a person takes off or adds to an invoice. */
export class Charges {
  constructor(private readonly parts: ChargeParts) {}

  /** Other modules ask; the same `sourceKey` is charged once. @throws RuleBroken for a head that isn't there or is switched off */
  charge(
    actor: Actor,
    { studentId, head: code, amountMinor, description, termId, sourceKey }: NewCharge,
  ): Promise<{ invoiceId: string; again: boolean }> {
    const { unit, store, documents, hold, heads, students, settings, school, audit } = this.parts;
    return unit(async () => {
      await hold.students([studentId]);
      const there = await store.ofSource(sourceKey);
      if (there) return { invoiceId: there, again: true };
      const head = (await heads.list()).find((one) => one.code === code && one.active && one.kind !== 'grant');
      if (!head) throw new RuleBroken('no-head', 'This vote head does not exist or is switched off.', 'head');
      const [student] = await students.holders([studentId]);
      if (!student) throw new Missing('student');
      const today = await school.today();
      const lines = [{ headId: head.id, kind: 'charge' as const, description, amountMinor, structureId: null, awardId: null }];
      const [document] = await documents.issue(actor, [
        {
          kind: 'invoice',
          studentId,
          termId: termId ?? (await this.termOf(today)),
          classId: student.classId,
          payer: { kind: 'student', id: studentId },
          ofId: null,
          runId: null,
          issuedOn: today,
          dueOn: dueDay(today, (await settings.find()).dueDays),
          reason: description,
          sourceKey,
          memo: description,
          lines,
        },
      ]);
      await audit.record(actor, {
        action: 'fees.charge',
        entity: 'invoice',
        entityId: document!.id,
        label: document!.number,
        after: { studentId, head: code, amountMinor, description },
      });
      return { invoiceId: document!.id, again: false };
    });
  }

  /**
   * A debit or credit note, head by head.
   * @throws RuleBroken where more would be taken off a head than it comes to
   */
  note(
    actor: Actor,
    invoiceId: string,
    kind: 'debit-note' | 'credit-note',
    reason: string,
    amounts: readonly { headId: string; amountMinor: number }[],
  ): Promise<string> {
    demand(actor, WRITES);
    const { unit, store, documents, hold, settings, school, audit } = this.parts;
    return unit(async () => {
      const invoice = await store.find(invoiceId);
      if (!invoice || invoice.ofId) throw new Missing('invoice');
      await hold.students([invoice.studentId]);
      if ((await store.find(invoiceId))!.state === 'reversed')
        throw new RuleBroken('reversed', 'This invoice was reversed; there is nothing to correct.');
      const heads = new Map((await store.headsOf(invoiceId)).map((head) => [head.headId, head]));
      for (const { headId, amountMinor } of amounts) {
        const head = heads.get(headId);
        if (!head) throw new RuleBroken('not-on-it', 'This vote head is not on the invoice.', `amounts.${headId}`);
        if (kind === 'credit-note' && amountMinor > head.netMinor)
          throw new RuleBroken('too-much', 'This is more than the invoice charges for it.', `amounts.${headId}`);
      }
      const sign = kind === 'credit-note' ? -1 : 1;
      const today = await school.today();
      const { studentId, termId, classId, payer } = invoice;
      const [note] = await documents.issue(actor, [
        {
          kind,
          studentId,
          termId,
          classId,
          payer,
          ofId: invoiceId,
          runId: null,
          issuedOn: today,
          dueOn: dueDayOfNote(kind, today, (await settings.find()).dueDays, invoice.dueOn),
          reason,
          sourceKey: null,
          memo: `${invoice.number}: ${reason}`,
          lines: amounts.map(({ headId, amountMinor }) => ({
            headId,
            kind: 'correction',
            description: reason,
            amountMinor: sign * amountMinor,
            structureId: null,
            awardId: null,
          })),
        },
      ]);
      await audit.record(actor, {
        action: `fees.${kind}`,
        entity: 'invoice',
        entityId: invoiceId,
        label: note!.number,
        reason,
        after: { totalMinor: note!.totalMinor },
      });
      return note!.id;
    });
  }

  /** Takes back an invoice with its notes, or one note; what had settled it becomes credit. */
  reverse(actor: Actor, id: string, reason: string): Promise<void> {
    demand(actor, WRITES);
    const { unit, store, documents, hold, audit } = this.parts;
    return unit(async () => {
      const document = await store.find(id);
      if (!document) throw new Missing('document');
      await hold.students([document.studentId]);
      const now = await store.find(id);
      if (now!.state === 'reversed') throw new Conflict('This document has already been reversed.');
      const notes = (await store.notesOf(id)).filter((one) => one.state === 'issued');
      await documents.reverse(actor, [...notes, document], reason);
      await audit.record(actor, {
        action: 'fees.document.reverse',
        entity: 'invoice',
        entityId: id,
        label: document.number,
        reason,
        before: { totalMinor: document.totalMinor },
      });
    });
  }

  /** The term of a day; in the holidays the one before, and none before the first. */
  private async termOf(day: string): Promise<string | null> {
    const terms = (await this.parts.school.years()).flatMap((year) => year.terms).filter((term) => term.startsOn <= day);
    return terms.sort((a, b) => (a.startsOn < b.startsOn ? -1 : 1)).at(-1)?.id ?? null;
  }
}
