import { parsePhone } from '../../../kernel/people/phone.js';
import { AGENT_ROLES, alive, goneOf, peopleOf, STAFF_JOBS, type Content, type Person } from './content.rules.js';
import { asGradeCode } from '../roster/grades.rules.js';
import type { Choices } from './guess.rules.js';
import { joinName } from '../roster/people.rules.js';
import type { RosterFile } from './spec.rules.js';
import { idsOf, type Problem } from './validate.rules.js';

export type Value = string | number | boolean | null;

/** One thing of the bundle as a row of the school's own lists. */
export interface PlannedLine {
  file: RosterFile;
  /** Of the file. */
  row: number;
  sourcedId: string;
  values: Record<string, Value>;
}

const NUMBER = /^[\w/.\- ]{1,20}$/;
const MAIL = /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@.,;<>"]{2,}$/;
const MOST_GUARDIANS = 3;
/** Letters of a subject's code, as the school writes them. */
const MOST_OF_CODE = 20;

/** Turns a judged bundle into rows of the school's lists, by what was chosen. Pure: the rest is asked through `known`. */
export class Planner {
  readonly people: Map<string, Person>;
  private readonly classes: Content['rows']['classes'];
  private readonly learnersOf = new Map<string, string[]>();
  private readonly teachersOf = new Map<string, { id: string; primary: boolean }[]>();
  private readonly homeroomOf = new Map<string, { id: string; since: string | null }>();
  private readonly agentsOf = new Map<string, string[]>();

  constructor(
    private readonly content: Content,
    private readonly choices: Choices,
    private readonly country: string,
    private readonly identifierKeys: readonly string[],
    private readonly tell: (problem: Problem) => void,
  ) {
    const org = choices.orgId ?? '';
    this.people = peopleOf(content, org);
    this.classes = alive(content, 'classes').filter(({ row }) => row.schoolSourcedId === org);
    this.seat();
    this.tie();
  }

  /** Who sits in which class, and who teaches there. */
  private seat(): void {
    const homerooms = new Set(this.classes.filter(({ row }) => row.classType === 'homeroom').map(({ row }) => row.sourcedId!));
    for (const { row } of alive(this.content, 'enrollments')) {
      const [classId, userId] = [row.classSourcedId!, row.userSourcedId!];
      if (!this.people.has(userId)) continue;
      if (row.role === 'student') push(this.learnersOf, classId, userId);
      if (row.role === 'teacher') push(this.teachersOf, classId, { id: userId, primary: row.primary === 'true' });
      if (row.role === 'student' && homerooms.has(classId))
        this.homeroomOf.set(userId, { id: classId, since: row.beginDate ?? null });
    }
    for (const teachers of this.teachersOf.values()) teachers.sort((a, b) => Number(b.primary) - Number(a.primary));
  }

  /** A guardian may name the child, the child the guardian, or both each other. */
  private tie(): void {
    const add = (childId: string, agentId: string): void => {
      const known = this.agentsOf.get(childId) ?? [];
      if (!known.includes(agentId)) this.agentsOf.set(childId, [...known, agentId]);
    };
    for (const [id, person] of this.people) {
      for (const other of idsOf(person.row.agentSourcedIds)) {
        if (person.roles.has('student') && this.isAgent(other)) add(id, other);
        else if (this.isAgent(id) && this.people.get(other)?.roles.has('student')) add(other, id);
      }
    }
  }

  private isAgent(id: string): boolean {
    const roles = this.people.get(id)?.roles;
    return AGENT_ROLES.some((role) => roles?.has(role));
  }

  /** @param staffNo of somebody who is here already, by sourcedId; what they do here is left as it is */
  staff(staffNo: (sourcedId: string) => string | null): PlannedLine[] {
    return [...this.people].flatMap(([id, person]): PlannedLine[] => {
      const job = Object.keys(STAFF_JOBS).find((role) => person.roles.has(role));
      if (!job) return [];
      const { row } = person;
      const known = staffNo(id);
      return [
        {
          file: 'users',
          row: person.n,
          sourcedId: id,
          values: {
            staffNo: known ?? this.number(person),
            surname: row.familyName!,
            firstName: row.givenName!,
            middleName: row.middleName ?? null,
            sex: person.sex,
            phone: this.phone(person, 'sms') ?? this.phone(person, 'phone'),
            email: this.mail(person),
            ...(known ? {} : STAFF_JOBS[job]!),
          },
        },
      ];
    });
  }

