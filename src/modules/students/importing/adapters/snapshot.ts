import { query } from '../../../../platform/db/index.js';
import { camel, type Row } from '../../../../platform/db/rows/rows.js';
import type { Enrolment } from '../../enrolments/enrolment.rules.js';
import type { Guardian, Guardianship } from '../../guardians/guardian.rules.js';
import type { Student } from '../../register/student.rules.js';
import type { Assignment, Consent, GuardianOfStudent } from '../../ports.js';

/** The rows of one child as the tables hold them, so that they can be put back byte for byte. */
export interface Snapshot {
  student: Row;
  students_identifiers: Row[];
  students_guardianships: Row[];
  students_enrolments: Row[];
  students_status_changes: Row[];
  students_consents: Row[];
  students_assignments: Row[];
  students_terms: Row[];
}

/** What hangs on a child, in an order in which it can be put back. */
export const OWN_TABLES = [
  'students_identifiers',
  'students_guardianships',
  'students_enrolments',
  'students_status_changes',
  'students_consents',
  'students_assignments',
] as const;

/** A child as rules and columns want it. */
export interface Known {
  student: Student & { putAsideAt: string | null };
  identifiers: Record<string, string>;
  guardians: GuardianOfStudent[];
  /** The open line, if there is one. */
  enrolment: Enrolment | null;
  /** Newest first. */
  consents: Consent[];
  /** The open ones. */
  assignments: Assignment[];
  /** Transactions that had written any of it; read only when it is held. */
  writers: readonly string[];
  /** As they were, for the way back; without terms. */
  rows: Omit<Snapshot, 'students_terms'>;
}

const part = (table: string, order: string): string =>
  `(select coalesce(jsonb_agg(to_jsonb(o) order by ${order}), '[]') from ${table} o where o.school_id = s.school_id and o.student_id = s.id)`;

const PARTS = `jsonb_build_object('student', to_jsonb(s),
    'students_identifiers', ${part('students_identifiers', 'o.type')},
    'students_guardianships', ${part('students_guardianships', 'o.barred, o.priority, o.id')},
    'students_enrolments', ${part('students_enrolments', 'o.entered_on, o.id')},
    'students_status_changes', ${part('students_status_changes', 'o.created_at, o.id')},
    'students_consents', ${part('students_consents', 'o.created_at desc, o.id desc')},
    'students_assignments', ${part('students_assignments', 'o.from_on, o.id')})`;
const GUARDIANS = `(select coalesce(jsonb_agg(to_jsonb(g)), '[]') from students_guardianships t
    join students_guardians g on g.school_id = t.school_id and g.id = t.guardian_id where t.school_id = s.school_id and t.student_id = s.id)`;

const WRITERS = `(select jsonb_agg(distinct x) from (select s.xmin::text as x ${OWN_TABLES.map(
  (table) => `union all select o.xmin::text from ${table} o where o.school_id = s.school_id and o.student_id = s.id`,
).join(' ')}) as w)`;

interface KnownRow {
  id: string;
  writers: string[];
  rows: Known['rows'];
  guardians: Row[];
}

/** By id; `hold` locks them, so that what was read stays true until the transaction ends. */
export async function loadKnown(ids: readonly string[], hold = false): Promise<Map<string, Known>> {
  if (ids.length === 0) return new Map();
  const rows = await query<KnownRow>(
    hold ? 'students.import.known.held' : 'students.import.known',
    `select s.id, ${PARTS} as rows, ${GUARDIANS} as guardians, ${hold ? WRITERS : "'[]'::jsonb"} as writers from students s where s.id = any($1::uuid[])${hold ? ' order by s.id for update of s' : ''}`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, knownOf(row)]));
}

function knownOf({ rows, guardians, writers }: KnownRow): Known {
  const byId = new Map(guardians.map((row) => [row.id as string, camel<Guardian>(row)]));
  const open = rows.students_enrolments.find((row) => row.left_on === null);
  return {
    student: camel<Known['student']>(rows.student),
    identifiers: Object.fromEntries(rows.students_identifiers.map((row) => [row.type as string, row.value as string])),
    guardians: rows.students_guardianships.map((row) => ({
      ...byId.get(row.guardian_id as string)!,
      tie: camel<Guardianship>(row),
    })),
    enrolment: open ? camel<Enrolment>(open) : null,
    consents: rows.students_consents.map((row) => camel<Consent>(row)),
    assignments: rows.students_assignments.filter((row) => row.to_on === null).map((row) => camel<Assignment>(row)),
    writers,
    rows,
  };
}

/** One short text for all that hangs on a child: equal as long as nobody has touched any of it. */
export async function fingerprints(ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await query<{ id: string; print: string }>(
    'students.import.fingerprints',
    `select s.id, md5(${PARTS}::text) as print from students s where s.id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.print]));
}
