import { everyRow, wholeSheet, type WholeExportPart } from '../../../platform/whole-export.js';
import type { SchoolApi } from '../../school/index.js';
import type { Journals } from '../ledger/journals.js';
import { journalColumns } from '../statements/adapters/statements.sheet.js';

const ALL = { from: null, to: null, source: null, text: null };

export function journalSheet(journals: Journals, school: SchoolApi): WholeExportPart {
  return wholeSheet('journal', async (actor) => ({
    columns: journalColumns,
    rows: everyRow((cursor) => journals.journal(actor, ALL, cursor, 1000)),
    meta: { currency: (await school.profile()).currency },
  }));
}
