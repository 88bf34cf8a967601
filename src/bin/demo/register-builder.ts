import type { Actor } from '../../kernel/actor.js';
import type { SchoolClass, Stream } from '../../modules/subjects/index.js';
import { Enrolments, Register } from '../../modules/students/operations.js';
import { unit } from '../../platform/db/index.js';
import type { Get } from '../../platform/module.js';
import type { DemoGuardian } from './guardians.js';
import type { Step } from './paths.js';
import type { DemoChild, DemoFamily, DemoYear } from './people.js';

/** A child with the number and the id that it has got. */
export interface Registered {
  id: string;
  child: DemoChild;
  guardianIds?: string[];
}

export interface Places {
  /** In the order in which paths count them. */
  classes: readonly SchoolClass[];
  streams: readonly Stream[];
  years: readonly DemoYear[];
}

/** Enters families into the register, each child with its way through the school. */
export class RegisterBuilder {
  private readonly register: Register;
  private readonly enrolments: Enrolments;

  constructor(
    get: Get,
    private readonly actor: Actor,
    private readonly places: Places,
    private readonly numbers: ReadonlyMap<DemoChild, string>,
  ) {
    this.register = get(Register);
    this.enrolments = get(Enrolments);
  }

  /** One transaction for all of them, since a commit waits for the disk. */
  enter(families: readonly DemoFamily[]): Promise<Registered[]> {
    return unit(async () => {
      const made: Registered[] = [];
      for (const family of families) for (const child of family.children) made.push({ id: await this.child(family, child), child });
      return made;
    });
  }

  private async child(family: DemoFamily, child: DemoChild): Promise<string> {
    const { path, exit, identifiers, face: _face, suspended, joinedOn, ...details } = child;
    const [first, ...later] = path;
    const atOnce = first!.reason === 'admitted' && first!.on === joinedOn;
    const { classId, streamId } = this.place(first!);
    const { id } = await this.register.admit(this.actor, {
      ...details,
      preferredName: null,
      nationality: null,
      address: family.address,
      admissionNo: this.numbers.get(child) ?? null,
      status: 'active',
      joinedOn,
      classId: atOnce ? classId : null,
      streamId: atOnce ? streamId : null,
      identifiers,
      guardians: family.guardians.map(toGuardian),
    });
    if (!atOnce) await this.enrolments.enter(id, { classId, streamId, on: first!.on, reason: first!.reason === 'imported' ? 'imported' : 'admitted' });
    for (const [index, step] of later.entries()) await this.go(id, path[index]!, step);
    if (exit) await this.register.changeStatus(this.actor, id, { key: exit.step, reason: exit.reason, on: exit.on, note: null });
    if (suspended) await this.register.changeStatus(this.actor, id, { key: 'suspend', reason: 'discipline', on: path.at(-1)!.on, note: 'Two weeks, by decision of the disciplinary committee' });
    return id;
  }

  private async go(id: string, from: Step, to: Step): Promise<void> {
    const { classId, streamId } = this.place(to);
    if (to.reason === 'moved-stream') return this.enrolments.move(this.actor, id, { streamId: streamId!, on: to.on, note: 'Streams evened out' });
    const reason = to.reason === 'repeating' ? 'repeating' : 'promoted';
    await this.enrolments.leave(id, this.places.years[from.yearIndex]!.lastDay, reason);
    await this.enrolments.enter(id, { classId, streamId, on: to.on, reason });
  }

  private place(step: Step): { classId: string; streamId: string | null } {
    const classId = this.places.classes[step.classIndex]!.id;
    const own = this.places.streams.filter((stream) => stream.classId === classId);
    return { classId, streamId: own[step.stream % own.length]?.id ?? null };
  }
}

function toGuardian(guardian: DemoGuardian, index: number) {
  return {
    ...guardian,
    guardianId: null,
    otherPhone: null,
    address: null,
    language: null,
    priority: index + 1,
    getsSms: true,
    getsReports: true,
    mayCollect: true,
  };
}
