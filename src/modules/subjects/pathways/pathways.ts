import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { fold } from '../../../kernel/people/names.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { SchoolApi } from '../../school/index.js';
import { subjectsOfStream, type Pathway, type Subject } from '../subjects/subject.rules.js';
import type { Stream } from '../index.js';
import type { AllocationStore, ClassStore, SubjectStore } from '../ports.js';

export type PathwayDetails = Pick<Pathway, 'name' | 'active' | 'subjectIds' | 'streamIds'>;

/** Bundles of electives in the senior school, and the streams that follow them. */
export class Pathways {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly subjects: SubjectStore,
    private readonly classes: ClassStore,
    private readonly allocations: AllocationStore,
    private readonly school: SchoolApi,
  ) {}

  add(actor: Actor, details: PathwayDetails): Promise<string> {
    demand(actor, 'subjects.change');
    return this.unit(async () => {
      const made: Pathway = { ...details, id: newId(), code: fold(details.name).replace(/[^a-z0-9]+/g, '-'), version: 1 };
      await this.check(made, []);
      await this.subjects.insertPathway(made);
      await this.audit.record(actor, {
        action: 'subjects.add-pathway',
        entity: 'pathway',
        entityId: made.id,
        label: made.name,
        after: made,
      });
      return made.id;
    });
  }

  change(actor: Actor, id: string, version: number, details: PathwayDetails): Promise<void> {
    demand(actor, 'subjects.change');
    return this.unit(async () => {
      const before = await this.find(id);
      const after = { ...before, ...details, version };
      await this.check(after, before.streamIds);
      await this.subjects.updatePathway(after);
      await this.audit.record(actor, {
        action: 'subjects.change-pathway',
        entity: 'pathway',
        entityId: id,
        label: after.name,
        before,
        after,
      });
    });
  }

  async find(id: string): Promise<Pathway> {
    const found = (await this.subjects.pathways()).find((one) => one.id === id);
    if (!found) throw new Missing('pathway');
    return found;
  }

  private async check(pathway: Pathway, streamsBefore: readonly string[]): Promise<void> {
    const subjects = await this.subjects.list();
    const chosen = subjects.filter((one) => pathway.subjectIds.includes(one.id));
    if (chosen.length !== pathway.subjectIds.length || chosen.some((one) => one.kind !== 'elective')) {
      throw new Invalid({ subjectIds: 'A pathway is made of electives; compulsory subjects are added to it' });
    }
    const { streams, classes } = await this.classes.list();
    const bound = streams.filter((one) => pathway.streamIds.includes(one.id));
    const senior = new Set(classes.filter((one) => one.level === 'senior').map((one) => one.id));
    if (bound.length !== pathway.streamIds.length || bound.some((one) => !senior.has(one.classId))) {
      throw new Invalid({ streamIds: 'Only senior school streams can follow a pathway' });
    }
    if (!pathway.active)
      return this.demandTaughtStays(
        pathway,
        subjects,
        streams.filter((one) => streamsBefore.includes(one.id)),
      );
    for (const stream of bound) {
      if (!chosen.some((one) => one.classIds.includes(stream.classId))) {
        throw new RuleBroken(
          'nothing-in-common',
          `None of these subjects is taught in the class of ${stream.label}.`,
          'streamIds',
        );
      }
    }
    await this.demandTaughtStays(
      pathway,
      subjects,
      streams.filter((one) => bound.includes(one) || streamsBefore.includes(one.id)),
    );
  }

  /** What a stream is taught today must be allowed to it afterwards, or be ended first. */
  private async demandTaughtStays(pathway: Pathway, subjects: readonly Subject[], streams: readonly Stream[]): Promise<void> {
    const others = (await this.subjects.pathways()).filter((one) => one.id !== pathway.id);
    const taught = await this.allocations.all(await this.school.today());
    for (const stream of streams) {
      const allowed = subjectsOfStream(subjects, [...others, pathway], stream);
      const odd = taught.find((one) => one.streamId === stream.id && !allowed.some((subject) => subject.id === one.subjectId));
      const name = odd && subjects.find((one) => one.id === odd.subjectId)?.name;
      if (name)
        throw new RuleBroken(
          'still-taught',
          `${name} is taught in ${stream.label} and would no longer be allowed there. End that allocation first.`,
          'streamIds',
        );
    }
  }
}
