import type { Actor } from '../../kernel/actor.js';
import { newId } from '../../kernel/id.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { AuditTrail } from '../../kernel/audit.js';
import { isTaught } from '../../kernel/packs/index.js';
import type { CountryPack, Level, SchoolApi } from '../school/index.js';
import { lessonsOn } from './allocations/lessons.rules.js';
import type { Subject } from './subjects/subject.rules.js';
import type { Lesson, SeedClass, SubjectsApi } from './index.js';
import type { AllocationStore, ClassStore, SubjectStore } from './ports.js';

/** The door: what other modules ask about classes. */
export class SubjectsDoor implements SubjectsApi {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly classes: ClassStore,
    private readonly subjectStore: SubjectStore,
    private readonly allocations: AllocationStore,
    private readonly school: SchoolApi,
  ) {}

  classList() {
    return this.classes.list();
  }

  async streamsOfTeacher(staffId: string, day: string): Promise<string[]> {
    const { streams } = await this.classes.list();
    const own = streams.filter((stream) => stream.active && stream.classTeacherId === staffId).map((stream) => stream.id);
    const taught = (await this.allocations.ofStaff(staffId, day)).map((allocation) => allocation.streamId);
    return [...new Set([...own, ...taught])];
  }

  subjects(): Promise<readonly Subject[]> {
    return this.subjectStore.list();
  }

  async lessons(day: string): Promise<Lesson[]> {
    const history = await this.allocations.history();
    return lessonsOn(day, await this.subjectStore.list(), history, await this.allocations.exceptionsOn(day));
  }

  seedFromPack(actor: Actor, _packId: string, wanted: SeedClass[], year?: number): Promise<void> {
    return this.unit(async () => {
      const pack = await this.school.pack();
      const levels = (await this.school.levels(year)).filter((level) => wanted.some((one) => one.name === level.name));
      const classIds = await this.seedClasses(levels, wanted, pack);
      await this.linkNextClasses(pack);
      await this.seedSubjects(pack, classIds, year ?? Number((await this.school.currentYear()).startsOn.slice(0, 4)));
      await this.seedPathways(pack);
      await this.audit.record(actor, {
        action: 'subjects.seed',
        entity: 'school',
        entityId: null,
        label: pack.name,
        after: { classes: levels.map((level) => level.name) },
      });
    });
  }

  /** Code of the pack's class → id of ours. */
  private async seedClasses(
    levels: readonly Level[],
    wanted: readonly SeedClass[],
    pack: CountryPack,
  ): Promise<Map<string, string>> {
    const known = await this.classes.list();
    const ids = new Map<string, string>();
    for (const level of levels) ids.set(level.code, known.classes.find((one) => one.name === level.name)?.id ?? newId());
    // From the last to the first, so that the next class is there already.
    for (const level of [...levels].sort((a, b) => b.order - a.order)) {
      const id = ids.get(level.code)!;
      if (!known.classes.some((one) => one.id === id)) {
        await this.classes.insertClass({
          id,
          code: level.code,
          name: level.name,
          shortName: level.code,
          level: pack.stages.find((stage) => stage.id === level.stage)?.kind ?? level.stage,
          order: level.order,
          nextClassId: level.next ? (ids.get(level.next) ?? null) : null,
          ranked: level.ranked,
          active: true,
          version: 1,
        });
      }
      const names = wanted.find((one) => one.name === level.name)?.streams ?? [];
      for (const [index, name] of (names.length > 0 ? names : ['']).entries()) {
        if (known.streams.some((stream) => stream.classId === id && stream.name === name)) continue;
        await this.classes.insertStream({
          id: newId(),
          classId: id,
          name,
          label: `${level.name} ${name}`.trim(),
          order: index + 1,
          capacity: null,
          classTeacherId: null,
          room: null,
          campus: null,
          active: true,
          version: 1,
        });
      }
    }
    return ids;
  }

  /** A class that led nowhere because its next one was not there yet leads to it from now on. */
  private async linkNextClasses(pack: CountryPack): Promise<void> {
    const { classes } = await this.classes.list();
    const nameOf = new Map(pack.levels.map((level) => [level.code, level.name]));
    for (const level of pack.levels) {
      const ours = classes.find((one) => one.name === level.name);
      const next = level.next && classes.find((one) => one.name === nameOf.get(level.next!));
      if (ours && next && ours.nextClassId === null) await this.classes.updateClass({ ...ours, nextClassId: next.id });
    }
  }

  /** Those that the classes have in the school year that begins in a year. */
  private async seedSubjects(pack: CountryPack, classIds: ReadonlyMap<string, string>, year: number): Promise<void> {
    const known = await this.subjectStore.list();
    for (const [index, subject] of pack.subjects.entries()) {
      const ours = subject.levels.filter((code) => isTaught(subject, code, year)).flatMap((code) => classIds.get(code) ?? []);
      const existing = known.find((one) => one.code === subject.code);
      if (ours.length === 0) continue;
      if (existing) {
        await this.subjectStore.update({ ...existing, classIds: [...new Set([...existing.classIds, ...ours])] });
        continue;
      }
      const { code, nationalCode, name, shortName, department, kind, choice, practical, papers, periods } = subject;
      await this.subjectStore.insert({
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
        position: index + 1,
        active: true,
        classIds: ours,
        version: 1,
      });
    }
  }

  private async seedPathways(pack: CountryPack): Promise<void> {
    const known = await this.subjectStore.pathways();
    const subjects = await this.subjectStore.list();
    for (const pathway of pack.pathways) {
      const subjectIds = subjects.filter((subject) => pathway.subjects.includes(subject.code)).map((subject) => subject.id);
      if (subjectIds.length === 0 || known.some((one) => one.code === pathway.id)) continue;
      await this.subjectStore.insertPathway({
        id: newId(),
        code: pathway.id,
        name: pathway.name,
        active: true,
        subjectIds,
        streamIds: [],
        version: 1,
      });
    }
  }
}
