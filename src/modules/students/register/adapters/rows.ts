import { camel, type Row } from '../../../../platform/db/rows/rows.js';
import type { Enrolment } from '../../enrolments/enrolment.rules.js';
import type { Guardian, Guardianship } from '../../guardians/guardian.rules.js';
import type { Student } from '../student.rules.js';
import type {
  Assignment,
  Consent,
  GuardianOfStudent,
  OpenAlert,
  PlannedMove,
  Sibling,
  StatusChange,
  StudentProfile,
} from '../../ports.js';

export interface ProfileRow {
  student: Row;
  identifiers: { type: string; value: string }[];
  guardians: { guardian: Row; tie: Row }[];
  enrolments: Row[];
  status_changes: Row[];
  consents: Row[];
  assignments: Row[];
  siblings: Sibling[];
  planned_move: PlannedMove | null;
  open_alerts: OpenAlert[];
}

export function profileOf(row: ProfileRow): StudentProfile {
  const student = camel<Student & { putAsideAt: string | null; mergedIntoId: string | null }>(row.student);
  const consents = row.consents.map((consent) => camel<Consent>(consent));
  const photoRefused = consents.find((one) => one.purpose === 'photo-in-school')?.given === false;
  return {
    student,
    photoRefused,
    identifiers: row.identifiers,
    guardians: row.guardians.map(({ guardian, tie }): GuardianOfStudent => ({
      ...camel<Guardian>(guardian),
      tie: camel<Guardianship>(tie),
    })),
    enrolments: row.enrolments.map((line) => camel<Enrolment>(line)),
    statusChanges: row.status_changes.map((change) => {
      const read = camel<StatusChange & { createdAt: string | Date }>(change);
      return { ...read, createdAt: new Date(read.createdAt) };
    }),
    consents,
    assignments: row.assignments.map((assignment) => camel<Assignment>(assignment)),
    siblings: row.siblings,
    plannedMove: row.planned_move,
    openAlerts: row.open_alerts,
    putAsideAt: student.putAsideAt ? new Date(student.putAsideAt) : null,
    mergedIntoId: student.mergedIntoId,
  };
}
