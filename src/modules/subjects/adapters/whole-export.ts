import { wholeSheet, type WholeExportPart } from '../../../platform/whole-export.js';
import { classLines } from '../classes/adapters/class-lines.js';
import type { SubjectPages } from './pages.js';
import { classColumns } from '../subjects/adapters/subjects.sheet.js';

export function classSheet(pages: SubjectPages): WholeExportPart {
  return wholeSheet('classes', async () => ({ columns: classColumns, rows: rowsOf(await classLines(pages, 'all')) }));
}

async function* rowsOf<Row>(rows: readonly Row[]): AsyncGenerator<Row> {
  yield* rows;
}
