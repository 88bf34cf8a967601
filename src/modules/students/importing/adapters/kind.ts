import type { Publish } from '../../../../kernel/unit-of-work.js';
import { REGISTER } from '../../../../kernel/kept.js';
import { changed } from '../../../../platform/db/index.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type { IdentityApi } from '../../../identity/index.js';
import type {
  CheckedLine,
  ImportContext,
  ImportKind,
  KindRun,
  Line,
  LineToWrite,
  Question,
  RestoredOf,
  SameRule,
  WrittenLine,
} from '../../../imports/index.js';
import type { SchoolApi, SchoolCalendar, SchoolLists } from '../../../school/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import type { CustomFields } from '../../custom-fields/custom-fields.js';
import type { CustomField } from '../../custom-fields/custom-field.rules.js';
import type { CustomFieldStore, RolloverStore, StudentStore, StudentTies } from '../../ports.js';
import { importColumns } from './columns.js';
import { Batch } from './batch.js';
import { checkLines } from './check.js';
import { readGiven } from './given.js';
import { GuardianBook } from './guardian-book.js';
import { makeAnswered } from './makes.js';
import { NameSplitter } from './names.js';
import { columnSources, loadReference, type Reference } from './reference.js';
import { inSlices } from './slices.js';
import { fingerprints, loadKnown, OWN_TABLES } from './snapshot.js';
import { childrenOf, refreshTerms } from '../../search/adapters/terms.js';
import { obstaclesOf, undoLines } from './undo.js';
import { writeChanges, type ChangedLine } from './write-changes.js';
import { entryDay, giveNumbers, writeNew, type NewLine } from './write-new.js';

export interface StudentImportDeps {
  school: SchoolApi;
  subjects: SubjectsApi;
  students: StudentStore;
  customFields: Pick<CustomFieldStore, 'all'>;
  identity: IdentityApi;
  ties: readonly StudentTies[];
  publish: Publish;
  lists: SchoolLists;
  calendar: SchoolCalendar;
  rollovers: Pick<RolloverStore, 'yearOfMost'>;
  fields: CustomFields;
}

const RULES: Record<string, SameRule> = {
  number: { column: 'admission_no', severity: 'error', when: 'same', text: 'Row {{row}} has the same admission number.' },
  payment: { column: 'payment_no', severity: 'error', when: 'same', text: 'Row {{row}} has the same payment number.' },
  certificate: {
    column: 'birth_certificate_no',
    severity: 'error',
    when: 'same',
    text: 'Row {{row}} has the same birth certificate.',
  },
  identifier: { column: null, severity: 'error', when: 'same', text: 'Row {{row}} has one of the same official numbers.' },
  student: { column: null, severity: 'error', when: 'same', text: 'Row {{row}} has the same student.' },
  child: { column: 'surname', severity: 'error', when: 'same', text: 'Same student as row {{row}}.' },
  sound: {
    column: 'surname',
    severity: 'warning',
    when: 'differs',
    text: 'May be the same student as row {{row}}: similar name, same date of birth.',
  },
  namesake: {
    column: 'surname',
    severity: 'warning',
    when: 'same',
    text: 'Row {{row}} has a student with the same name in the same class.',
  },
  phone: {
    column: 'guardian_1_phone',
    severity: 'warning',
    when: 'apart',
    text: 'Row {{row}} has the same phone under another name. Both will be guardians.',
  },
  guardian: {
    column: null,
    severity: 'error',
    when: 'differs',
    text: 'Row {{row}} has different details for the same guardian: {{other}}.',
  },
};

/** One row is one student, with up to three guardians beside it. */
export function studentImport(deps: StudentImportDeps): ImportKind {
  return {
    key: 'students',
    label: 'Students',
    counted: ['1 student', '{{n}} students'],
    can: 'students.import',
    home: '/students',
    modes: ['create', 'update', 'both'],
    keyWords: 'admission number, or official number where there is none',
    shown: ['admission_no', 'full_name', 'surname', 'first_name', 'born_on', 'class', 'stream', 'guardian_1_phone'],
    undoUntil: 'the first bill, payment or mark is entered',
    quiet: 'No bills and no SMS are sent',
    rules: RULES,
    tables: ['students', 'students_terms', 'students_guardians', ...OWN_TABLES],
    columns: async () =>
      importColumns(await columnSources(deps.school, deps.subjects, await activeFields(deps))) as unknown as Column<never>[],
    settle: (actor, question, answer) => makeAnswered(actor, question, answer, deps),
    population: async () => (await deps.students.counts()).active,
    open: async (context: ImportContext) => new StudentRun(await loadReference(context, deps, await activeFields(deps)), deps),
  };
}

