import type { AlertKind, AlertLevel } from '../alerts/alert.rules.js';
import type { Status } from '../enrolments/life-cycle.rules.js';
import type { FoundBy } from '../search/search.rules.js';
import type { Boarding, Sex } from './student.rules.js';

export interface StudentBrief {
  id: string;
  admissionNo: string;
  paymentNo: string;
  surname: string;
  firstName: string;
  middleName: string | null;
  sex: Sex;
  status: Status;
  classId: string | null;
  streamId: string | null;
  photoFileId: string | null;
}

/** A child as whoever keeps an account for it must know it: brothers and sisters are told apart by age, boarders pay more. */
export interface AccountHolder extends StudentBrief {
  bornOn: string | null;
  boarding: 'day' | 'boarder';
}

/** Somebody whom the register's search has found, and by what. */
export interface FoundStudent extends AccountHolder {
  foundBy: FoundBy | null;
}

export interface AlertBrief {
  kind: AlertKind;
  level: AlertLevel;
  reason: string;
}

export interface GuardianBrief {
  id: string;
  fullName: string;
  phone: string | null;
  email: string | null;
  /** In which they are written to; null where nobody has said. */
  language: string | null;
  barred: boolean;
  paysFees: boolean;
  getsSms: boolean;
}

/** By what else a guardian may be known in the school; `nationalId` and the rest are for comparing, not for showing. */
export interface GuardianMarks {
  fullName: string;
  phones: (string | null)[];
  email: string | null;
  nationalId: string | null;
}

/** A child who has a place in a class, or will have. */
export interface LearnerOnRoll extends Omit<StudentBrief, 'photoFileId' | 'sex'> {
  boarding: Boarding;
  /** Days on which that changed, oldest first. */
  boardingChanges: readonly string[];
  bornOn: string | null;
  /** Since when the child is at this school, as far as the school knows. */
  since: string | null;
  /** The same for brothers and sisters: children who share a guardian, directly or through one of them. */
  familyId: string;
}

/** Of whom a roll speaks: those with a place in this year on `day`, or from a later day until `until`. */
export interface RollDay {
  yearId: string;
  day: string;
  until: string;
}

/** A child and the class it is to have. */
export interface PlaceToCome {
  studentId: string;
  classId: string;
  streamId: string | null;
}
