import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { SchoolApi } from '../../school/index.js';
import type { Subject } from './subject.rules.js';
import type { AllocationStore, ClassStore, SubjectStore } from '../ports.js';

export type SubjectDetails = Omit<Subject, 'id' | 'active' | 'position' | 'version'>;

/** What is taught here, and in which classes. */
export class Subjects {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: SubjectStore,
    private readonly classes: ClassStore,
    private readonly allocations: AllocationStore,
    private readonly school: SchoolApi,
  ) {}

  add(actor: Actor, details: SubjectDetails): Promise<string> {
    demand(actor, 'subjects.change');
    return this.unit(async () => {
      const subjects = await this.store.list();
      const position = Math.max(0, ...subjects.map((one) => one.position)) + 1;
      const made: Subject = { ...details, id: newId(), position, active: true, version: 1 };
      await this.demandClasses(made);
      await this.store.insert(made);
      await this.audit.record(actor, {
        action: 'subjects.add',
        entity: 'subject',
        entityId: made.id,
        label: made.name,
        after: made,
      });
      return made.id;
    });
  }

  change(actor: Actor, id: string, version: number, details: SubjectDetails): Promise<void> {
    demand(actor, 'subjects.change');
    return this.unit(async () => {
      const before = await this.find(id);
      const after = { ...before, ...details, version };
      await this.demandClasses(after);
      const leaves = (classId: string): boolean => before.classIds.includes(classId) && !after.classIds.includes(classId);
      await this.demandNotTaught(after, 'classIds', leaves);
      await this.store.update(after);
      await this.audit.record(actor, {
        action: 'subjects.change',
        entity: 'subject',
        entityId: id,
        label: after.name,
        before,
        after,
      });
    });
  }

  /** Switched off, it is in no list to choose from; what was taught stays written down. */
  close(actor: Actor, id: string): Promise<void> {
    demand(actor, 'subjects.change');
    return this.unit(async () => {
      const subject = await this.find(id);
      await this.demandNotTaught(subject, '', () => true);
      await this.setActive(actor, subject, false);
    });
  }

  open(actor: Actor, id: string): Promise<void> {
    demand(actor, 'subjects.change');
    return this.unit(async () => this.setActive(actor, await this.find(id), true));
  }

  async find(id: string): Promise<Subject> {
    const found = (await this.store.list()).find((one) => one.id === id);
    if (!found) throw new Missing('subject');
    return found;
  }

  private async setActive(actor: Actor, subject: Subject, active: boolean): Promise<void> {
    await this.store.update({ ...subject, active });
    await this.audit.record(actor, {
      action: active ? 'subjects.open' : 'subjects.close',
      entity: 'subject',
      entityId: subject.id,
      label: subject.name,
      before: { active: subject.active },
      after: { active },
    });
  }

  private async demandClasses(subject: Subject): Promise<void> {
    const { classes } = await this.classes.list();
    if (subject.classIds.some((id) => !classes.some((one) => one.id === id)))
      throw new Invalid({ classIds: 'Choose classes of this school' });
  }

  /** A teacher who has it in a stream of such a class has to be told first. */
  private async demandNotTaught(subject: Subject, field: string, leaves: (classId: string) => boolean): Promise<void> {
    const { streams } = await this.classes.list();
    const taught = (await this.allocations.all(await this.school.today())).filter((one) => one.subjectId === subject.id);
    const stream = streams.find((one) => leaves(one.classId) && taught.some((allocation) => allocation.streamId === one.id));
    if (stream)
      throw new RuleBroken(
        'still-taught',
        `${subject.name} is taught in ${stream.label}. End that allocation first.`,
        field || undefined,
      );
  }
}