  /** Streams, also of classes that only a grade speaks of. @param staffNo of a class teacher */
  streams(staffNo: (sourcedId: string) => string | null): PlannedLine[] {
    const seen = new Set<string>();
    const lines: PlannedLine[] = [];
    for (const { n, row } of this.classes.filter((one) => one.row.classType === 'homeroom')) {
      const place = this.choices.places[row.sourcedId!];
      if (!place?.className || seen.has(labelOf(place))) continue;
      seen.add(labelOf(place));
      const teacher =
        (this.teachersOf.get(row.sourcedId!) ?? []).map((one) => staffNo(one.id)).find((number) => number !== null) ?? null;
      lines.push({
        file: 'classes',
        row: n,
        sourcedId: row.sourcedId!,
        values: {
          class: place.className,
          stream: place.streamName || null,
          class_teacher: teacher,
          room: row.location?.slice(0, 60) ?? null,
        },
      });
    }
    const named = new Set(lines.map((line) => line.values.class));
    for (const className of new Set(this.gradeClasses())) {
      if (!named.has(className))
        lines.push({ file: 'users', row: 1, sourcedId: `grade ${className}`, values: { class: className, stream: null } });
    }
    return lines;
  }

  private gradeClasses(): string[] {
    return [...this.people].flatMap(([id, person]) =>
      person.roles.has('student') && !this.homeroomOf.has(id) ? (this.gradeClass(person) ?? []) : [],
    );
  }

  private gradeClass(person: Person): string | null {
    return this.choices.grades[asGradeCode(idsOf(person.row.grades)[0] ?? '') ?? ''] || null;
  }

  /** @param code of a subject of ours, by its id @param taken codes that the school has, in capitals */
  subjects(code: (subjectId: string) => string | null, taken: ReadonlySet<string> = new Set()): PlannedLine[] {
    const codes = new Set(taken);
    const known = new Map<string, PlannedLine>();
    const where = new Map<string, Set<string>>();
    for (const lesson of this.lessons())
      for (const place of lesson.places)
        where.set(lesson.courseId, (where.get(lesson.courseId) ?? new Set()).add(place.className));
    return alive(this.content, 'courses').flatMap(({ n, row }): PlannedLine[] => {
      const chosen = this.choices.courses[row.sourcedId!];
      if (!chosen) return [];
      const classes = [...(where.get(row.sourcedId!) ?? [])].join(', ') || null;
      const own = chosen === 'new' ? null : code(chosen);
      if (own && known.has(own)) {
        const { values } = known.get(own)!;
        values.classes =
          [...new Set([values.classes, classes].filter(Boolean).flatMap((one) => String(one).split(', ')))].join(', ') || null;
        return [];
      }
      if (own) {
        known.set(own, { file: 'courses', row: n, sourcedId: row.sourcedId!, values: { code: own, classes } });
        return [known.get(own)!];
      }
      const fresh = {
        code: this.freeCode(n, row, codes),
        name: row.title!.slice(0, 80),
        department: idsOf(row.subjects)[0]?.slice(0, 60) ?? null,
        kind: this.kindOf(row.sourcedId!),
      };
      return [{ file: 'courses', row: n, sourcedId: row.sourcedId!, values: { ...fresh, classes } }];
    });
  }

  /** Two curricula may have one code for a subject each; a school of ours has every code once. */
  private freeCode(n: number, row: Content['rows']['courses'][number]['row'], codes: Set<string>): string {
    const letters = (row.title!.normalize('NFKD').match(/[A-Za-z0-9]+/g) ?? [])
      .map((word) => word.slice(0, 4))
      .join('')
      .toUpperCase();
    const written = (row.courseCode ?? '')
      .trim()
      .replace(/[^\w.\-/]+/g, '-')
      .replace(/^-+|-+$/g, '');
    const base = (written || letters.slice(0, 8) || 'SUB').slice(0, MOST_OF_CODE);
    let free = base;
    for (let count = 2; codes.has(free.toUpperCase()); count += 1) free = `${base.slice(0, MOST_OF_CODE - 3)}-${count}`;
    codes.add(free.toUpperCase());
    if (row.courseCode && free !== row.courseCode) {
      this.tell({
        file: 'courses',
        row: n,
        column: 'courseCode',
        severity: 'warning',
        text: '{{title}} gets the code {{code}} here, because each subject needs its own code.',
        vars: { title: row.title!.slice(0, 60), code: free },
      });
    }
    return free;
  }

  /** Compulsory where whole streams take it. */
  private kindOf(courseId: string): 'compulsory' | 'elective' {
    const lessons = this.lessons().filter((one) => one.courseId === courseId && one.learners.length > 0);
    if (lessons.length === 0) return 'compulsory';
    const taking = new Set(lessons.flatMap((one) => one.learners));
    const seats = new Set(lessons.flatMap((one) => one.homerooms).flatMap((id) => this.learnersOf.get(id) ?? []));
    return seats.size === 0 || [...seats].filter((id) => taking.has(id)).length >= seats.size * 0.9 ? 'compulsory' : 'elective';
  }

