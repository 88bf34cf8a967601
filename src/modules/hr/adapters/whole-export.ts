import { everyRow, wholeSheet, type WholeExportPart } from '../../../platform/whole-export.js';
import type { SchoolApi } from '../../school/index.js';
import type { StaffStore } from '../ports.js';
import { staffColumns } from './reports/staff.sheet.js';

const EVERYBODY = { text: null, category: null, state: 'all' } as const;

export function staffSheet(store: StaffStore, school: SchoolApi): WholeExportPart {
  return wholeSheet('staff', async () => {
    const today = await school.today();
    return { columns: staffColumns({ all: true }), rows: everyRow((cursor) => store.list(EVERYBODY, today, cursor, 1000)) };
  });
}
