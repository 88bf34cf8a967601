import { newId } from '../../../../kernel/id.js';
import { query } from '../../../../platform/db/index.js';
import type { Row } from '../../../../platform/db/rows.js';
import { searchTerms } from '../../domain/student.js';
import { deleteRows, insertRows } from './bulk.js';
import { loadKnown } from './snapshot.js';

/** Makes the search words of these children fit their names and guardians; returns what has changed. */
export async function refreshTerms(studentIds: readonly string[]): Promise<{ removed: Row[]; added: string[] }> {
  const known = await loadKnown(studentIds);
  const rows = await query<{ row: Row & { id: string; student_id: string; term: string } }>(
    'students.import.terms-of',
    'select to_jsonb(t) as row from students_terms t where t.student_id = any($1::uuid[])',
    [studentIds],
  );
  const wanted = new Map([...known].map(([id, one]) => [id, new Set(searchTerms(one.student, one.guardians))]));
  const removed = rows.map(({ row }) => row).filter((row) => !wanted.get(row.student_id)?.delete(row.term));
  const added = [...wanted].flatMap(([student_id, terms]) => [...terms].map((term) => ({ id: newId(), student_id, term })));
  await deleteRows('students_terms', 'id', removed.map((row) => row.id));
  await insertRows('students_terms', added);
  return { removed, added: added.map((row) => row.id) };
}

/** Children that these guardians are tied to. */
export async function childrenOf(guardianIds: readonly string[]): Promise<string[]> {
  if (guardianIds.length === 0) return [];
  const rows = await query<{ id: string }>('students.import.children-of', 'select distinct student_id as id from students_guardianships where guardian_id = any($1::uuid[])', [guardianIds]);
  return rows.map((row) => row.id);
}