  /** @param admissionNo of a child who is here already @param guardianId of a guardian; both by sourcedId */
  learners(admissionNo: (sourcedId: string) => string | null, guardianId: (sourcedId: string) => string | null): PlannedLine[] {
    return [...this.people].flatMap(([id, person]): PlannedLine[] => {
      if (!person.roles.has('student')) return [];
      const { row } = person;
      const home = this.homeroomOf.get(id);
      const place = home ? this.choices.places[home.id] : undefined;
      const values: Record<string, Value> = {
        admission_no: admissionNo(id) ?? this.number(person),
        surname: row.familyName!,
        first_name: row.givenName!,
        middle_name: row.middleName ?? null,
        preferred_name: row.preferredGivenName ?? null,
        sex: person.sex ?? (this.choices.sex || null),
        born_on: person.birthDate,
        class: place?.className ? labelOf(place) : home ? null : this.gradeClass(person),
        class_since: place?.className ? (home?.since ?? null) : null,
        ...this.officialNumbers(person),
      };
      const agents = this.agentsOf.get(id) ?? [];
      if (agents.length > MOST_GUARDIANS)
        this.warn(person, 'agentSourcedIds', 'This child has {{n}} guardians; the first three are imported.', {
          n: agents.length,
        });
      for (const [at, agent] of agents.slice(0, MOST_GUARDIANS).entries())
        Object.assign(values, this.guardian(at + 1, this.people.get(agent)!, guardianId(agent)));
      return [{ file: 'users', row: person.n, sourcedId: id, values }];
    });
  }

  /** Those of a learner who were taken, as the register will call them. */
  guardiansOf(learnerId: string): { id: string; fullName: string; phone: string | null }[] {
    return (this.agentsOf.get(learnerId) ?? []).slice(0, MOST_GUARDIANS).map((id) => {
      const said = this.guardian(1, this.people.get(id)!, null);
      return { id, fullName: said.guardian_1_name as string, phone: said.guardian_1_phone as string | null };
    });
  }

  /** Students who are gone there. @param present the admission number of a child who is here, by sourcedId */
  leavers(present: (sourcedId: string) => string | null): PlannedLine[] {
    return [...goneOf(this.content)].flatMap(([id, { n }]): PlannedLine[] => {
      const number = present(id);
      return number ? [{ file: 'users', row: n, sourcedId: id, values: { admission_no: number, status: 'withdrawn' } }] : [];
    });
  }

  private guardian(number: number, person: Person, id: string | null): Record<string, Value> {
    const { row, roles, sex } = person;
    const relationship = roles.has('relative')
      ? 'other'
      : roles.has('parent') && sex
        ? sex === 'F'
          ? 'mother'
          : 'father'
        : null;
    const said = {
      ref: id,
      name: joinName(row.givenName!, row.middleName ?? '', row.familyName!).slice(0, 100),
      relationship,
      phone: this.phone(person, 'sms') ?? this.phone(person, 'phone'),
      other_phone: row.sms ? this.phone(person, 'phone') : null,
      email: this.mail(person),
    };
    return Object.fromEntries(Object.entries(said).map(([field, value]) => [`guardian_${number}_${field}`, value]));
  }

  /** `{nemis-upi:A1B2C3}`, of kinds that the school's country has. */
  private officialNumbers(person: Person): Record<string, Value> {
    const found: Record<string, Value> = {};
    for (const [, kind, value] of (person.row.userIds ?? '').matchAll(/\{([^:{}]+):([^{}]+)\}/g)) {
      const key = this.identifierKeys.find((one) => one.toLowerCase() === kind!.trim().toLowerCase());
      if (key) found[`identifier_${key.replaceAll('-', '_')}`] = value!.trim();
      else if (/^birth-?cert(?:ificate)?$/i.test(kind!.trim())) found.birth_certificate_no = value!.trim();
    }
    return found;
  }

