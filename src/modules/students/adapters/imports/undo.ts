import { query } from '../../../../platform/db/index.js';
import type { Row } from '../../../../platform/db/rows.js';
import type { WrittenLine } from '../../../imports/index.js';
import type { IdentityApi } from '../../../identity/index.js';
import type { StudentTies } from '../../ports.js';
import { deleteRows, insertRows, updateRows } from './bulk.js';
import { fingerprints, OWN_TABLES, type Snapshot } from './snapshot.js';
import type { Trace } from './write-new.js';

const traceOf = (line: WrittenLine): Trace => (line.trace ?? {}) as Trace;
const created = (lines: readonly WrittenLine[]): string[] => lines.filter((line) => line.action === 'create').map((line) => line.entityId);

interface Named {
  name: string;
}

/** Puts back what a batch of rows has done; the last batch of the import comes first. */
export async function undoLines(lines: readonly WrittenLine[]): Promise<void> {
  const changed = lines.filter((line) => line.action === 'update');
  await restoreStudents(changed);
  await deleteRows('students', 'id', created(lines));
  await deleteRows('students_terms', 'student_id', created(lines));
  await deleteRows('students_guardians', 'id', lines.flatMap((line) => traceOf(line).made ?? []));
  await updateRows('students_guardians', lines.flatMap((line) => traceOf(line).changed ?? []));
  const terms = lines.flatMap((line) => traceOf(line).terms ?? []);
  await deleteRows('students_terms', 'id', terms.flatMap((one) => one.added));
  await insertRows('students_terms', terms.flatMap((one) => one.removed));
}

async function restoreStudents(lines: readonly WrittenLine[]): Promise<void> {
  if (lines.length === 0) return;
  const snapshots = lines.map((line) => line.before as Omit<Snapshot, 'students_terms'>);
  const ids = lines.map((line) => line.entityId);
  await updateRows('students', snapshots.map((one) => one.student));
  for (const table of OWN_TABLES) {
    await deleteRows(table, 'student_id', ids);
    await insertRows(table, snapshots.flatMap((one): Row[] => one[table]));
  }
}

/** Why these rows can't be put back: somebody has worked on what they made or changed. */
export async function obstaclesOf(lines: readonly WrittenLine[], writtenIn: string, ties: readonly StudentTies[], identity: IdentityApi): Promise<string[]> {
  const ids = created(lines);
  const made = lines.flatMap((line) => traceOf(line).made ?? []);
  const touched = [...made, ...lines.flatMap((line) => (traceOf(line).changed ?? []).map((row) => row.id as string))];
  return [
    ...(await changedSince(ids, writtenIn)),
    ...(await changedUpdates(lines)),
    ...(await changedGuardians(touched, made, writtenIn)),
    ...(await tied(ids, ties)),
    ...(await withAccounts(ids, made, identity)),
  ];
}

/** A row that another transaction has written since carries its number. */
async function changedSince(ids: readonly string[], writtenIn: string): Promise<string[]> {
  if (ids.length === 0) return [];
  const own = [...OWN_TABLES, 'students_documents'].map(
    (table) => `exists (select 1 from ${table} o where o.school_id = s.school_id and o.student_id = s.id and o.xmin::text <> $2)`,
  );
  const rows = await query<Named>(
    'students.import.changed-since',
    `select s.admission_no || ', ' || s.surname || ' ' || s.first_name as name from students s where s.id = any($1::uuid[]) and (s.xmin::text <> $2 or ${own.join(' or ')}) order by s.sort_name limit 5`,
    [ids, writtenIn],
  );
  return rows.map(({ name }) => `${name}, has been changed since.`);
}

async function changedUpdates(lines: readonly WrittenLine[]): Promise<string[]> {
  const changed = lines.filter((line) => line.action === 'update');
  if (changed.length === 0) return [];
  const now = await fingerprints(changed.map((line) => line.entityId));
  return changed
    .filter((line) => now.get(line.entityId) !== traceOf(line).print)
    .map((line) => {
      const { student } = line.before as Snapshot;
      return `${String(student.admission_no)}, ${String(student.surname)} ${String(student.first_name)}, has been changed since.`;
    });
}

async function changedGuardians(ids: readonly string[], made: readonly string[], writtenIn: string): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await query<Named & { changed: boolean }>(
    'students.import.changed-guardians',
    `select g.full_name as name, g.xmin::text <> $3 as changed from students_guardians g
      where g.id = any($1::uuid[]) and (g.xmin::text <> $3 or (g.id = any($2::uuid[]) and exists (
        select 1 from students_guardianships t where t.school_id = g.school_id and t.guardian_id = g.id and t.xmin::text <> $3))) limit 5`,
    [ids, made, writtenIn],
  );
  return rows.map(({ name, changed }) => (changed ? `${name} has been changed since.` : `${name} is a guardian of another student by now.`));
}

async function tied(ids: readonly string[], ties: readonly StudentTies[]): Promise<string[]> {
  const reasons: string[] = [];
  for (const id of ids) {
    for (const tie of ties) for (const obstacle of await tie.obstaclesToRemoval(id)) reasons.push(`A student has ${obstacle}.`);
    if (reasons.length >= 5) break;
  }
  return reasons;
}

async function withAccounts(students: readonly string[], guardians: readonly string[], identity: IdentityApi): Promise<string[]> {
  const accounts = [
    ...(students.length > 0 ? await identity.accountsOf('student', students) : []),
    ...(guardians.length > 0 ? await identity.accountsOf('guardian', guardians) : []),
  ];
  return accounts.length > 0 ? [`${accounts.length} of these people have accounts by now.`] : [];
}
