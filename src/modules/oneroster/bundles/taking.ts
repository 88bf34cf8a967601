import type { Actor } from '../../../kernel/actor.js';
import { isId } from '../../../kernel/id.js';
import { fold } from '../../../kernel/people/names.js';
import type { HrApi } from '../../hr/index.js';
import type { CheckedLine, ImportKind, KindRun, LineToWrite, WrittenLine } from '../../imports/index.js';
import type { SchoolApi, SchoolCalendar } from '../../school/index.js';
import type { StudentsApi } from '../../students/index.js';
import type { SubjectChoices, SubjectsApi } from '../../subjects/index.js';
import { yearsOf } from '../format/guess.rules.js';
import { deleted, goneOf, type Content } from '../format/content.rules.js';
import type { Choices } from '../format/guess.rules.js';
import { Planner, type PlannedLine } from '../format/lines.rules.js';
import { columnOf, sharedMarks } from '../format/remarks.rules.js';
import type { Problem } from '../format/validate.rules.js';
import { yearOf } from '../roster/years.rules.js';
import type { Bundle, BundleStore, Identity, IdentityKind, Part, PartCount } from '../ports.js';

/** Whose place in the school can end. */
const PRESENT: ReadonlySet<string> = new Set(['active', 'suspended']);

/** Lines that are held at once. */
const BATCH = 250;

/** Which list of the school a part is, and by which kind its ids are kept. */
export const LISTS: Record<Exclude<Part, 'years' | 'choices'>, { kind: string; identity: IdentityKind | null }> = {
  staff: { kind: 'staff', identity: 'staff' },
  streams: { kind: 'classes', identity: 'stream' },
  subjects: { kind: 'subjects', identity: 'subject' },
  students: { kind: 'students', identity: 'student' },
  allocations: { kind: 'allocations', identity: null },
};

export interface TakingDeps {
  store: BundleStore;
  school: SchoolApi;
  calendar: SchoolCalendar;
  subjects: SubjectsApi;
  hr: HrApi;
  students: StudentsApi;
  choices: SubjectChoices;
  kinds(): readonly ImportKind[];
}

/** One bundle on its way into the school: years first, then list by list through the same doors that files of one list go through. */
export class Taking {
  readonly parts = {} as Record<Part, PartCount>;
  private readonly ids = new Map<string, string>();
  private readonly fresh: Identity[] = [];
  private readonly planner: Planner;

  constructor(
    private readonly deps: TakingDeps,
    private readonly bundle: Bundle,
    private readonly content: Content,
    private readonly choices: Choices,
    private readonly actor: Actor,
    private readonly facts: { today: string; country: string; currency: string; identifierKeys: readonly string[] },
    known: readonly Identity[],
    private readonly tell: (problem: Problem) => void,
  ) {
    for (const one of known) this.ids.set(`${one.kind} ${one.sourcedId}`, one.entityId);
    this.planner = new Planner(content, choices, facts.country, facts.identifierKeys, tell);
  }

  /** Inside one transaction, which is committed or not. */
  async run(): Promise<void> {
    await this.years();
    let numbers = await this.staffNumbers();
    await this.list('staff', this.planner.staff(numbers));
    numbers = await this.staffNumbers();
    await this.list('streams', this.planner.streams(numbers));
    await this.list(
      'subjects',
      this.planner.subjects(
        await this.subjectCodes(),
        new Set((await this.deps.subjects.subjects()).map((one) => one.code.toUpperCase())),
      ),
    );
    for (const [courseId, chosen] of Object.entries(this.choices.courses))
      if (isId(chosen)) this.remember('subject', courseId, chosen);
    const admissionNos = await this.admissionNumbers();
    // A bundle of our own names guardians by our own ids.
    const own = this.content.manifest.source.code === `aims:${(await this.deps.school.profile()).id}`;
    await this.list('students', [
      ...this.planner.learners(
        (id) => admissionNos.get(this.entity('student', id) ?? '') ?? null,
        (id) => this.entity('guardian', id) ?? (own && isId(id) ? id : null),
      ),
      ...(this.choices.gone === 'leave' ? this.planner.leavers(await this.presentStudents()) : []),
    ]);
    await this.rememberGuardians();
    await this.sayWhoIsGone();
    const codes = await this.subjectCodes();
    await this.list(
      'allocations',
      this.planner.allocations((courseId) => codes(this.entity('subject', courseId) ?? ''), numbers),
    );
    await this.takers();
    await this.deps.store.addIdentities(this.content.manifest.source.code, this.bundle.id, this.fresh);
  }