  /** Who teaches what where. @param code of the subject that a course became @param staffNo by sourcedId */
  allocations(code: (courseId: string) => string | null, staffNo: (sourcedId: string) => string | null): PlannedLine[] {
    const seen = new Set<string>();
    return this.lessons().flatMap((lesson): PlannedLine[] => {
      const subject = code(lesson.courseId);
      if (!subject) return [];
      if (lesson.places.length === 0 && (this.teachersOf.get(lesson.id)?.length ?? 0) > 0) {
        this.tell({
          file: 'classes',
          row: lesson.n,
          column: 'title',
          severity: 'warning',
          text: '"{{title}}" has no students from a class, so its teacher is skipped.',
          vars: { title: lesson.title.slice(0, 60) },
        });
      }
      return (this.teachersOf.get(lesson.id) ?? []).flatMap(({ id }) =>
        lesson.places.flatMap((place): PlannedLine[] => {
          const teacher = staffNo(id);
          const values = { class: labelOf(place), subject, teacher };
          const key = Object.values(values).join('\n');
          if (!teacher || seen.has(key)) return [];
          seen.add(key);
          return [{ file: 'classes', row: lesson.n, sourcedId: lesson.id, values }];
        }),
      );
    });
  }

  /** Each learner of a stream and each course that is taught there to learners who are named: whether this one takes it. */
  takers(): { learnerId: string; courseId: string; homeroomId: string; takes: boolean }[] {
    const taking = new Map<string, Set<string>>();
    for (const lesson of this.lessons()) {
      for (const homeroom of lesson.homerooms) {
        const key = `${homeroom}\n${lesson.courseId}`;
        taking.set(key, new Set([...(taking.get(key) ?? []), ...lesson.learners]));
      }
    }
    return [...taking].flatMap(([key, takers]) => {
      const at = key.indexOf('\n');
      const [homeroomId, courseId] = [key.slice(0, at), key.slice(at + 1)];
      return (this.learnersOf.get(homeroomId) ?? []).map((learnerId) => ({
        learnerId,
        courseId,
        homeroomId,
        takes: takers.has(learnerId),
      }));
    });
  }

  private cached: PlannedLesson[] | null = null;

  /** Classes of the kind `scheduled`, with the streams that at least a quarter of their learners sit in. */
  private lessons(): PlannedLesson[] {
    this.cached ??= this.classes.filter(({ row }) => row.classType !== 'homeroom').map(({ n, row }) => this.lesson(n, row));
    return this.cached;
  }

  private lesson(n: number, row: Content['rows']['classes'][number]['row']): PlannedLesson {
    const learners = this.learnersOf.get(row.sourcedId!) ?? [];
    const shares = new Map<string, { place: Choices['places'][string]; home: string | null; count: number }>();
    for (const id of learners) {
      const home = this.homeroomOf.get(id)?.id ?? null;
      const className = home ? null : this.gradeClass(this.people.get(id)!);
      const place = home ? this.choices.places[home] : className ? { className, streamName: '' } : undefined;
      if (!place?.className) continue;
      const known = shares.get(labelOf(place));
      if (known) known.count += 1;
      else shares.set(labelOf(place), { place, home, count: 1 });
    }
    const large = [...shares.values()].filter((one) => one.count * 4 >= learners.length);
    return {
      id: row.sourcedId!,
      n,
      title: row.title!,
      courseId: row.courseSourcedId!,
      learners,
      places: large.map((one) => one.place),
      homerooms: large.flatMap((one) => one.home ?? []),
    };
  }

  private number(person: Person): string | null {
    const written = person.row.identifier;
    if (!written || NUMBER.test(written)) return written ?? null;
    this.warn(
      person,
      'identifier',
      'identifier "{{value}}" doesn’t fit this school’s number pattern, so the next number is used.',
      { value: written.slice(0, 40) },
    );
    return null;
  }

  private phone(person: Person, column: 'sms' | 'phone'): string | null {
    const written = person.row[column];
    const phone = written ? parsePhone(written, this.country) : null;
    if (written && !phone)
      this.warn(person, column, '{{column}} "{{value}}" is not a phone number and is ignored.', {
        column,
        value: written.slice(0, 40),
      });
    return phone;
  }

  private mail(person: Person): string | null {
    const written = person.row.email?.toLowerCase();
    if (!written || MAIL.test(written)) return written ?? null;
    this.warn(person, 'email', '{{column}} "{{value}}" is not an email address and is ignored.', {
      column: 'email',
      value: written.slice(0, 40),
    });
    return null;
  }

  private warn(person: Person, column: string, text: string, vars: Problem['vars']): void {
    this.tell({ file: 'users', row: person.n, column, severity: 'warning', text, ...(vars && { vars }) });
  }
}

interface PlannedLesson {
  id: string;
  n: number;
  title: string;
  courseId: string;
  learners: string[];
  places: { className: string; streamName: string }[];
  homerooms: string[];
}

export const labelOf = ({ className, streamName }: { className: string; streamName: string }): string =>
  `${className} ${streamName}`.trim();

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
