import { can, demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { Clock } from '../../../kernel/clock.js';
import { Invalid, NotFound, RuleBroken, Stale } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { FilesApi } from '../../files/index.js';
import { USUAL_KINDS, type DocumentType } from './held-document.rules.js';
import type { AuditTrail, HeldDocumentStore, StudentStore } from '../ports.js';
import { labelOf } from '../register/register.js';
import type { StudentScope } from '../register/scope.js';

export const LARGEST_DOCUMENT = 10 * 1024 * 1024;
export const DOCUMENT_FILE_TYPES = ['application/pdf', 'image/jpeg', 'image/png', 'image/webp'] as const;
const PURPOSE = 'students.documents';

export type KindDetails = Omit<DocumentType, 'id' | 'version'>;

/** Papers that families hand in: which ones the school wants, and what it holds of each child. */
export class HeldDocuments {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly store: HeldDocumentStore,
    private readonly students: StudentStore,
    private readonly files: FilesApi,
    private readonly scope: StudentScope,
  ) {
    files.register({ purpose: PURPOSE, mayRead: (reader, owner) => this.mayRead(reader, owner.id) });
  }

  saveKind(actor: Actor, id: string | null, version: number, details: KindDetails): Promise<DocumentType> {
    demand(actor, 'students.document-kinds');
    return this.unit(async () => {
      const kinds = await this.store.kinds();
      const before = id === null ? null : kinds.find((one) => one.id === id);
      if (before === undefined) throw new NotFound();
      if (kinds.some((one) => one.id !== id && one.name.toLowerCase() === details.name.toLowerCase()))
        throw new Invalid({ name: 'There is already a document with this name' });
      const after: DocumentType = { ...details, id: before?.id ?? newId(), version };
      if (!before) await this.store.insertKind(after);
      else if (!(await this.store.updateKind(after))) throw new Stale();
      await this.audit.record(actor, {
        action: `students.document-kind.${before ? 'change' : 'add'}`,
        entity: 'document-kind',
        entityId: after.id,
        label: after.name,
        before,
        after,
      });
      return after;
    });
  }

  /** The usual ones, for a school that has none yet. */
  addUsualKinds(actor: Actor): Promise<void> {
    demand(actor, 'students.document-kinds');
    return this.unit(async () => {
      if ((await this.store.kinds()).length > 0) return;
      for (const [index, kind] of USUAL_KINDS.entries())
        await this.saveKind(actor, null, 1, { ...kind, position: index + 1, active: true });
    });
  }

  removeKind(actor: Actor, id: string): Promise<void> {
    demand(actor, 'students.document-kinds');
    return this.unit(async () => {
      const kind = (await this.store.kinds()).find((one) => one.id === id);
      if (!kind) throw new NotFound();
      if (await this.store.kindIsUsed(id))
        throw new RuleBroken('has-documents', 'Documents of this kind have been handed in. Mark it as not in use instead.');
      await this.store.removeKind(id);
      await this.audit.record(actor, {
        action: 'students.document-kind.remove',
        entity: 'document-kind',
        entityId: id,
        label: kind.name,
        before: kind,
      });
    });
  }

  /** A newer paper of the same kind takes the place of the one before, whose file is removed. */
  hand(
    actor: Actor,
    studentId: string,
    file: { path: string; name: string } | Uint8Array,
    about: { kindId: string; expiresOn: string | null; note: string | null; name?: string },
  ): Promise<void> {
    demand(actor, 'students.documents.change');
    return this.unit(async () => {
      const student = await this.students.findForChange(studentId);
      if (!student) throw new Missing('student');
      const kind = (await this.store.kinds()).find((one) => one.id === about.kindId && one.active);
      if (!kind) throw new Invalid({ kindId: 'Choose which document this is' });
      if (kind.expires && about.expiresOn === null) throw new Invalid({ expiresOn: 'Enter its expiry date' });
      const before = await this.store.current(studentId, kind.id);
      const id = newId();
      const name = about.name ?? ('path' in file ? file.name : kind.name);
      const saved = await this.files.save(actor, file, {
        purpose: PURPOSE,
        owner: { kind: 'held-document', id },
        name,
        maxBytes: LARGEST_DOCUMENT,
        types: DOCUMENT_FILE_TYPES,
      });
      if (before) await this.takeAway(before);
      const expiresOn = kind.expires ? about.expiresOn : null;
      await this.store.insert({
        id,
        studentId,
        kindId: kind.id,
        fileId: saved.id,
        fileName: saved.name,
        expiresOn,
        note: about.note,
        byUserId: actor.userId,
        byName: actor.name,
      });
      await this.audit.record(actor, {
        action: 'students.document.add',
        entity: 'student',
        entityId: studentId,
        label: labelOf(student),
        before: before ? { document: kind.name, expiresOn: before.expiresOn } : null,
        after: { document: kind.name, expiresOn, file: saved.name },
      });
    });
  }

  remove(actor: Actor, studentId: string, id: string): Promise<void> {
    demand(actor, 'students.documents.change');
    return this.unit(async () => {
      const [held, student] = [await this.store.find(id), await this.students.find(studentId)];
      if (!held || held.studentId !== studentId || !student) throw new NotFound();
      await this.takeAway(held);
      const kind = (await this.store.kinds()).find((one) => one.id === held.kindId);
      await this.audit.record(actor, {
        action: 'students.document.remove',
        entity: 'student',
        entityId: studentId,
        label: labelOf(student),
        before: { document: kind?.name ?? '', expiresOn: held.expiresOn },
      });
    });
  }

  private async takeAway(held: { id: string; fileId: string }): Promise<void> {
    await this.store.setReplaced(held.id, this.clock.now());
    await this.files.remove(held.fileId);
  }

  /** Whoever opens a paper is written down, whichever way the file was found. */
  private async mayRead(reader: Actor, id: string): Promise<boolean> {
    if (!can(reader, 'students.documents.read')) return false;
    const held = await this.store.find(id);
    const [student] = held ? await this.students.briefs({ ids: [held.studentId] }, await this.scope.of(reader)) : [];
    if (!held || !student) return false;
    const kind = (await this.store.kinds()).find((one) => one.id === held.kindId);
    await this.audit.record(reader, {
      action: 'students.document.read',
      entity: 'student',
      entityId: student.id,
      label: `${student.surname} ${student.firstName}, ${student.admissionNo}`,
      after: { document: kind?.name ?? '' },
    });
    return true;
  }
}
