import { query } from '../../../../platform/db/index.js';
import type { SchoolApi } from '../../../school/index.js';
import { LIST_KINDS } from '../../../school/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import type { Scope } from '../../ports.js';
import { CONSENT_PURPOSES, consentGiven } from '../../guardians/consent.rules.js';
import { MOST_GUARDIANS, USUAL_GUARDIANS, type SheetStudent } from '../../importing/adapters/columns.js';
import { loadKnown, type Known } from '../../importing/adapters/snapshot.js';

const PAGE = 300;

/** Every child that the actor may see, with all that the full sheet holds, in register order; read a page at a time. */
export async function* fullRows(scope: Scope, school: SchoolApi, subjects: SubjectsApi): AsyncGenerator<SheetStudent> {
  const labels = await labelsOf(school, subjects);
  let after: [string, string] = ['', '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const page = await pageOf(scope, after);
    const known = await loadKnown(page.map((row) => row.id));
    for (const { id } of page) yield sheetStudent(known.get(id)!, labels);
    if (page.length < PAGE) return;
    const last = page.at(-1)!;
    after = [last.sortName, last.id];
  }
}

/** For how many guardians the sheet needs columns: as many as any child of it has. */
export async function mostGuardians(scope: Scope): Promise<number> {
  const ids = scope.kind === 'streams' ? scope.streamIds : scope.kind === 'children' ? scope.studentIds : [];
  const which =
    scope.kind === 'all' ? 'true' : scope.kind === 'streams' ? 's.stream_id = any($1::uuid[])' : 's.id = any($1::uuid[])';
  const [row] = await query<{ most: number }>(
    `students.export.guardians.${scope.kind}`,
    `select coalesce(max(n), 0)::int as most from (select count(*) as n from students_guardianships t
        join students s on s.school_id = t.school_id and s.id = t.student_id and s.put_aside_at is null and ${which} group by t.student_id) as each`,
    scope.kind === 'all' ? [] : [ids],
  );
  return Math.min(Math.max(row?.most ?? 0, USUAL_GUARDIANS), MOST_GUARDIANS);
}

interface Labels {
  streams: Map<string, string>;
  classes: Map<string, string>;
  items: Map<string, string>;
}

async function labelsOf(school: SchoolApi, subjects: SubjectsApi): Promise<Labels> {
  const { classes, streams } = await subjects.classList();
  const lists = await Promise.all(LIST_KINDS.map((kind) => school.lists(kind, { all: true })));
  return {
    streams: new Map(streams.map((stream) => [stream.id, stream.label])),
    classes: new Map(classes.map((one) => [one.id, one.name])),
    items: new Map(lists.flat().map((item) => [item.id, item.name])),
  };
}

function pageOf(scope: Scope, [name, id]: [string, string]): Promise<{ id: string; sortName: string }[]> {
  const which = scope.kind === 'all' ? 'true' : scope.kind === 'streams' ? 'stream_id = any($4::uuid[])' : 'id = any($4::uuid[])';
  const values: unknown[] = [name, id, PAGE];
  if (scope.kind === 'streams') values.push(scope.streamIds);
  if (scope.kind === 'children') values.push(scope.studentIds);
  return query(
    `students.export.page.${scope.kind}`,
    `select id, sort_name as "sortName" from students
      where put_aside_at is null and (sort_name, id) > ($1, $2::uuid) and ${which} order by sort_name, id limit $3`,
    values,
  );
}

function sheetStudent(known: Known, labels: Labels): SheetStudent {
  const { student } = known;
  return {
    student,
    place:
      (student.streamId && labels.streams.get(student.streamId)) ||
      (student.classId && labels.classes.get(student.classId)) ||
      null,
    placedSince: known.enrolment?.enteredOn ?? null,
    identifiers: known.identifiers,
    assignments: Object.fromEntries(
      known.assignments.map((one) => [
        one.kind,
        { name: one.itemId ? (labels.items.get(one.itemId) ?? null) : null, detail: one.detail },
      ]),
    ),
    consents: Object.fromEntries(
      CONSENT_PURPOSES.filter((purpose) => known.consents.some((one) => one.purpose === purpose)).map((purpose) => [
        purpose,
        consentGiven(known.consents, purpose),
      ]),
    ),
    guardians: known.guardians,
  };
}
