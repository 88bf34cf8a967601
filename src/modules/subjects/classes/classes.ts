import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { HrApi } from '../../hr/index.js';
import type { SchoolApi } from '../../school/index.js';
import { leadsInCircle } from './classes.rules.js';
import { runsOn } from '../allocations/allocation.rules.js';
import type { SchoolClass, Stream } from '../index.js';
import type { AllocationStore, ClassStore } from '../ports.js';

export type ClassDetails = Pick<SchoolClass, 'name' | 'shortName' | 'level' | 'order' | 'nextClassId' | 'ranked'>;
export type StreamDetails = Pick<Stream, 'classId' | 'name' | 'order' | 'capacity' | 'classTeacherId' | 'room' | 'campus'>;

/** Classes and their streams: made, changed, switched off when nobody sits in them. */
export class Classes {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: ClassStore,
    private readonly allocations: AllocationStore,
    private readonly school: SchoolApi,
    private readonly hr: HrApi,
  ) {}

  addClass(actor: Actor, details: ClassDetails): Promise<string> {
    demand(actor, 'subjects.change');
    return this.unit(async () => {
      const made = { ...details, id: newId(), code: details.name, active: true, version: 1 };
      await this.demandNextClass(made.id, made.nextClassId);
      await this.store.insertClass(made);
      await this.audit.record(actor, {
        action: 'subjects.add-class',
        entity: 'class',
        entityId: made.id,
        label: made.name,
        after: made,
      });
      return made.id;
    });
  }

  changeClass(actor: Actor, id: string, version: number, details: ClassDetails): Promise<void> {
    demand(actor, 'subjects.change');
    return this.unit(async () => {
      const before = await this.demandClass(id);
      const after = { ...before, ...details, version };
      await this.demandNextClass(id, after.nextClassId);
      await this.store.updateClass(after);
      await this.audit.record(actor, {
        action: 'subjects.change-class',
        entity: 'class',
        entityId: id,
        label: after.name,
        before,
        after,
      });
    });
  }

  addStream(actor: Actor, details: StreamDetails): Promise<string> {
    demand(actor, 'subjects.change');
    return this.unit(async () => {
      const own = await this.demandClass(details.classId);
      if (!own.active) throw new RuleBroken('class-closed', `${own.name} is switched off. Switch it on first.`, 'classId');
      await this.demandClassTeacher(details.classTeacherId);
      const made: Stream = { ...details, id: newId(), label: `${own.name} ${details.name}`.trim(), active: true, version: 1 };
      await this.store.insertStream(made);
      await this.audit.record(actor, {
        action: 'subjects.add-stream',
        entity: 'stream',
        entityId: made.id,
        label: made.label,
        after: made,
      });
      return made.id;
    });
  }

  changeStream(actor: Actor, id: string, version: number, details: Omit<StreamDetails, 'classId'>): Promise<void> {
    demand(actor, 'subjects.change');
    return this.unit(async () => {
      const before = await this.demandStream(id);
      if (details.classTeacherId !== before.classTeacherId) await this.demandClassTeacher(details.classTeacherId);
      const after = { ...before, ...details, version };
      await this.store.updateStream(after);
      await this.audit.record(actor, {
        action: 'subjects.change-stream',
        entity: 'stream',
        entityId: id,
        label: before.label,
        before,
        after,
      });
    });
  }

  closeStream(actor: Actor, id: string): Promise<void> {
    demand(actor, 'subjects.change');
    return this.unit(async () => {
      const stream = await this.demandStream(id);
      await this.store.lockStream(id);
      await this.demandEmpty([id], stream.label);
      await this.closeOne(actor, stream);
    });
  }

  openStream(actor: Actor, id: string): Promise<void> {
    demand(actor, 'subjects.change');
    return this.unit(async () => {
      const stream = await this.demandStream(id);
      const own = await this.demandClass(stream.classId);
      if (!own.active) throw new RuleBroken('class-closed', `${own.name} is switched off. Switch it on first.`);
      await this.store.updateStream({ ...stream, active: true });
      await this.audit.record(actor, {
        action: 'subjects.open-stream',
        entity: 'stream',
        entityId: id,
        label: stream.label,
        before: { active: false },
        after: { active: true },
      });
    });
  }

  /** With its streams; nobody may sit in any of them, and no other class may lead to it. */
  closeClass(actor: Actor, id: string): Promise<void> {
    demand(actor, 'subjects.change');
    return this.unit(async () => {
      const own = await this.demandClass(id);
      const { classes, streams } = await this.store.list();
      const before = classes.find((one) => one.active && one.nextClassId === id);
      if (before)
        throw new RuleBroken(
          'leads-here',
          `${own.name} is the next class of ${before.name}. Choose another next class for ${before.name} first.`,
        );
      const open = streams.filter((stream) => stream.classId === id && stream.active);
      for (const stream of open) await this.store.lockStream(stream.id);
      await this.demandEmpty(
        open.map((stream) => stream.id),
        own.name,
      );
      for (const stream of open) await this.closeOne(actor, stream);
      await this.store.updateClass({ ...own, active: false });
      await this.audit.record(actor, {
        action: 'subjects.close-class',
        entity: 'class',
        entityId: id,
        label: own.name,
        before: { active: true },
        after: { active: false },
      });
    });
  }

  openClass(actor: Actor, id: string): Promise<void> {
    demand(actor, 'subjects.change');
    return this.unit(async () => {
      const own = await this.demandClass(id);
      await this.store.updateClass({ ...own, active: true });
      await this.audit.record(actor, {
        action: 'subjects.open-class',
        entity: 'class',
        entityId: id,
        label: own.name,
        before: { active: false },
        after: { active: true },
      });
    });
  }

  async demandClass(id: string): Promise<SchoolClass> {
    const found = (await this.store.list()).classes.find((one) => one.id === id);
    if (!found) throw new Missing('class');
    return found;
  }

  async demandStream(id: string): Promise<Stream> {
    const found = (await this.store.list()).streams.find((one) => one.id === id);
    if (!found) throw new Missing('stream');
    return found;
  }

  private async closeOne(actor: Actor, stream: Stream): Promise<void> {
    const today = await this.school.today();
    for (const one of await this.allocations.ofStream(stream.id)) {
      if (one.fromOn > today) await this.allocations.remove(one.id);
      else if (runsOn(one, today)) await this.allocations.close(one.id, today);
    }
    await this.store.updateStream({ ...stream, active: false });
    await this.audit.record(actor, {
      action: 'subjects.close-stream',
      entity: 'stream',
      entityId: stream.id,
      label: stream.label,
      before: { active: true },
      after: { active: false },
    });
  }

  private async demandEmpty(streamIds: string[], label: string): Promise<void> {
    const count = await this.store.placedIn(streamIds);
    if (count > 0)
      throw new RuleBroken('not-empty', `${label} still has ${count} ${count === 1 ? 'student' : 'students'}. Move them first.`);
  }

  private async demandNextClass(id: string, nextId: string | null): Promise<void> {
    if (nextId === null) return;
    const { classes } = await this.store.list();
    if (!classes.some((one) => one.id === nextId && one.active))
      throw new Invalid({ nextClassId: 'Choose a class that is in use' });
    if (leadsInCircle(classes, id, nextId))
      throw new Invalid({ nextClassId: 'The next classes would lead back to this class. Choose another' });
  }

  private async demandClassTeacher(staffId: string | null): Promise<void> {
    if (staffId === null) return;
    const staff = await this.hr.find(staffId);
    if (!staff?.active) throw new Invalid({ classTeacherId: 'Choose someone who works here' });
  }
}
