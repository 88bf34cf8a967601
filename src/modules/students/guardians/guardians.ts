import { demand, type Actor } from '../../../kernel/actor.js';
import { Invalid, RuleBroken, Stale } from '../../../kernel/errors.js';
import { Missing } from '../../../kernel/missing.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { bar, isSamePerson, sameName, type Guardian, type Guardianship } from './guardian.rules.js';
import { searchTerms } from '../search/search.rules.js';
import type { AuditTrail, GuardianOnPhone, GuardianStore, SharedPhone, StudentStore } from '../ports.js';

export type TieDetails = Pick<
  Guardianship,
  'relationship' | 'priority' | 'livesWith' | 'paysFees' | 'getsSms' | 'getsReports' | 'mayCollect' | 'barred' | 'barredReason'
>;
export type GuardianDetails = Pick<
  Guardian,
  'fullName' | 'phone' | 'otherPhone' | 'email' | 'nationalId' | 'occupation' | 'address' | 'language'
>;

export interface NewGuardian extends GuardianDetails, TieDetails {
  /** Somebody who is a guardian here already, chosen by hand. */
  guardianId: string | null;
  /** Gets a link to sign in with, unless there is an account already. */
  invite?: boolean;
}

export class Guardians {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly guardians: GuardianStore,
    private readonly students: StudentStore,
  ) {}

  /** Ties a guardian to a child: the chosen one, else whoever has that phone and is the same person by `isSamePerson`, else a new one. */
  attach(actor: Actor, studentId: string, given: NewGuardian): Promise<string> {
    demand(actor, 'students.change-guardians');
    return this.unit(async () => {
      if (given.guardianId && !(await this.guardians.find(given.guardianId)))
        throw new Invalid({ guardianId: 'This guardian is no longer in the register' });
      const guardianId = given.guardianId ?? (await this.known(given)) ?? (await this.make(given));
      const ties = await this.guardians.tiesOfStudent(studentId);
      if (ties.some((one) => one.id === guardianId))
        throw new RuleBroken('already-guardian', 'This person is already a guardian of this student.', 'fullName');
      await this.guardians.insertTie({
        ...bar(tieOf(given)),
        id: newId(),
        studentId,
        guardianId,
        priority: given.priority || ties.length + 1,
      });
      await this.audit.record(actor, {
        action: 'students.add-guardian',
        entity: 'student',
        entityId: studentId,
        label: given.fullName,
        after: { guardianId, ...tieOf(given) },
      });
      await this.refreshTerms(studentId);
      return guardianId;
    });
  }

  changeTie(actor: Actor, studentId: string, guardianId: string, details: TieDetails): Promise<void> {
    demand(actor, 'students.change-guardians');
    return this.unit(async () => {
      const known = (await this.guardians.tiesOfStudent(studentId)).find((one) => one.id === guardianId);
      if (!known) throw new Missing('guardian');
      const after = { ...known.tie, ...bar({ ...known.tie, ...details }) };
      await this.guardians.updateTie(after);
      await this.audit.record(actor, {
        action: 'students.change-guardian',
        entity: 'student',
        entityId: studentId,
        label: known.fullName,
        before: tieOf(known.tie),
        after: tieOf(after),
        reason: details.barredReason,
      });
    });
  }

  detach(actor: Actor, studentId: string, guardianId: string): Promise<void> {
    demand(actor, 'students.change-guardians');
    return this.unit(async () => {
      const known = (await this.guardians.tiesOfStudent(studentId)).find((one) => one.id === guardianId);
      if (!known) throw new Missing('guardian');
      await this.guardians.removeTie(known.tie.id);
      await this.audit.record(actor, {
        action: 'students.remove-guardian',
        entity: 'student',
        entityId: studentId,
        label: known.fullName,
        before: { guardianId, ...tieOf(known.tie) },
      });
      await this.refreshTerms(studentId);
    });
  }

  change(actor: Actor, id: string, version: number, details: GuardianDetails): Promise<void> {
    demand(actor, 'students.change-guardians');
    return this.unit(async () => {
      const before = await this.guardians.find(id);
      if (!before) throw new Missing('guardian');
      const after: Guardian = { ...before, ...details, version };
      if (!(await this.guardians.update(after))) {
        throw new Stale();
      }
      await this.audit.record(actor, {
        action: 'students.change-guardian',
        entity: 'guardian',
        entityId: id,
        label: after.fullName,
        before,
        after,
      });
      for (const { studentId } of await this.guardians.studentsOf(id)) await this.refreshTerms(studentId);
    });
  }

  /** Everybody who has this phone, offered before a person is typed twice. */
  knownWith(phone: string): Promise<GuardianOnPhone[]> {
    return this.guardians.byPhone(phone);
  }

  /** Other people who have the phone of one of this child's guardians, for a word of warning. */
  sharedPhones(studentId: string): Promise<SharedPhone[]> {
    return this.guardians.sharedPhones(studentId);
  }

  private async known(given: GuardianDetails & Pick<TieDetails, 'relationship'>): Promise<string | null> {
    if (!given.phone) return null;
    const onPhone = await this.guardians.byPhone(given.phone);
    const known =
      onPhone.find((one) => sameName(one.fullName, given.fullName)) ?? onPhone.find((one) => isSamePerson(one, given));
    return known?.id ?? null;
  }

  private async make(given: GuardianDetails): Promise<string> {
    const id = newId();
    const { fullName, phone, otherPhone, email, nationalId, occupation, address, language } = given;
    await this.guardians.insert({
      id,
      fullName,
      phone,
      otherPhone,
      email,
      nationalId,
      occupation,
      address,
      language,
      version: 1,
    });
    return id;
  }

  private async refreshTerms(studentId: string): Promise<void> {
    const student = await this.students.find(studentId);
    if (student) await this.students.setTerms(student, searchTerms(student, await this.guardians.tiesOfStudent(studentId)));
  }
}

function tieOf(given: TieDetails): TieDetails {
  const { relationship, priority, livesWith, paysFees, getsSms, getsReports, mayCollect, barred, barredReason } = given;
  return { relationship, priority, livesWith, paysFees, getsSms, getsReports, mayCollect, barred, barredReason };
}