  /** Learners who take a subject, or don't, unlike their stream. What the school has settled for a learner itself stays. */
  private async takers(): Promise<void> {
    const { today } = this.facts;
    const lessons = new Map((await this.deps.subjects.lessons(today)).map((one) => [`${one.streamId} ${one.subjectId}`, one]));
    const unlike: { studentId: string; subjectId: string; takes: boolean }[] = [];
    let same = 0;
    for (const one of this.planner.takers()) {
      const studentId = this.entity('student', one.learnerId);
      const subjectId = this.entity('subject', one.courseId);
      const streamId = this.entity('stream', one.homeroomId);
      const lesson = lessons.get(`${streamId} ${subjectId}`);
      if (!studentId || !subjectId || !lesson) continue;
      if (lesson.exceptions.has(studentId) || lesson.everybody === one.takes) same += 1;
      else unlike.push({ studentId, subjectId, takes: one.takes });
    }
    for (let at = 0; at < unlike.length; at += BATCH) {
      const ids = await this.deps.choices.add(today, unlike.slice(at, at + BATCH));
      await this.deps.store.keep(
        this.bundle.id,
        'choices',
        ids.map((id, index) => ({ n: at + index + 1, action: 'create', entityId: id, before: null, trace: null })),
      );
    }
    this.parts.choices = { create: unlike.length, update: 0, unchanged: same, leftOut: 0 };
  }

  /** Whoever of the bundle is a guardian of the child now, by name or phone, is known by their id from here on. */
  private async rememberGuardians(): Promise<void> {
    const learners = [...this.planner.people.keys()].flatMap((sourcedId) => {
      const agents = this.planner.guardiansOf(sourcedId);
      const id = agents.length > 0 ? this.entity('student', sourcedId) : null;
      return id ? [{ id, agents }] : [];
    });
    for (let at = 0; at < learners.length; at += 1000) {
      const some = learners.slice(at, at + 1000);
      const guardians = await this.deps.students.guardiansOf(
        this.actor,
        some.map((one) => one.id),
      );
      for (const { id, agents } of some) {
        for (const agent of agents) {
          const own = guardians.get(id) ?? [];
          const found =
            own.find((one) => fold(one.fullName) === fold(agent.fullName)) ??
            own.find((one) => agent.phone !== null && one.phone === agent.phone);
          if (found) this.remember('guardian', agent.id, found.id);
        }
      }
    }
  }

  private async presentStudents(): Promise<(sourcedId: string) => string | null> {
    const gone = [...goneOf(this.content).keys()];
    const present = new Map<string, string>();
    const ids = gone.flatMap((id) => this.entity('student', id) ?? []);
    for (let at = 0; at < ids.length; at += 1000) {
      for (const one of await this.deps.students.briefs(this.actor, ids.slice(at, at + 1000)))
        if (PRESENT.has(one.status)) present.set(one.id, one.admissionNo);
    }
    return (id) => present.get(this.entity('student', id) ?? '') ?? null;
  }

  /** What is deleted there and stays here, so that nobody believes it gone. */
  private async sayWhoIsGone(): Promise<void> {
    const working = new Set((await this.deps.hr.staff(this.facts.today)).map((one) => one.id));
    const present = await this.presentStudents();
    for (const [id, { n, row }] of goneOf(this.content)) {
      const name = `${row.givenName ?? ''} ${row.familyName ?? ''}`.trim().slice(0, 60);
      const say = (text: string): void =>
        this.tell({
          file: 'users',
          row: n,
          column: row.status === 'tobedeleted' ? 'status' : 'enabledUser',
          severity: 'warning',
          text,
          vars: { name },
        });
      if (working.has(this.entity('staff', id) ?? ''))
        say('{{name}} has left in the other system but still works here. Record the last day on their page.');
      else if (present(id) && this.choices.gone !== 'leave')
        say(
          '{{name}} has left in the other system but is still a student here. You can withdraw such students under “Change the matching”.',
        );
    }
    for (const file of ['classes', 'courses', 'enrollments'] as const) {
      const count = deleted(this.content, file).length;
      if (count > 0)
        this.tell({
          file,
          row: null,
          column: 'status',
          severity: 'warning',
          text: '{{n}} rows of {{file}}.csv have been deleted in the other system. What was imported from them stays here.',
          vars: { n: count, file },
        });
    }
  }

  private entity(kind: IdentityKind, sourcedId: string): string | null {
    return this.ids.get(`${kind} ${sourcedId}`) ?? null;
  }

  private remember(kind: IdentityKind, sourcedId: string, entityId: string): void {
    if (this.entity(kind, sourcedId) === entityId) return;
    this.ids.set(`${kind} ${sourcedId}`, entityId);
    this.fresh.push({ kind, sourcedId, entityId });
  }

  private async years(): Promise<void> {
    const count: PartCount = { create: 0, update: 0, unchanged: 0, leftOut: 0 };
    this.parts.years = count;
    for (const given of yearsOf(this.content)) {
      const chosen = this.choices.years[given.id] ?? '';
      if (chosen === '') continue;
      if (chosen !== 'new') {
        count.unchanged += 1;
        this.remember('year', given.id, chosen);
        continue;
      }
      const answer = yearOf(given, await this.deps.school.years());
      if ('sentence' in answer) {
        count.leftOut += 1;
        this.tell({
          file: 'academicSessions',
          row: null,
          column: 'title',
          severity: 'error',
          text: '{{title}} is skipped. {{why}}',
          vars: { title: given.title.slice(0, 60), why: answer.sentence },
        });
        continue;
      }
      const made = await this.deps.calendar.addYear(this.actor, answer.year);
      count.create += 1;
      this.remember('year', given.id, made.id);
      await this.deps.store.keep(this.bundle.id, 'years', [
        { n: count.create, action: 'create', entityId: made.id, before: null, trace: null },
      ]);
    }
  }

