import type { Get } from '../../../../platform/module.js';
import { everyRow, wholeSheet, type WholeExportPart } from '../../../../platform/whole-export.js';
import { SCHOOL } from '../../../school/index.js';
import { SUBJECTS } from '../../../subjects/index.js';
import { CustomFields } from '../../custom-fields/custom-fields.js';
import { GUARDIAN_STORE } from '../../ports.js';
import { fullRows, mostGuardians } from './full-rows.js';
import { columnSources } from '../../importing/adapters/reference.js';
import { guardianColumns } from '../../guardians/adapters/guardians.sheet.js';
import { fullColumns } from '../../importing/adapters/columns.js';

const EVERYBODY = { kind: 'all' } as const;

/** The register as it imports again, and the guardians. */
export function studentSheets(get: Get): WholeExportPart[] {
  const [school, subjects] = [get(SCHOOL), get(SUBJECTS)];
  return [
    wholeSheet('students', async (actor) => ({
      columns: fullColumns(
        await columnSources(school, subjects, await get(CustomFields).seenBy(actor), await mostGuardians(EVERYBODY)),
      ),
      rows: fullRows(EVERYBODY, school, subjects),
    })),
    wholeSheet('guardians', () =>
      Promise.resolve({
        columns: guardianColumns,
        rows: everyRow((cursor) => get(GUARDIAN_STORE).list(null, EVERYBODY, cursor, 1000)),
      }),
    ),
  ];
}
