import { boardingSince, endsUnknownBoarding } from '../../../kernel/people/boarding.js';
import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { Clock } from '../../../kernel/clock.js';
import { Invalid, NotFound, RuleBroken, Stale } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { registerName } from '../../../kernel/people/names.js';
import type { Publish, Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import { STUDENT_LIMITS } from './limits.rules.js';
import { paymentNumber, paymentNumberVariant, type Student } from './student.rules.js';
import { searchTerms } from '../search/search.rules.js';
import { changedValues } from '../custom-fields/custom-field.rules.js';
import { transition, type Status } from '../enrolments/life-cycle.rules.js';
import { StudentChanged, StudentLeft } from '../index.js';
import type { AuditTrail, GuardianStore, Identifier, StudentStore, StudentTies } from '../ports.js';
import type { CustomFields } from '../custom-fields/custom-fields.js';
import type { Enrolments } from '../enrolments/enrolments.js';
import type { GuardianAccounts } from '../guardians/guardian-accounts.js';
import type { Guardians, NewGuardian } from '../guardians/guardians.js';

/** What a form or a sheet says about a child; what is left out on a change stays as it is. */
export type StudentDetails = Pick<
  Student,
  | 'surname'
  | 'firstName'
  | 'middleName'
  | 'preferredName'
  | 'sex'
  | 'bornOn'
  | 'birthCertificateNo'
  | 'nationality'
  | 'homeArea'
  | 'religion'
  | 'firstLanguage'
  | 'address'
  | 'previousSchool'
  | 'specialNeeds'
  | 'orphanStatus'
  | 'boarding'
>;

export interface Admission extends StudentDetails {
  /** As the school writes it; left out, the school's pattern gives the next. */
  admissionNo: string | null;
  status: Extract<Status, 'applicant' | 'expected' | 'active'>;
  joinedOn: string;
  streamId: string | null;
  classId: string | null;
  identifiers: Identifier[];
  guardians: NewGuardian[];
  /** Values of the school’s own fields as they were typed or sent. */
  custom?: Readonly<Record<string, unknown>>;
}

/** What is changed of a child. `boardingSince` is the day since which it boards, or no longer does: today, when it isn't said. */
export type StudentChanges = Partial<StudentDetails & { admissionNo: string; boardingSince: string | null }>;

/** What a form or a request says of the school’s own fields; `whole` when it shows every one of them. */
export interface CustomInput {
  values: Readonly<Record<string, unknown>>;
  whole: boolean;
}

/** The official numbers that a form has shown, and what stands in it; what it has not shown stays. */
export interface IdentifierInput {
  shown: readonly string[];
  values: Identifier[];
}

/** The use cases of one child's record. Each runs in one transaction with its audit entry and its events. */
export class Register {
  constructor(
    private readonly unit: Unit,
    private readonly publish: Publish,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly students: StudentStore,
    private readonly guardianStore: GuardianStore,
    private readonly guardians: Guardians,
    private readonly enrolments: Enrolments,
    private readonly school: SchoolApi,
    private readonly ties: StudentTies[],
    private readonly accounts: Pick<GuardianAccounts, 'invite'>,
    private readonly customFields: Pick<CustomFields, 'merged'>,
  ) {}

  /** One form makes the child, the guardians and the enrolment. */
  admit(actor: Actor, admission: Admission): Promise<Student> {
    demand(actor, 'students.admit');
    return this.unit(async () => {
      const today = await this.school.today();
      if (admission.bornOn && admission.bornOn >= today) throw new Invalid({ bornOn: 'Date of birth must be before today' });
      const custom = await this.customFields.merged(actor, {}, admission.custom ?? {}, admission.custom !== undefined);
      const admissionNo = await this.admissionNumber(admission.admissionNo);
      const student: Student = {
        ...details(admission),
        id: newId(),
        admissionNo,
        paymentNo: await this.freePaymentNumber(admissionNo),
        photoFileId: null,
        status: admission.status,
        statusOn: admission.joinedOn,
        classId: null,
        streamId: null,
        joinedOn: admission.joinedOn,
        boardingChanges: [],
        custom,
        version: 1,
      };
      await this.students.insert(student);
      await this.setIdentifiers(student.id, [], admission.identifiers);
      await this.students.addStatusChange({
        id: newId(),
        studentId: student.id,
        fromStatus: null,
        toStatus: student.status,
        onDay: admission.joinedOn,
        reason: 'admitted',
        note: null,
        byUserId: actor.userId,
        byName: actor.name,
        undoesId: null,
      });
      for (const [index, guardian] of admission.guardians.entries()) {
        const guardianId = await this.guardians.attach(actor, student.id, { ...guardian, priority: index + 1 });
        if (guardian.invite) await this.invite(actor, guardianId, index);
      }
      if (admission.classId) {
        await this.enrolments.enter(actor, student.id, {
          classId: admission.classId,
          streamId: admission.streamId,
          on: admission.joinedOn,
          reason: 'admitted',
        });
      }
      await this.refreshTerms(student);
      await this.audit.record(actor, {
        action: 'students.admit',
        entity: 'student',
        entityId: student.id,
        label: labelOf(student),
        after: student,
      });
      return (await this.students.find(student.id))!;
    });
  }

  /** Changes what is named. `version` is that of the page that was open. */
  change(
    actor: Actor,
    id: string,
    version: number,
    changes: StudentChanges,
    identifiers?: IdentifierInput,
    custom?: CustomInput,
  ): Promise<Student> {
    demand(actor, 'students.change');
    return this.unit(async () => {
      const before = await this.demandStudent(id);
      if (before.version !== version) throw new Stale();
      const { boardingSince: since, ...named } = changes;
      const after: Student = {
        ...before,
        ...named,
        ...(await this.stayOf(before, named.boarding, since ?? undefined)),
        custom: custom ? await this.customFields.merged(actor, before.custom, custom.values, custom.whole) : before.custom,
      };
      if (after.bornOn && after.bornOn >= (await this.school.today()))
        throw new Invalid({ bornOn: 'Date of birth must be before today' });
      if (after.admissionNo !== before.admissionNo) await this.demandFreeAdmissionNo(after.admissionNo, id);
      const own = changedValues(before.custom, after.custom);
      const fields = [...changedFields(before, after), ...(own ? (['custom'] as const) : [])];
      if (fields.length > 0 && !(await this.students.update(after))) throw new Stale();
      if (identifiers) await this.setIdentifiers(id, identifiers.shown, identifiers.values);
      await this.refreshTerms(after);
      if (fields.length > 0 || identifiers) {
        await this.audit.record(actor, {
          action: 'students.change',
          entity: 'student',
          entityId: id,
          label: labelOf(after),
          before: { ...pick(before, fields), ...(own && { custom: own.before }) },
          after: { ...pick(after, fields), ...(own && { custom: own.after }) },
        });
        await this.publish(StudentChanged({ studentId: id, fields }));
      }
      return { ...after, version: version + (fields.length > 0 ? 1 : 0) };
    });
  }

  /** A step of the life-cycle with its reason; leaving also closes the enrolment. */
  changeStatus(
    actor: Actor,
    id: string,
    step: { key: string; reason: string; on: string; note: string | null },
  ): Promise<Student> {
    demand(actor, 'students.change-status');
    return this.unit(async () => {
      const before = await this.demandStudent(id);
      const taken = transition(step.key, before.status);
      if (!taken.reasons.some((reason) => reason.key === step.reason)) throw new Invalid({ reason: 'Choose one of the reasons' });
      if (step.on > (await this.school.today())) throw new Invalid({ on: 'This date is in the future' });
      const after: Student = { ...before, status: taken.to, statusOn: step.on };
      if (!(await this.students.update(after))) throw new Stale();
      await this.students.addStatusChange({
        id: newId(),
        studentId: id,
        fromStatus: before.status,
        toStatus: taken.to,
        onDay: step.on,
        reason: step.reason,
        note: step.note,
        byUserId: actor.userId,
        byName: actor.name,
        undoesId: null,
      });
      if (taken.closesEnrolment) {
        await this.enrolments.leave(
          id,
          step.on,
          taken.to === 'withdrawn' || taken.to === 'transferred' || taken.to === 'graduated' ? taken.to : 'withdrawn',
        );
        await this.publish(StudentLeft({ studentId: id, on: step.on, status: taken.to, reason: step.reason }));
      }
      await this.audit.record(actor, {
        action: `students.${taken.key}`,
        entity: 'student',
        entityId: id,
        label: labelOf(before),
        before: { status: before.status },
        after: { status: taken.to, on: step.on },
        reason: step.note ?? step.reason,
      });
      return after;
    });
  }

  /** Takes the last step back, with the enrolment that it closed. */
  undoStatus(actor: Actor, id: string, changeId: string): Promise<void> {
    demand(actor, 'students.change-status');
    return this.unit(async () => {
      const student = await this.demandStudent(id);
      const profile = await this.students.profile(id, { kind: 'all' });
      const last = profile?.statusChanges[0];
      if (!last || last.id !== changeId || last.undoesId || !last.fromStatus) {
        throw new RuleBroken('not-the-last-step', 'Only the last step can be undone.');
      }
      const restored: Student = {
        ...student,
        status: last.fromStatus,
        statusOn: profile.statusChanges[1]?.onDay ?? student.statusOn,
      };
      if (!(await this.students.update(restored))) throw new Stale();
      await this.enrolments.takeBackLeaving(id, last.onDay);
      await this.students.addStatusChange({
        id: newId(),
        studentId: id,
        fromStatus: student.status,
        toStatus: last.fromStatus,
        onDay: await this.school.today(),
        reason: 'undone',
        note: null,
        byUserId: actor.userId,
        byName: actor.name,
        undoesId: last.id,
      });
      await this.audit.record(actor, {
        action: 'students.undo-status',
        entity: 'student',
        entityId: id,
        label: labelOf(student),
        before: { status: student.status },
        after: { status: last.fromStatus },
      });
      await this.publish(StudentChanged({ studentId: id, fields: ['status'] }));
    });
  }

  /** A child that was made by mistake disappears from every list and can be brought back. */
  putAside(actor: Actor, id: string, reason: string): Promise<void> {
    demand(actor, 'students.put-aside');
    return this.unit(async () => {
      const student = await this.demandStudent(id);
      for (const tie of this.ties) {
        const obstacles = await tie.obstaclesToRemoval(id);
        if (obstacles.length > 0)
          throw new RuleBroken(
            'has-records',
            `This student has ${obstacles.join(', ')} and can’t be archived. Withdraw the student instead.`,
          );
      }
      await this.students.setPutAside(id, this.clock.now());
      await this.students.setTerms(student, []);
      await this.audit.record(actor, {
        action: 'students.put-aside',
        entity: 'student',
        entityId: id,
        label: labelOf(student),
        reason,
      });
    });
  }

  bringBack(actor: Actor, id: string): Promise<void> {
    demand(actor, 'students.put-aside');
    return this.unit(async () => {
      const profile = await this.students.profile(id, { kind: 'all' });
      if (!profile?.putAsideAt) throw new NotFound();
      if (profile.mergedIntoId) throw new RuleBroken('merged', 'This record was merged into another and can’t be restored.');
      await this.students.setPutAside(id, null);
      await this.refreshTerms(profile.student);
      await this.audit.record(actor, {
        action: 'students.bring-back',
        entity: 'student',
        entityId: id,
        label: labelOf(profile.student),
      });
    });
  }

  setPhoto(actor: Actor, id: string, fileId: string | null): Promise<void> {
    demand(actor, 'students.change');
    return this.unit(async () => {
      const student = await this.demandStudent(id);
      if (!(await this.students.update({ ...student, photoFileId: fileId }))) throw new Stale();
      await this.audit.record(actor, {
        action: 'students.photo',
        entity: 'student',
        entityId: id,
        label: labelOf(student),
        before: { photo: student.photoFileId },
        after: { photo: fileId },
      });
    });
  }

  /** Writes the words by which a child is found; called whenever a name, number or guardian changes. */
  async refreshTerms(student: Student): Promise<void> {
    const guardians = await this.guardianStore.tiesOfStudent(student.id);
    await this.students.setTerms(student, searchTerms(student, guardians));
  }

  private async setIdentifiers(studentId: string, shown: readonly string[], identifiers: readonly Identifier[]): Promise<void> {
    for (const { type, value } of identifiers) {
      const owner = await this.students.identifierOwner(type, value);
      if (owner && owner !== studentId) throw new Invalid({ [`identifiers.${type}`]: 'Another student has this number' });
    }
    await this.students.setIdentifiers(
      studentId,
      shown,
      identifiers.map((one) => ({ ...one, id: newId() })),
    );
  }

  /** A refusal stands at the guardian whose it is. */
  private async invite(actor: Actor, guardianId: string, index: number): Promise<void> {
    try {
      await this.accounts.invite(actor, guardianId);
    } catch (error) {
      if (error instanceof RuleBroken)
        throw new RuleBroken(error.code, error.message, `guardians.${index}.${error.field ?? 'phone'}`);
      throw error;
    }
  }

  private async stayOf(
    before: Student,
    boarding: Student['boarding'] | undefined,
    on: string | undefined,
  ): Promise<Pick<Student, 'boarding' | 'boardingChanges'>> {
    const now = boarding ?? before.boarding;
    if (now === before.boarding && (on === undefined || on === before.boardingChanges.at(-1)))
      return { boarding: now, boardingChanges: before.boardingChanges };
    const today = await this.school.today();
    if (on !== undefined && on > today) throw new Invalid({ boardingSince: 'This date is in the future' });
    if (endsUnknownBoarding(before, now, on ?? null))
      throw new Invalid({ boardingSince: 'No boarding is recorded for this student. Choose “Boarder”, or leave the date empty' });
    return boardingSince(before, now, on ?? today);
  }

  private async demandStudent(id: string): Promise<Student> {
    const student = await this.students.findForChange(id);
    if (!student) throw new Missing('student');
    return student;
  }

  private async admissionNumber(wanted: string | null): Promise<string> {
    if (wanted !== null) {
      await this.demandFreeAdmissionNo(wanted);
      return wanted;
    }
    for (;;) {
      const next = await this.school.nextAdmissionNumber();
      if (!(await this.students.numberOwner(next))) return next;
    }
  }

  /** @param ownId whose number may be written in another way */
  private async demandFreeAdmissionNo(wanted: string, ownId: string | null = null): Promise<void> {
    if (wanted.length > STUDENT_LIMITS.admissionNo)
      throw new Invalid({ admissionNo: 'An admission number has at most 20 characters' });
    const owner = await this.students.numberOwner(wanted);
    if (!owner || owner.id === ownId) return;
    const had = owner.putAside ? 'had' : 'has';
    throw new Invalid({
      admissionNo: `${registerName(owner)} ${had} the admission number ${owner.admissionNo}. Numbers that differ only in capitals or punctuation are the same.`,
    });
  }

  private async freePaymentNumber(admissionNo: string): Promise<string> {
    const base = paymentNumber(admissionNo);
    let candidate = base;
    for (let attempt = 2; await this.students.paymentNoTaken(candidate); attempt += 1)
      candidate = paymentNumberVariant(base, attempt);
    return candidate;
  }
}

export function labelOf(student: Student): string {
  return `${registerName(student)}, ${student.admissionNo}`;
}

const DETAIL_KEYS = [
  'surname',
  'firstName',
  'middleName',
  'preferredName',
  'sex',
  'bornOn',
  'birthCertificateNo',
  'nationality',
  'homeArea',
  'religion',
  'firstLanguage',
  'address',
  'previousSchool',
  'specialNeeds',
  'orphanStatus',
  'boarding',
] as const satisfies readonly (keyof StudentDetails)[];

function details(from: StudentDetails): StudentDetails {
  return Object.fromEntries(DETAIL_KEYS.map((key) => [key, from[key]])) as unknown as StudentDetails;
}

function changedFields(before: Student, after: Student): (keyof Student)[] {
  return ([...DETAIL_KEYS, 'boardingChanges', 'admissionNo'] as const).filter((key) => before[key] !== after[key]);
}

function pick(student: Student, fields: readonly (keyof Student)[]): Partial<Student> {
  return Object.fromEntries(fields.map((field) => [field, student[field]]));
}
