import type { AuditTrail } from '../../../../kernel/audit.js';
import type { Routes } from '../../../../platform/http/routes.js';
import type { SchoolApi } from '../../../school/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import type { StudentScope } from '../../application/scope.js';
import { fullRows } from '../imports/export.js';
import { columnSources } from '../imports/reference.js';
import { fullColumns } from '../reports/import-columns.js';

export interface ExportPages {
  scope: StudentScope;
  school: SchoolApi;
  subjects: SubjectsApi;
  trail: AuditTrail;
}

/** The whole register with every column; it imports again as it is. Who takes it away is written down. */
export function exportRoutes(r: Routes, pages: ExportPages): void {
  r.sheet({
    path: '/students/export',
    can: 'students.export',
    name: 'students-full',
    columns: async () => fullColumns(await columnSources(pages.school, pages.subjects)),
    rows: (req) => rowsFor(pages, req.actor),
  });
}

async function* rowsFor(pages: ExportPages, actor: Parameters<AuditTrail['record']>[0]) {
  await pages.trail.record(actor, { action: 'students.export.read', entity: 'school', entityId: null, label: 'All students, every column' });
  yield* fullRows(await pages.scope.of(actor), pages.school, pages.subjects);
}
