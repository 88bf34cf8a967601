import { query } from '../../../../platform/db/index.js';
import type { Row } from '../../../../platform/db/rows/rows.js';
import type { RestoredOf, WrittenLine } from '../../../imports/index.js';
import type { IdentityApi } from '../../../identity/index.js';
import type { StudentTies } from '../../ports.js';
import { deleteRows, insertRows, updateRows } from './bulk.js';
import { fingerprints, OWN_TABLES, type Snapshot } from './snapshot.js';
import type { Trace } from './write-new.js';

const traceOf = (line: WrittenLine): Trace => (line.trace ?? {}) as Trace;
const created = (lines: readonly WrittenLine[]): string[] =>
  lines.filter((line) => line.action === 'create').map((line) => line.entityId);

interface Named {
  name: string;
}

/** Puts back what a batch of rows has done; the last batch of the import comes first. */
export async function undoLines(lines: readonly WrittenLine[]): Promise<void> {
  const changed = lines.filter((line) => line.action === 'update');
  await restoreStudents(changed);
  await deleteRows('students', 'id', created(lines));
  await deleteRows('students_terms', 'student_id', created(lines));
  await deleteRows(
    'students_guardians',
    'id',
    lines.flatMap((line) => traceOf(line).made ?? []),
  );
  await updateRows(
    'students_guardians',
    lines.flatMap((line) => traceOf(line).changed ?? []),
  );
  const terms = lines.flatMap((line) => traceOf(line).terms ?? []);
  await deleteRows(
    'students_terms',
    'id',
    terms.flatMap((one) => one.added),
  );
  await insertRows(
    'students_terms',
    terms.flatMap((one) => one.removed),
  );
}

async function restoreStudents(lines: readonly WrittenLine[]): Promise<void> {
  if (lines.length === 0) return;
  const snapshots = lines.map((line) => line.before as Omit<Snapshot, 'students_terms'>);
  const ids = lines.map((line) => line.entityId);
  await updateRows(
    'students',
    snapshots.map((one) => one.student),
  );
  for (const table of OWN_TABLES) {
    await deleteRows(table, 'student_id', ids);
    await insertRows(
      table,
      snapshots.flatMap((one): Row[] => one[table]),
    );
  }
}

/** In which transaction an import was written, and when its rows are as it left them again. */
interface Since {
  writtenIn: string;
  restored: RestoredOf;
}

/** Why these rows can't be put back: somebody has worked on what they made or changed. */
export async function obstaclesOf(
  lines: readonly WrittenLine[],
  since: Since,
  ties: readonly StudentTies[],
  identity: IdentityApi,
): Promise<string[]> {
  const ids = created(lines);
  const made = lines.flatMap((line) => traceOf(line).made ?? []);
  const touched = [...made, ...lines.flatMap((line) => (traceOf(line).changed ?? []).map((row) => row.id as string))];
  return [
    ...(await changedSince(ids, since)),
    ...(await changedUpdates(lines)),
    ...(await changedGuardians(touched, made, ids, since)),
    ...(await tied(ids, ties)),
    ...(await withAccounts(ids, made, identity)),
  ];
}

/** That the row of `table` was written by the import, or put back to what it had written; `owner` is the record that it belongs to. */
const own = (table: string, owner: string): string =>
  `(${table}.xmin::text = $2 or exists (select 1 from unnest($3::uuid[], $4::text[]) as a(id, xid) where a.id = ${owner} and a.xid = ${table}.xmin::text))`;

/** A row that another transaction has written since carries its number. */
async function changedSince(ids: readonly string[], { writtenIn, restored }: Since): Promise<string[]> {
  if (ids.length === 0) return [];
  const changed = await changedStudents(ids, writtenIn, []);
  if (changed.length === 0) return [];
  const back = await restored(changed.map((row) => row.id));
  const rows =
    back.length === 0
      ? changed
      : await changedStudents(
          changed.map((row) => row.id),
          writtenIn,
          back,
        );
  return rows.slice(0, NAMED).map(({ name }) => `${name}, has been changed since.`);
}

const NAMED = 5;

function changedStudents(
  ids: readonly string[],
  writtenIn: string,
  back: readonly { id: string; xid: string }[],
): Promise<(Named & { id: string })[]> {
  const parts = [...OWN_TABLES, 'students_documents'].map(
    (table) =>
      `exists (select 1 from ${table} o where o.school_id = s.school_id and o.student_id = s.id and not ${own('o', 's.id')})`,
  );
  return query(
    'students.import.changed-since',
    `select s.id, s.admission_no || ', ' || s.surname || ' ' || s.first_name as name from students s
      where s.id = any($1::uuid[]) and (not ${own('s', 's.id')} or ${parts.join(' or ')}) order by s.sort_name`,
    [ids, writtenIn, back.map((one) => one.id), back.map((one) => one.xid)],
  );
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

async function changedGuardians(
  ids: readonly string[],
  made: readonly string[],
  children: readonly string[],
  { writtenIn, restored }: Since,
): Promise<string[]> {
  if (ids.length === 0) return [];
  const some = await guardiansChanged(ids, made, writtenIn, []);
  const back = some.length === 0 ? [] : await restored([...some.map((row) => row.id), ...children]);
  const rows =
    back.length === 0
      ? some
      : await guardiansChanged(
          some.map((row) => row.id),
          made,
          writtenIn,
          back,
        );
  return rows
    .slice(0, NAMED)
    .map(({ name, changed }) =>
      changed ? `${name} has been changed since.` : `${name} is now also a guardian of another student.`,
    );
}

function guardiansChanged(
  ids: readonly string[],
  made: readonly string[],
  writtenIn: string,
  back: readonly { id: string; xid: string }[],
): Promise<(Named & { id: string; changed: boolean })[]> {
  return query(
    'students.import.changed-guardians',
    `select g.id, g.full_name as name, not ${own('g', 'g.id')} as changed from students_guardians g
      where g.id = any($1::uuid[]) and (not ${own('g', 'g.id')} or (g.id = any($5::uuid[]) and exists (
        select 1 from students_guardianships t where t.school_id = g.school_id and t.guardian_id = g.id and not ${own('t', 't.student_id')})))`,
    [ids, writtenIn, back.map((one) => one.id), back.map((one) => one.xid), made],
  );
}

/** Of many children by one statement for each module; only those who have something are asked what it is. */
async function tied(ids: readonly string[], ties: readonly StudentTies[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const reasons: string[] = [];
  for (const tie of ties) {
    for (const id of (await tie.withRecords(ids)).slice(0, NAMED))
      reasons.push(...(await tie.obstaclesToRemoval(id)).map((obstacle) => `A student has ${obstacle}.`));
  }
  return reasons;
}

async function withAccounts(students: readonly string[], guardians: readonly string[], identity: IdentityApi): Promise<string[]> {
  const accounts = [
    ...(students.length > 0 ? await identity.accountsOf('student', students) : []),
    ...(guardians.length > 0 ? await identity.accountsOf('guardian', guardians) : []),
  ];
  return accounts.length > 0 ? [`${accounts.length} of these people have been given accounts since.`] : [];
}
