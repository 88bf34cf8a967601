import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { addDays } from '../../../kernel/clock.js';
import { NotFound } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import {
  followsStream,
  subjectsOfStream,
  takingOf,
  type Subject,
  type SubjectException,
  type Taking,
} from '../subjects/subject.rules.js';
import type { Stream } from '../index.js';
import type { AllocationStore, ClassStore, Learner, StreamLearners, SubjectStore } from '../ports.js';

export interface Taker extends Learner, Taking {}

/** Who takes a subject in a stream: the stream's rule, unless an exception of the learner says otherwise. */
export class Takers {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: AllocationStore,
    private readonly classes: ClassStore,
    private readonly subjects: SubjectStore,
    private readonly learners: StreamLearners,
  ) {}

  async of(subjectId: string, streamId: string, day: string): Promise<{ subject: Subject; stream: Stream; takers: Taker[] }> {
    const { subject, stream } = await this.demandAllowed(subjectId, streamId);
    const exceptions = await this.store.exceptions(subjectId, day);
    const follows = await this.follows(subject, streamId, day);
    const learners = await this.learners.inStream(streamId);
    const takers = learners.map((one) => ({
      ...one,
      ...takingOf(
        follows,
        exceptions.filter((each) => each.studentId === one.id),
        day,
      ),
    }));
    return { subject, stream, takers };
  }

  /** From `day` on exactly the named learners of the stream take the subject; `wanted` maps each to its set. */
  set(
    actor: Actor,
    subjectId: string,
    streamId: string,
    day: string,
    wanted: ReadonlyMap<string, string | null>,
  ): Promise<number> {
    demand(actor, 'subjects.allocate');
    return this.unit(async () => {
      await this.classes.lockStream(streamId);
      const { subject, stream, takers } = await this.of(subjectId, streamId, day);
      const exceptions = await this.store.exceptions(subjectId, day);
      const follows = await this.follows(subject, streamId, day);
      const changed: string[] = [];
      for (const one of takers) {
        const taking: Taking = { takes: wanted.has(one.id), setName: wanted.get(one.id) ?? null };
        if (taking.takes === one.takes && taking.setName === one.setName) continue;
        await this.change(subject.id, one.id, exceptions, day, taking, follows);
        if (taking.takes && subject.choice) await this.leaveAlternatives(subject, stream, one.id, day);
        changed.push(`${one.surname} ${one.firstName}: ${taking.takes ? (taking.setName ?? 'takes it') : 'does not take it'}`);
      }
      if (changed.length > 0) {
        await this.audit.record(actor, {
          action: 'subjects.set-takers',
          entity: 'subject',
          entityId: subjectId,
          label: `${subject.name}, ${stream.label}`,
          after: { from: day, changed },
        });
      }
      return changed.length;
    });
  }

  private async change(
    subjectId: string,
    studentId: string,
    exceptions: readonly SubjectException[],
    day: string,
    taking: Taking,
    follows: boolean,
  ): Promise<void> {
    for (const one of exceptions.filter((each) => each.studentId === studentId)) {
      if (one.fromOn < day) await this.store.closeException(one.id, addDays(day, -1));
      else await this.store.removeException(one.id);
    }
    if (taking.takes === follows && taking.setName === null) return;
    await this.store.insertException({ id: newId(), studentId, subjectId, ...taking, fromOn: day, toOn: null });
  }

  /** Of subjects that share a choice a learner takes one: taking this one ends the other. */
  private async leaveAlternatives(subject: Subject, stream: Stream, studentId: string, day: string): Promise<void> {
    const others = (await this.subjects.list()).filter(
      (one) => one.id !== subject.id && one.choice === subject.choice && one.classIds.includes(stream.classId),
    );
    for (const other of others) {
      const exceptions = (await this.store.exceptions(other.id, day)).filter((one) => one.studentId === studentId);
      const follows = await this.follows(other, stream.id, day);
      if (takingOf(follows, exceptions, day).takes)
        await this.change(other.id, studentId, exceptions, day, { takes: false, setName: null }, follows);
    }
  }

  private async follows(subject: Subject, streamId: string, day: string): Promise<boolean> {
    return followsStream(subject, await this.subjects.list(), await this.store.ofStream(streamId), day);
  }

  private async demandAllowed(subjectId: string, streamId: string): Promise<{ subject: Subject; stream: Stream }> {
    const stream = (await this.classes.list()).streams.find((one) => one.id === streamId);
    if (!stream) throw new Missing('stream');
    const subject = subjectsOfStream(await this.subjects.list(), await this.subjects.pathways(), stream).find(
      (one) => one.id === subjectId,
    );
    if (!subject) throw new NotFound('This subject is not taught in this stream.');
    return { subject, stream };
  }
}
