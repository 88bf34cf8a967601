import type { Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { newId } from '../../../kernel/id.js';
import { isTaught } from '../../../kernel/packs/index.js';
import type { Subject as PackSubject } from '../../../kernel/packs/types.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import type { Allocation } from '../allocations/allocation.rules.js';
import type { Subject } from '../subjects/subject.rules.js';
import type { SubjectChange, SubjectTurn } from '../index.js';
import type { ClassStore, SubjectStore } from '../ports.js';
import type { Allocations } from '../allocations/allocations.js';

interface Step {
  of: PackSubject;
  ours: Subject | undefined;
  classId: string;
  taught: boolean;
}

/** Where a curriculum is coming in, classes that are there already get its subjects, and lose those of the old one, with the turn of a year. */
export class CurriculumTurns {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly classes: ClassStore,
    private readonly subjects: SubjectStore,
    private readonly school: SchoolApi,
    private readonly allocations: Allocations,
  ) {}

  /** What will change, class by class. @param from calendar year in which the old school year began; `to` of the new one */
  async planned(from: number, to: number): Promise<SubjectTurn[]> {
    const steps = await this.steps(from, to);
    const namesOf = (classId: string, taught: boolean): string[] =>
      steps.filter((one) => one.classId === classId && one.taught === taught).map((one) => one.of.name);
    return [...new Set(steps.map((one) => one.classId))].map((classId) => ({
      classId,
      comes: namesOf(classId, true),
      goes: namesOf(classId, false),
    }));
  }

  /** @param lastDay of the old year: who teaches what goes, ends with it. @returns what was changed, for taking it back */
  make(actor: Actor, from: number, to: number, lastDay: string): Promise<SubjectChange[]> {
    return this.unit(async () => {
      const steps = await this.steps(from, to);
      if (steps.length === 0) return [];
      const made: SubjectChange[] = [];
      for (const of of new Set(steps.map((one) => one.of))) {
        const own = steps.filter((one) => one.of === of);
        const subject = own[0]!.ours ?? (await this.added(of));
        made.push(...own.map(({ classId, taught }) => ({ subjectId: subject.id, classId, taught })));
        await this.subjects.update({ ...subject, classIds: withChanges(subject.classIds, own) });
      }
      const ended = await this.allocations.endFor(
        actor,
        made.filter((one) => !one.taught),
        lastDay,
      );
      await this.record(actor, made);
      return this.withEnded(made, ended);
    });
  }

  takeBack(actor: Actor, made: readonly SubjectChange[], lastDay: string): Promise<void> {
    return this.unit(async () => {
      if (made.length === 0) return;
      const known = await this.subjects.list();
      const back = made.map((one) => ({ ...one, taught: !one.taught }));
      for (const subject of known) {
        const own = back.filter((one) => one.subjectId === subject.id);
        if (own.length > 0) await this.subjects.update({ ...subject, classIds: withChanges(subject.classIds, own) });
      }
      await this.allocations.resume(
        actor,
        made.flatMap((one) => one.ended ?? []),
        lastDay,
      );
      await this.record(actor, back);
    });
  }

  private async withEnded(made: SubjectChange[], ended: readonly Allocation[]): Promise<SubjectChange[]> {
    const { streams } = await this.classes.list();
    const classOf = new Map(streams.map((one) => [one.id, one.classId]));
    return made.map((change) => {
      const own = ended.filter((one) => one.subjectId === change.subjectId && classOf.get(one.streamId) === change.classId);
      return own.length > 0 ? { ...change, ended: own } : change;
    });
  }

  /** Where the pack changes and the school isn't there yet: what it has changed itself stays. */
  private async steps(from: number, to: number): Promise<Step[]> {
    const [pack, { classes }, known] = [await this.school.pack(), await this.classes.list(), await this.subjects.list()];
    const changing = pack.subjects.filter((subject) => subject.years !== undefined);
    return pack.levels.flatMap(({ code, name }): Step[] => {
      const classId = classes.find((one) => one.name === name && one.active)?.id;
      if (!classId) return [];
      return changing.flatMap((of) => {
        const taught = isTaught(of, code, to);
        const ours = known.find((one) => one.code === of.code);
        if (ours?.active === false) return [];
        const has = ours?.classIds.includes(classId) ?? false;
        return taught === isTaught(of, code, from) || taught === has ? [] : [{ of, ours, classId, taught }];
      });
    });
  }

  private async added(of: PackSubject): Promise<Subject> {
    const { code, nationalCode, name, shortName, department, kind, choice, practical, papers, periods } = of;
    const position = (await this.school.pack()).subjects.indexOf(of) + 1;
    const subject: Subject = {
      id: newId(),
      code,
      nationalCode,
      name,
      shortName,
      department,
      kind,
      choice,
      practical,
      papers,
      periods,
      position,
      active: true,
      classIds: [],
      version: 1,
    };
    await this.subjects.insert(subject);
    return subject;
  }

  private async record(actor: Actor, changes: readonly SubjectChange[]): Promise<void> {
    const [known, { classes }] = [await this.subjects.list(), await this.classes.list()];
    const said = (taught: boolean): string[] =>
      changes
        .filter((one) => one.taught === taught)
        .map(
          (one) => `${classes.find(({ id }) => id === one.classId)?.name}: ${known.find(({ id }) => id === one.subjectId)?.name}`,
        );
    const pack = await this.school.pack();
    await this.audit.record(actor, {
      action: 'subjects.turn',
      entity: 'school',
      entityId: null,
      label: pack.name,
      after: { added: said(true), removed: said(false) },
    });
  }
}

function withChanges(classIds: readonly string[], changes: readonly { classId: string; taught: boolean }[]): string[] {
  const gone = new Set(changes.filter((one) => !one.taught).map((one) => one.classId));
  return [
    ...new Set([...classIds.filter((id) => !gone.has(id)), ...changes.filter((one) => one.taught).map((one) => one.classId)]),
  ];
}
