import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { addDays } from '../../../kernel/clock.js';
import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { registerName } from '../../../kernel/people/names.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { HrApi } from '../../hr/index.js';
import type { SchoolApi } from '../../school/index.js';
import { overlap, type Allocation } from './allocation.rules.js';
import { subjectsOfStream } from '../subjects/subject.rules.js';
import type { AllocationStore, ClassStore, SubjectStore } from '../ports.js';

export interface NewAllocation {
  subjectId: string;
  streamId: string;
  staffId: string;
  periods: number;
  fromOn: string;
  toOn: string | null;
  /** The allocation that this one takes the place of; it ends the day before. */
  replaces: string | null;
}

const LAST_BEFORE_FIRST = 'The last day can’t be before the first';

/** Who teaches what in which stream. Nothing is rewritten: a change ends one line and begins another. */
export class Allocations {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: AllocationStore,
    private readonly classes: ClassStore,
    private readonly subjects: SubjectStore,
    private readonly school: SchoolApi,
    private readonly hr: HrApi,
  ) {}

  allocate(actor: Actor, given: NewAllocation): Promise<string> {
    demand(actor, 'subjects.allocate');
    return this.unit(async () => {
      if (given.toOn !== null && given.toOn < given.fromOn) throw new Invalid({ toOn: LAST_BEFORE_FIRST });
      await this.classes.lockStream(given.streamId);
      await this.demandAllowed(given);
      await this.demandWorking(given.staffId, given.fromOn);
      if (given.replaces) await this.giveWay(actor, given.replaces, given);
      const { replaces: _replaces, ...row } = given;
      const made: Allocation = { ...row, id: newId() };
      await this.demandFree(made);
      await this.store.insert(made);
      await this.record(actor, 'subjects.allocate', made, null, made);
      return made.id;
    });
  }

  /** `toOn` is the last day; the line stays as history. */
  end(actor: Actor, id: string, toOn: string): Promise<void> {
    demand(actor, 'subjects.allocate');
    return this.unit(async () => {
      const before = await this.find(id);
      await this.close(actor, before, toOn);
    });
  }

  /** Only for what has not begun: what was taught stays written down. */
  remove(actor: Actor, id: string): Promise<void> {
    demand(actor, 'subjects.allocate');
    return this.unit(async () => {
      const before = await this.find(id);
      if (before.fromOn < (await this.school.today()))
        throw new RuleBroken('begun', 'This allocation has begun. End it instead, to keep its history.');
      await this.store.remove(id);
      await this.record(actor, 'subjects.take-back-allocation', before, before, null);
    });
  }

  /** Somebody leaves: what they teach ends with their last day, what has not begun goes. */
  release(actor: Actor, staffId: string, lastDay: string): Promise<void> {
    return this.unit(async () => {
      const after = (await this.store.allOfStaff(staffId)).filter((one) => one.toOn === null || one.toOn > lastDay);
      for (const one of after) await this.cut(actor, one, lastDay);
    });
  }

  /** Classes lose subjects: who teaches them there ends with that day. @returns the lines as they were */
  endFor(actor: Actor, lost: readonly { subjectId: string; classId: string }[], lastDay: string): Promise<Allocation[]> {
    return this.unit(async () => {
      const { streams } = await this.classes.list();
      const isLost = (one: Allocation): boolean =>
        lost.some(
          ({ subjectId, classId }) =>
            subjectId === one.subjectId && streams.some(({ id, classId: of }) => id === one.streamId && of === classId),
        );
      const ending = lost.length > 0 ? (await this.store.after(lastDay)).filter(isLost) : [];
      for (const one of ending) await this.cut(actor, one, lastDay);
      return ending;
    });
  }

  /** The same taken back, for whoever still works here; a line that was changed since stays as it is. */
  resume(actor: Actor, ended: readonly Allocation[], lastDay: string): Promise<void> {
    return this.unit(async () => {
      if (ended.length === 0) return;
      const working = new Set((await this.hr.staff(await this.school.today())).map((one) => one.id));
      for (const one of ended.filter(({ staffId }) => working.has(staffId))) {
        const now = await this.store.find(one.id);
        if (now && now.toOn !== lastDay) continue;
        if (now) await this.store.close(one.id, one.toOn);
        else await this.store.insert(one);
        await this.record(actor, 'subjects.allocate', one, now && { toOn: now.toOn }, now ? { toOn: one.toOn } : one);
      }
    });
  }

  async find(id: string): Promise<Allocation> {
    const found = await this.store.find(id);
    if (!found) throw new Missing('allocation');
    return found;
  }

  private async cut(actor: Actor, one: Allocation, lastDay: string): Promise<void> {
    if (one.fromOn > lastDay) await this.store.remove(one.id);
    else await this.store.close(one.id, lastDay);
    await this.record(actor, 'subjects.end-allocation', one, { toOn: one.toOn }, { toOn: lastDay });
  }

  private async giveWay(actor: Actor, id: string, next: NewAllocation): Promise<void> {
    const before = await this.find(id);
    if (before.subjectId !== next.subjectId || before.streamId !== next.streamId) {
      throw new RuleBroken(
        'another-subject',
        'An allocation can only be replaced by one for the same subject in the same stream.',
      );
    }
    if (before.fromOn < next.fromOn) return this.close(actor, before, addDays(next.fromOn, -1));
    await this.store.remove(id);
    await this.record(actor, 'subjects.take-back-allocation', before, before, null);
  }

  private async close(actor: Actor, before: Allocation, toOn: string): Promise<void> {
    if (toOn < before.fromOn) throw new Invalid({ toOn: LAST_BEFORE_FIRST });
    if (before.toOn !== null && before.toOn < toOn)
      throw new RuleBroken('over', 'This allocation already ends earlier. Allocate again from the day after.', 'toOn');
    await this.store.close(before.id, toOn);
    await this.record(actor, 'subjects.end-allocation', before, { toOn: before.toOn }, { toOn });
  }

  private async demandAllowed({ subjectId, streamId }: NewAllocation): Promise<void> {
    const { streams } = await this.classes.list();
    const stream = streams.find((one) => one.id === streamId);
    if (!stream?.active) throw new Invalid({ streamId: 'Choose a stream that is in use' });
    const subjects = await this.subjects.list();
    const allowed = subjectsOfStream(subjects, await this.subjects.pathways(), stream);
    if (allowed.some((one) => one.id === subjectId)) return;
    const name = subjects.find((one) => one.id === subjectId)?.name;
    throw new Invalid({
      subjectId: name
        ? `${name} is not taught in ${stream.label}: its class or its pathway does not have it`
        : 'Choose a subject',
    });
  }

  private async demandWorking(staffId: string, day: string): Promise<void> {
    if ((await this.hr.staff(day)).some((one) => one.id === staffId)) return;
    throw new Invalid({ staffId: 'Choose someone who works here on the first day' });
  }

  /** Two teachers may share a subject; one teacher has it once at a time. */
  private async demandFree(made: Allocation): Promise<void> {
    const same = (await this.store.ofStream(made.streamId)).find(
      (one) => one.subjectId === made.subjectId && one.staffId === made.staffId && overlap(one, made),
    );
    if (same) throw new RuleBroken('overlap', 'This teacher already has this subject in this stream at that time.', 'fromOn');
  }

  private async record(actor: Actor, action: string, of: Allocation, before: object | null, after: object | null): Promise<void> {
    const { streams } = await this.classes.list();
    const subject = (await this.subjects.list()).find((one) => one.id === of.subjectId);
    const staff = await this.hr.find(of.staffId);
    const label = [subject?.name, streams.find((one) => one.id === of.streamId)?.label, staff && registerName(staff)]
      .filter(Boolean)
      .join(', ');
    await this.audit.record(actor, { action, entity: 'allocation', entityId: of.id, label, before, after });
  }
}
