import { newId } from '../../../../kernel/id.js';
import type { Unit } from '../../../../kernel/unit-of-work.js';
import { query } from '../../../../platform/db/index.js';
import type { Row } from '../../../../platform/db/rows/rows.js';
import { searchTerms } from '../search.rules.js';
import { sortName } from '../../register/student.rules.js';
import type { StudentStore } from '../../ports.js';
import { storedTerm } from './student-search.sql.js';
import { deleteRows, insertRows } from '../../importing/adapters/bulk.js';
import { loadKnown, type Known } from '../../importing/adapters/snapshot.js';

type Word = { sort_name: string; term: string };
type TermRow = Row & Word & { id: string; student_id: string };

const wordsOf = ({ student, guardians }: Known): Word[] =>
  searchTerms(student, guardians).map((one) => ({ term: storedTerm(one), sort_name: sortName(student) }));
const keyOf = ({ sort_name, term }: Word): string => JSON.stringify([sort_name, term]);

/** Makes the search words of these children fit their names and guardians; returns what has changed. */
export async function refreshTerms(studentIds: readonly string[]): Promise<{ removed: Row[]; added: string[] }> {
  const known = await loadKnown(studentIds);
  const rows = await query<{ row: TermRow }>(
    'students.import.terms-of',
    'select to_jsonb(t) as row from students_terms t where t.student_id = any($1::uuid[])',
    [studentIds],
  );
  const wanted = new Map([...known].map(([id, one]) => [id, new Map(wordsOf(one).map((row) => [keyOf(row), row]))]));
  const removed = rows.map(({ row }) => row).filter((row) => !wanted.get(row.student_id)?.delete(keyOf(row)));
  const added = [...wanted].flatMap(([student_id, terms]) =>
    [...terms.values()].map((row) => ({ id: newId(), student_id, ...row })),
  );
  await deleteRows(
    'students_terms',
    'id',
    removed.map((row) => row.id),
  );
  await insertRows('students_terms', added);
  return { removed, added: added.map((row) => row.id) };
}

/** Words from before they had ranks are written anew, a few hundred children at a time. */
export async function rankTerms(store: Pick<StudentStore, 'withoutRanks'>, unit: Unit): Promise<void> {
  const more = await unit(async () => {
    await query('students.terms.lock', "select pg_advisory_xact_lock(hashtext('students.terms.rank'))");
    const ids = await store.withoutRanks(AT_ONCE);
    await refreshTerms(ids);
    return ids.length === AT_ONCE;
  });
  if (more) await rankTerms(store, unit);
}

const AT_ONCE = 500;

/** Children that these guardians are tied to. */
export async function childrenOf(guardianIds: readonly string[]): Promise<string[]> {
  if (guardianIds.length === 0) return [];
  const rows = await query<{ id: string }>(
    'students.import.children-of',
    'select distinct student_id as id from students_guardianships where guardian_id = any($1::uuid[])',
    [guardianIds],
  );
  return rows.map((row) => row.id);
}