  private async staffNumbers(): Promise<(sourcedId: string) => string | null> {
    const numbers = new Map((await this.deps.hr.records(null)).map((one) => [one.id, one.staffNo]));
    return (id) => numbers.get(this.entity('staff', id) ?? '') ?? null;
  }

  private async subjectCodes(): Promise<(subjectId: string) => string | null> {
    const codes = new Map((await this.deps.subjects.subjects()).map((one) => [one.id, one.code]));
    return (id) => codes.get(id) ?? null;
  }

  private async admissionNumbers(): Promise<Map<string, string>> {
    const ids = [...this.planner.people.keys()].flatMap((id) => this.entity('student', id) ?? []);
    const numbers = new Map<string, string>();
    for (let at = 0; at < ids.length; at += 1000) {
      for (const one of await this.deps.students.briefs(this.actor, ids.slice(at, at + 1000)))
        numbers.set(one.id, one.admissionNo);
    }
    return numbers;
  }

  private async list(part: keyof typeof LISTS, lines: readonly PlannedLine[]): Promise<void> {
    const { kind: key, identity } = LISTS[part];
    const kind = this.deps.kinds().find((one) => one.key === key)!;
    // A kind reads no column that the list doesn't name.
    const headings = new Map(lines.flatMap(({ values }) => Object.keys(values).map((column): [string, string] => [column, ''])));
    const context = {
      importId: this.bundle.id,
      actor: this.actor,
      mode: 'both' as const,
      ...this.facts,
      answers: {},
      leftOut: [],
      headings,
    };
    const run = await kind.open(context);
    const checked = await this.check(part, kind, run, lines);
    const sound = checked.flatMap((one, at): LineToWrite[] =>
      one.remarks.some((remark) => remark.severity === 'error') || one.action === 'unchanged'
        ? []
        : [{ n: at + 1, values: lines[at]!.values, action: one.action, entityId: one.entityId, version: one.version }],
    );
    const errors = checked.filter((one) => one.remarks.some((remark) => remark.severity === 'error')).length;
    const count: PartCount = { create: 0, update: 0, unchanged: checked.length - sound.length - errors, leftOut: errors };
    this.parts[part] = count;
    if (identity)
      for (const [at, one] of checked.entries()) if (one.entityId) this.remember(identity, lines[at]!.sourcedId, one.entityId);
    for (let at = 0; at < sound.length; at += BATCH) {
      const written = await run.write(sound.slice(at, at + BATCH));
      await this.deps.store.keep(this.bundle.id, part, written);
      if (at === 0) await this.deps.store.learnSizes(kind.tables);
      for (const line of written) this.note(count, identity, lines[line.n - 1]!, line);
      await this.deps.store.progress(this.bundle.id, kind.label, Math.min(at + BATCH, sound.length), sound.length);
    }
    await run.finishWriting();
  }

  private note(count: PartCount, identity: IdentityKind | null, planned: PlannedLine, line: WrittenLine): void {
    count[line.action] += 1;
    if (identity && line.action === 'create') this.remember(identity, planned.sourcedId, line.entityId);
  }

  /** Each line against the register, then the lines against each other. */
  private async check(part: Part, kind: ImportKind, run: KindRun, lines: readonly PlannedLine[]): Promise<CheckedLine[]> {
    const required = (await kind.columns()).filter((column) => column.required);
    const checked: CheckedLine[] = [];
    for (let at = 0; at < lines.length; at += BATCH) {
      const batch = lines.slice(at, at + BATCH);
      checked.push(...(await run.check(batch.map((line, index) => ({ n: at + index + 1, values: line.values })))));
      await this.deps.store.progress(this.bundle.id, kind.label, at, lines.length);
    }
    for (const [at, one] of checked.entries()) {
      if (one.action !== 'create') continue;
      for (const { key, head } of required) {
        if (lines[at]!.values[key] == null)
          one.remarks.push({ column: key, severity: 'error', text: '{{head}} is missing.', vars: { head } });
      }
    }
    for (const [at, shared] of sharedMarks(checked, kind.rules)) {
      for (const { rule, first, other } of shared)
        checked[at]!.remarks.push({
          column: rule.column,
          severity: rule.severity,
          text: rule.text,
          vars: { row: lines[first]!.row, sheet: '', other },
        });
    }
    for (const [at, one] of checked.entries()) this.report(part, lines[at]!, one);
    return checked;
  }

  private report(_part: Part, line: PlannedLine, checked: CheckedLine): void {
    for (const { column, severity, text, vars } of checked.remarks) {
      this.tell({ file: line.file, row: line.row, column: columnOf(column), severity, text, ...(vars && { vars }) });
    }
  }
}