async function activeFields(deps: StudentImportDeps): Promise<CustomField[]> {
  return (await deps.customFields.all()).filter((field) => field.active);
}

class StudentRun implements KindRun {
  /** Rows of the last batch that nobody has to read again: they are written while the next batch is made. */
  private left: Batch | null = null;
  private leaving: Promise<void> = Promise.resolve();
  private readonly names: NameSplitter;

  constructor(
    private readonly ref: Reference,
    private readonly deps: StudentImportDeps,
  ) {
    this.names = new NameSplitter(ref.headings, ref.nameOrder);
  }

  check(lines: readonly Line[]): Promise<CheckedLine[]> {
    return checkLines(lines, this.ref, this.names);
  }

  questions(): Question[] {
    return [...this.names.questions(), ...this.ref.unknowns.questions()];
  }

  async write(lines: readonly LineToWrite[]): Promise<WrittenLine[]> {
    const known = await loadKnown(
      lines.flatMap((line) => (line.action === 'update' ? line.entityId! : [])),
      true,
    );
    const fresh: NewLine[] = [];
    const changes: ChangedLine[] = [];
    await inSlices(lines, (line) => {
      const given = readGiven(line, this.ref);
      if (line.action === 'create') fresh.push({ line, given });
      else changes.push({ line, given, known: known.get(line.entityId!)! });
    });
    await this.prepareYears(fresh, changes);
    const book = new GuardianBook();
    const phones = [...fresh, ...changes].flatMap(({ given }) => given.guardians.flatMap((one) => one.details.phone ?? []));
    const named = [...fresh, ...changes].flatMap(({ given }) => given.guardians.flatMap((one) => one.id ?? []));
    await book.load(phones, [...named, ...changes.flatMap((one) => one.known.guardians.map((guardian) => guardian.id))]);
    const numbers = await giveNumbers(
      fresh.map(({ given }) => given),
      this.deps.school,
    );
    await this.sendLeft();
    const batch = new Batch(this.ref);
    const made = await writeNew(fresh, numbers, batch, book, this.ref);
    const changedLines = writeChanges(changes, batch, book, this.ref);
    const touched = await book.flush();
    await batch.flushStudents();
    this.left = batch;
    if (changedLines.length > 0) await this.settle(changedLines, touched);
    return [...made, ...changedLines];
  }

  /** The years of the places that are written; the coming one is added with the first that is in it. */
  private async prepareYears(fresh: readonly NewLine[], changes: readonly ChangedLine[]): Promise<void> {
    const { actor, today, placing } = this.ref;
    const days = new Set([
      ...fresh.flatMap(({ given }) => (given.place ? [entryDay(given, this.ref)] : [])),
      ...(changes.some(({ given }) => given.place) ? [today, placing.from(today)] : []),
    ]);
    for (const day of days) if (!this.ref.years.some((year) => day <= year.endsOn)) await this.deps.calendar.yearFor(actor, day);
    if (days.size > 0) this.ref.years = await this.deps.school.years();
  }

  async finishWriting(): Promise<void> {
    await this.sendLeft();
    await this.leaving;
    await changed(REGISTER);
  }

  /** Once the batch before is written, begins to write the one that was left. */
  private async sendLeft(): Promise<void> {
    const batch = this.left;
    this.left = null;
    await this.leaving;
    if (!batch) return;
    this.leaving = batch.flushRest().then(() => this.deps.publish(...batch.events));
    // Whoever waits for it is told.
    this.leaving.catch(() => undefined);
  }

  obstacles(lines: readonly WrittenLine[], writtenIn: string, restored: RestoredOf = async () => []): Promise<string[]> {
    return obstaclesOf(lines, { writtenIn, restored }, this.deps.ties, this.deps.identity);
  }

  undo(lines: readonly WrittenLine[]): Promise<void> {
    return undoLines(lines);
  }

  async finishUndoing(): Promise<void> {
    await changed(REGISTER);
  }

  /** Search words follow names and phones; then each changed child's state is noted, to tell later changes by. */
  private async settle(lines: ReturnType<typeof writeChanges>, touchedGuardians: readonly string[]): Promise<void> {
    await this.sendLeft();
    await this.leaving;
    const ids = lines.map((line) => line.entityId);
    lines[0]!.trace.terms = await refreshTerms([...new Set([...ids, ...(await childrenOf(touchedGuardians))])]);
    const prints = await fingerprints(ids);
    for (const line of lines) line.trace.print = prints.get(line.entityId)!;
  }
}
