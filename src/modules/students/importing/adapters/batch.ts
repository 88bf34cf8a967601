import type { DomainEvent } from '../../../../kernel/events.js';
import { idSeries } from '../../../../kernel/id.js';
import { snake, type Row } from '../../../../platform/db/rows/rows.js';
import { CONSENT_WORDING, type ConsentPurpose } from '../../guardians/consent.rules.js';
import type { Enrolment } from '../../enrolments/enrolment.rules.js';
import { bar, mayCollectUnsaid, type Guardianship } from '../../guardians/guardian.rules.js';
import { nameSound } from '../../search/name-sound.rules.js';
import type { Term } from '../../search/search.rules.js';
import { sortName, type Student } from '../../register/student.rules.js';
import type { Assignment, Identifier, StatusChange } from '../../ports.js';
import { deleteRows, insertRows, insertTerms, updateRows } from './bulk.js';
import type { GivenGuardian } from './given.js';
import type { Reference } from './reference.js';

/** The rows of one batch, table by table, until they are written by one statement each. */
export class Batch {
  readonly events: DomainEvent[] = [];
  private readonly newStudents: Row[] = [];
  private readonly changedStudents: Row[] = [];
  private readonly rows = new Map<string, Row[]>();
  private readonly changedRows = new Map<string, Row[]>();
  private readonly goneRows = new Map<string, string[]>();
  private readonly nextId = idSeries();
  private readonly terms: { id: string; sortName: string; terms: readonly Term[] }[] = [];

  constructor(private readonly ref: Reference) {}

  newStudent(student: Student, terms: readonly Term[]): void {
    this.newStudents.push(snake({ ...student, ...derived(student) }));
    this.terms.push({ id: student.id, sortName: sortName(student), terms });
  }

  changedStudent(student: Student): void {
    this.changedStudents.push(snake({ ...student, ...derived(student), updatedAt: new Date().toISOString() }));
  }

  identifier(studentId: string, { type, value }: Identifier): void {
    this.add('students_identifiers', { id: this.nextId(), studentId, type, value });
  }

  status(student: Student, from: StatusChange['fromStatus'], reason: string, on: string): void {
    this.add('students_status_changes', {
      id: this.nextId(),
      studentId: student.id,
      fromStatus: from,
      toStatus: student.status,
      onDay: on,
      reason,
      note: null,
      byUserId: this.ref.actor.userId,
      byName: this.ref.actor.name,
      undoesId: null,
    });
  }

  enrolment(line: Omit<Enrolment, 'id' | 'rollNo' | 'leftOn' | 'exitReason' | 'note'>): void {
    this.add('students_enrolments', { ...line, id: this.nextId(), rollNo: null, leftOn: null, exitReason: null, note: null });
  }

  consent(studentId: string, purpose: ConsentPurpose, given: boolean): void {
    this.add('students_consents', {
      id: this.nextId(),
      studentId,
      guardianId: null,
      purpose,
      given,
      onDay: this.ref.today,
      wording: CONSENT_WORDING,
      byUserId: this.ref.actor.userId,
      byName: this.ref.actor.name,
    });
  }

  assignment(studentId: string, given: Pick<Assignment, 'kind' | 'itemId' | 'detail'>): void {
    this.add('students_assignments', { ...given, id: this.nextId(), studentId, fromOn: this.ref.today, toOn: null });
  }

  /** A new tie; what the sheet doesn't say is as the admission form proposes it. */
  tie(studentId: string, guardianId: string, given: GivenGuardian, priority: number): void {
    const relationship = given.tie.relationship ?? given.otherwise;
    const tie: Guardianship = bar({
      id: this.nextId(),
      studentId,
      guardianId,
      priority,
      relationship: given.otherwise,
      livesWith: false,
      paysFees: priority === 1,
      getsSms: true,
      getsReports: true,
      mayCollect: mayCollectUnsaid(relationship),
      barred: false,
      barredReason: null,
      ...given.tie,
    });
    this.add('students_guardianships', tie);
  }

  changed(table: string, row: Row): void {
    push(this.changedRows, table, row);
  }

  gone(table: string, id: string): void {
    push(this.goneRows, table, id);
  }

  /** Guardians are in the register already; what follows refers to these rows. */
  async flushStudents(): Promise<void> {
    await insertRows('students', this.newStudents);
    await updateRows('students', this.changedStudents);
  }

  /** In an order that the references allow. */
  async flushRest(): Promise<void> {
    for (const [table, ids] of this.goneRows) await deleteRows(table, 'id', ids);
    for (const [table, rows] of this.changedRows) await updateRows(table, rows);
    for (const [table, rows] of this.rows) await insertRows(table, rows);
    await insertTerms(this.terms);
  }

  private add(table: string, values: object): void {
    push(this.rows, table, snake(values));
  }
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

function derived(student: Student): object {
  return { sortName: sortName(student), surnameSound: nameSound(student.surname), firstNameSound: nameSound(student.firstName) };
}
