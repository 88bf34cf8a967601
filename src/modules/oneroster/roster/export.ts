import { demand, demandProof, type Actor } from '../../../kernel/actor.js';
import { RuleBroken } from '../../../kernel/errors.js';
import type { HrApi } from '../../hr/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { StudentOnFile, StudentsApi } from '../../students/index.js';
import type { SubjectsApi } from '../../subjects/index.js';
import { classRows, courseRows, enrolmentRows, manifestRows, orgRows, sessionRows } from './compose.rules.js';
import { csvLine, headerLine, rowLine } from '../format/csv.rules.js';
import { gradeOf, primaryYears } from './grades.rules.js';
import { People } from './people.rules.js';
import type { Roster, RosterLearner } from './roster.rules.js';
import { fieldsOf, rosterFiles, type RosterFile, type RosterRow, type Version } from '../format/spec.rules.js';

export const EXPORT = 'oneroster.export';
const CHUNK = 32_768;

/** One file of the bundle, made while it is sent. */
export interface BundleFile {
  name: string;
  body: AsyncIterable<string>;
}

/** The school as other systems read it. */
export class RosterExport {
  constructor(
    private readonly school: SchoolApi,
    private readonly subjects: SubjectsApi,
    private readonly hr: HrApi,
    private readonly students: StudentsApi,
  ) {}

  /**
   * The files of a bundle in the order in which they are to be sent: those that come after `users` are made of what
   * `users` has gathered, so that everything that they point at is there.
   * @param counted is told of every person
   * @throws RuleBroken when the school has no year yet; ProofNeeded
   */
  async files(actor: Actor, version: Version, counted: () => void = () => undefined): Promise<BundleFile[]> {
    demand(actor, EXPORT);
    demandProof(actor);
    const roster = await this.roster();
    const classes = new Map(roster.classes.map((one) => [one.id, one]));
    const people = new People(roster, version, classes);
    const later: Partial<Record<RosterFile, string[]>> = { roles: [], demographics: [] };
    const bodies: Record<RosterFile, () => AsyncIterable<string>> = {
      orgs: () => lines(version, 'orgs', orgRows(roster)),
      academicSessions: () => lines(version, 'academicSessions', sessionRows(roster)),
      courses: () => lines(version, 'courses', courseRows(roster)),
      classes: () => lines(version, 'classes', classRows(roster, classes)),
      users: () => lines(version, 'users', this.users(actor, roster, people, version, later, counted)),
      roles: () => gathered(version, 'roles', later),
      demographics: () => gathered(version, 'demographics', later),
      enrollments: () => lines(version, 'enrollments', enrolmentRows(roster, people.places)),
    };
    const source = { name: 'AIMS', code: `aims:${roster.school.id}` };
    const manifest = [['propertyName', 'value'], ...manifestRows(version, source)].map(csvLine).join('');
    return [
      { name: 'manifest.csv', body: once(manifest) },
      ...rosterFiles(version).map((file) => ({ name: `${file}.csv`, body: bodies[file]() })),
    ];
  }

  private async *users(
    actor: Actor,
    roster: Roster,
    people: People,
    version: Version,
    later: Partial<Record<RosterFile, string[]>>,
    counted: () => void,
  ): AsyncGenerator<RosterRow> {
    const keep = function* (rows: Iterable<[RosterFile, RosterRow]>): Generator<RosterRow> {
      for (const [file, row] of rows) {
        if (file !== 'users') later[file]!.push(rowLine(fieldsOf(version, file), row));
        else {
          counted();
          yield row;
        }
      }
    };
    for await (const one of this.students.onFile(actor)) if (isHere(one)) yield* keep(people.learner(learnerOf(one)));
    yield* keep(people.guardians());
    for (const one of roster.staff) yield* keep(people.staff(one));
  }

  private async roster(): Promise<Roster> {
    const [profile, years, today, list, subjects] = await Promise.all([
      this.school.profile(),
      this.school.years(),
      this.school.today(),
      this.subjects.classList(),
      this.subjects.subjects(),
    ]);
    if (years.length === 0) throw new RuleBroken('no-year', 'The school has no academic year yet. Add it under Settings first.');
    const [staff, lessons, currentYear] = await Promise.all([
      this.hr.records(today),
      this.subjects.lessons(today),
      this.school.currentYear(),
    ]);
    const primary = primaryYears(profile.country);
    const streams = list.streams.filter((one) => one.active);
    const here = new Set(streams.map((one) => one.id));
    const inUse = subjects.filter((one) => one.active);
    const taught = new Set(inUse.map((one) => one.id));
    return {
      school: { id: profile.id, name: profile.name, code: profile.code },
      years,
      currentYear,
      streams,
      staff,
      subjects: inUse,
      classes: list.classes.filter((one) => one.active).map((one) => ({ ...one, grade: gradeOf(one.name, primary) })),
      lessons: lessons
        .filter((one) => here.has(one.streamId) && taught.has(one.subjectId))
        .map((one) => ({ ...one, takes: (studentId) => one.exceptions.get(studentId) ?? one.everybody })),
    };
  }
}

/** Those who sit in class; the others have left, or are still to come. */
function isHere({ student }: StudentOnFile): boolean {
  return student.status === 'active' || student.status === 'suspended';
}

function learnerOf({ student, placedSince, identifiers, guardians }: StudentOnFile): RosterLearner {
  return {
    ...student,
    placedSince,
    identifiers,
    guardians: guardians.map((one) => ({ ...one, relationship: one.tie.relationship, barred: one.tie.barred })),
  };
}

/** In pieces of some size: rows that are in memory already would keep everybody else waiting. */
async function* lines(
  version: Version,
  file: RosterFile,
  rows: Iterable<RosterRow> | AsyncIterable<RosterRow>,
): AsyncGenerator<string> {
  const fields = fieldsOf(version, file);
  let text = headerLine(fields);
  for await (const row of rows) {
    text += rowLine(fields, row);
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
    await new Promise((resolve) => setImmediate(resolve));
  }
  yield text;
}

async function* gathered(
  version: Version,
  file: RosterFile,
  later: Partial<Record<RosterFile, string[]>>,
): AsyncGenerator<string> {
  yield headerLine(fieldsOf(version, file));
  yield* later[file]!;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
