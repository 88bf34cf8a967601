import type { Actor } from '../../../kernel/actor.js';
import { Sight } from './sensitive.rules.js';
import { seesMedicalAlert } from './health.rules.js';
import type { PrintStudent, StudentOnFile, StudentProfile, StudentRow } from '../ports.js';

export const sightOf = (actor: Actor): Sight => new Sight(actor);

/** A child's whole file as this person may see it. Brothers and sisters are who the guardians tie together. */
export function seenProfile(profile: StudentProfile, sight: Sight): StudentProfile {
  return {
    ...profile,
    student: { ...sight.student(profile.student), ...(profile.photoRefused && { photoFileId: null }) },
    identifiers: sight.sees('identity') ? profile.identifiers : [],
    guardians: sight.guardians(profile.guardians),
    siblings: sight.sees('contacts') ? profile.siblings : [],
    openAlerts: profile.openAlerts.filter((one) => one.kind !== 'medical' || seesMedicalAlert(one, sight.health)),
  };
}

export function seenRow<Row extends StudentRow>(row: Row, sight: Sight): Row {
  return { ...sight.student(row), ...(!sight.sees('contacts') && { guardianName: null, guardianPhone: null }) };
}

export function seenFile<File extends StudentOnFile>(file: File, sight: Sight): File {
  return {
    ...file,
    student: sight.student(file.student),
    identifiers: sight.sees('identity') ? file.identifiers : {},
    guardians: sight.guardians(file.guardians),
  };
}

/** Without the right to contacts nobody is named; `guardians` is empty then, which a print must not take for "has none". */
export function seenPrint(student: PrintStudent, sight: Sight): PrintStudent {
  return { ...sight.student(student), guardians: sight.guardians(student.guardians) };
}
