import type { Routes } from '../../../../platform/http/routes.js';
import type { SchoolApi } from '../../../school/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import type { CustomFields } from '../../application/custom-fields.js';
import type { StudentScope } from '../../application/scope.js';
import { fullRows, mostGuardians } from '../imports/export.js';
import { columnSources } from '../imports/reference.js';
import { fullColumns } from '../reports/import-columns.js';

export interface ExportPages {
  scope: StudentScope;
  school: SchoolApi;
  subjects: SubjectsApi;
  customFields: CustomFields;
}

/** The whole register with every column; it imports again as it is. */
export function exportRoutes(r: Routes, pages: ExportPages): void {
  r.sheet({
    path: '/students/export',
    can: 'students.export',
    proof: 'always',
    name: 'students-full',
    columns: async (req) => fullColumns(await columnSources(pages.school, pages.subjects, await pages.customFields.seenBy(req.actor), await mostGuardians(await pages.scope.of(req.actor)))),
    rows: async function* (req) {
      yield* fullRows(await pages.scope.of(req.actor), pages.school, pages.subjects);
    },
  });
}
