import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { SchoolApi } from '../../../school/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import type { CustomFields } from '../../custom-fields/custom-fields.js';
import type { StudentScope } from '../../register/scope.js';
import { seenFile, sightOf } from '../../register/sight.js';
import { fullRows, mostGuardians } from './full-rows.js';
import { columnSources } from '../../importing/adapters/reference.js';
import { fullColumns, seenColumns } from '../../importing/adapters/columns.js';

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
    columns: async (req) => {
      const sources = await columnSources(
        pages.school,
        pages.subjects,
        await pages.customFields.seenBy(req.actor),
        await mostGuardians(await pages.scope.of(req.actor)),
      );
      return seenColumns(fullColumns(sources), sightOf(req.actor));
    },
    rows: async function* (req) {
      const sight = sightOf(req.actor);
      for await (const row of fullRows(await pages.scope.of(req.actor), pages.school, pages.subjects)) yield seenFile(row, sight);
    },
  });
}
