import type { Actor } from '../../../kernel/actor.js';
import { IMPORT_KINDS, type ImportKind, type LineToWrite } from '../../../modules/imports/index.js';
import { SCHOOL, type AcademicYear } from '../../../modules/school/index.js';
import type { SchoolClass, Stream } from '../../../modules/subjects/index.js';
import { Enrolments, Register, Rollovers } from '../../../modules/students/operations.js';
import type { App } from '../../../app.js';
import { newId } from '../../../kernel/id.js';
import { unit } from '../../../platform/db/index.js';
import type { Get } from '../../../platform/module.js';
import type { DemoClock } from '../demo-clock.js';
import type { DemoGuardian } from './guardians.js';
import { lineOf } from './import-lines.js';
import { inLanes } from '../lanes.js';
import type { Step } from './paths.js';
import type { DemoYear } from './paths.js';
import type { DemoChild, DemoFamily } from './people.js';

/** A child of a family, with the number that it has in the school. */
export interface Listed {
  family: DemoFamily;
  child: DemoChild;
  number: string;
}

/** A child with the id that it has got. */
export interface Registered extends Listed {
  id: string;
}

export interface Places {
  /** In the order in which paths count them. */
  classes: readonly SchoolClass[];
  streams: readonly Stream[];
  years: readonly (DemoYear & Pick<AcademicYear, 'id'>)[];
}

/** Rows that are written by one set of statements. */
const AT_ONCE = 500;
const WHY_REPEATED = 'Long illness in the third term; agreed with the parents';

/**
 * The years of the register as a school lives them: a list taken over, a turn of the year, those who came new, and
 * so on until today; then what happened to single children.
 */
export class RegisterBuilder {
  private readonly get: Get;
  private readonly ids = new Map<DemoChild, string>();

  constructor(
    private readonly app: App,
    private readonly actor: Actor,
    private readonly clock: DemoClock,
    private readonly places: Places,
    private readonly admitsByForm: boolean,
  ) {
    this.get = app.container.get.bind(app.container);
  }

  async build(all: readonly Listed[]): Promise<Registered[]> {
    const last = this.places.years.length - 1;
    for (let year = 0; year <= last; year += 1) {
      const fresh = all.filter(({ child }) => child.path[0]!.yearIndex === year);
      const byForm = year === last && this.admitsByForm;
      if (byForm) await inLanes(this.app, fresh, (one) => this.app.run(() => this.admit(one)));
      else
        for (let at = 0; at < fresh.length; at += AT_ONCE)
          await this.inYear(year, () => this.takeOver(fresh.slice(at, at + AT_ONCE)));
      if (year < last) await this.turn(year, all);
    }
    const registered = all.map((one) => ({ ...one, id: this.ids.get(one.child)! }));
    await inLanes(this.app, registered, (one) => this.app.run(() => this.happenings(one)));
    return registered;
  }

  /** A list is taken over in its own year: later, its children would be placed in the running one. */
  private inYear(year: number, work: () => Promise<void>): Promise<void> {
    return year < this.places.years.length - 1 ? this.clock.on(this.places.years[year]!.lastDay, work) : work();
  }

  /** As an import writes a checked file: all rows in one transaction, by set statements. */
  private async takeOver(listed: readonly Listed[]): Promise<void> {
    if (listed.length === 0) return;
    await unit(async () => {
      const school = this.get(SCHOOL);
      const lines = listed.map((one, index) =>
        lineOf(index + 1, one.family, one.child, { number: one.number, place: this.placeOf(one.child.path[0]!).label }),
      );
      const headings = new Map(lines.flatMap(({ values }) => Object.keys(values).map((key) => [key, key] as const)));
      const { country, currency } = await school.profile();
      const run = await this.kind().open({
        importId: newId(),
        actor: this.actor,
        mode: 'create',
        today: await school.today(),
        country,
        currency,
        headings,
        leftOut: [],
        answers: {},
      });
      const checked = await run.check(lines);
      const wrong = checked.flatMap((line) => line.remarks).find((remark) => remark.severity === 'error');
      if (wrong) throw new Error(`A made-up row was refused: ${wrong.text} ${JSON.stringify(wrong.vars ?? {})}`);
      const written = await run.write(
        lines.map((line): LineToWrite => ({ ...line, action: 'create', entityId: null, version: null })),
      );
      await run.finishWriting();
      for (const { n, entityId } of written) this.ids.set(listed[n - 1]!.child, entityId);
    });
  }

  private kind(): ImportKind {
    const kind = this.app.container.getAll(IMPORT_KINDS).find((one) => one.key === 'students');
    if (!kind) throw new Error('Nobody imports students.');
    return kind;
  }

  private async turn(year: number, all: readonly Listed[]): Promise<void> {
    const rollovers = this.get(Rollovers);
    const [from, to] = [this.places.years[year]!, this.places.years[year + 1]!];
    const rollover = await rollovers.prepare(this.actor, { fromYearId: from.id, toYearId: to.id, pass: null, margin: 0 });
    for (const { child } of all) {
      const repeats = child.path.some((step) => step.yearIndex === year + 1 && step.reason === 'repeating');
      if (repeats)
        await rollovers.decide(this.actor, rollover.id, this.ids.get(child)!, {
          decision: 'repeating',
          chosenStreamId: null,
          reason: WHY_REPEATED,
        });
    }
    await rollovers.commit(this.actor, rollover.id, (await rollovers.obstacles(rollover)).leave);
  }

  private async admit({ family, child, number }: Listed): Promise<void> {
    const {
      path,
      exit: _exit,
      identifiers,
      face: _face,
      suspended: _suspended,
      places: _places,
      consents: _consents,
      ...details
    } = child;
    const { classId, id: streamId } = this.placeOf(path[0]!);
    const { id } = await this.get(Register).admit(this.actor, {
      ...details,
      preferredName: null,
      nationality: null,
      address: family.address,
      admissionNo: number,
      status: 'active',
      classId,
      streamId,
      identifiers,
      guardians: family.guardians.map(toGuardian),
    });
    this.ids.set(child, id);
  }

  /** What came over one child and not over its class: another stream, a suspension, leaving. */
  private async happenings({ id, child }: Registered): Promise<void> {
    const register = this.get(Register);
    const last = child.path.at(-1)!;
    if (last.reason === 'moved-stream')
      await this.get(Enrolments).move(this.actor, id, {
        streamId: this.placeOf(last).id,
        on: last.on,
        note: 'Streams evened out',
      });
    if (child.exit && child.exit.step !== 'graduate')
      await register.changeStatus(this.actor, id, {
        key: child.exit.step,
        reason: child.exit.reason,
        on: child.exit.on,
        note: null,
      });
    if (child.suspended)
      await register.changeStatus(this.actor, id, {
        key: 'suspend',
        reason: 'discipline',
        on: last.on,
        note: 'Two weeks, by decision of the disciplinary committee',
      });
  }

  private placeOf(step: Step): Stream {
    const own = this.places.streams.filter((stream) => stream.classId === this.places.classes[step.classIndex]!.id);
    return own[step.stream % own.length]!;
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
