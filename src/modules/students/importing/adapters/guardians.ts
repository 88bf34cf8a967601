import type { ImportKind } from '../../../imports/index.js';
import { studentImport, type StudentImportDeps } from './kind.js';

/** Guardians with their phones for children who are in the register: the rows of students, with nothing but these columns. */
export function guardianImport(deps: StudentImportDeps): ImportKind {
  const students = studentImport(deps);
  return {
    ...students,
    key: 'guardians',
    label: 'Guardians',
    counted: ['1 student with guardians', '{{n}} students with guardians'],
    can: 'students.change-guardians',
    modes: ['update'],
    keyWords: 'admission number',
    shown: ['admission_no', 'guardian_1_name', 'guardian_1_phone', 'guardian_2_name', 'guardian_2_phone'],
    undoUntil: 'someone changes one of these students or guardians',
    quiet: 'No SMS are sent',
    columns: async () =>
      (await students.columns())
        .filter(({ key }) => key === 'admission_no' || key.startsWith('guardian_'))
        .map((column) => (column.key === 'admission_no' ? { ...column, required: true } : column)),
  };
}
