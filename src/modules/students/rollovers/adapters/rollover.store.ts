import { newId } from '../../../../kernel/id.js';
import { REGISTER } from '../../../../kernel/kept.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { changed, query } from '../../../../platform/db/index.js';
import { naming, namingPage } from '../../../../platform/people-shown.js';
import type { SubjectChange } from '../../../subjects/index.js';
import type { ByHand, Decision, Rollover, RolloverRow } from '../rollover.rules.js';
import { typedTerms } from '../../search/search.rules.js';
import type { PlaceToCome } from '../../index.js';
import type {
  LearnerToMove,
  NamedStudent,
  NewRollover,
  RolloverCount,
  RolloverFilter,
  RolloverLine,
  RolloverStore,
} from '../../ports.js';
import { shapeOf, withTerm } from '../../search/adapters/student-search.sql.js';
import { COMMIT, DRIFT, LOCK, MOVED_SINCE, SELECT_ROLLOVER, SELECT_ROW, UNDO } from './rollover.sql.js';

export class PostgresRolloverStore implements RolloverStore {
  list(): Promise<Rollover[]> {
    return query<Rollover>('students.rollovers.list', `${SELECT_ROLLOVER} order by r.created_at desc`);
  }

  async find(id: string): Promise<Rollover | null> {
    return (await query<Rollover>('students.rollovers.find', `${SELECT_ROLLOVER} where r.id = $1`, [id]))[0] ?? null;
  }

  async findForChange(id: string): Promise<Rollover | null> {
    return (await query<Rollover>('students.rollovers.lock', `${SELECT_ROLLOVER} where r.id = $1 for update`, [id]))[0] ?? null;
  }

  async standingInto(yearId: string): Promise<Rollover | null> {
    return (
      (
        await query<Rollover>('students.rollovers.into', `${SELECT_ROLLOVER} where r.to_year_id = $1 and r.status <> 'undone'`, [
          yearId,
        ])
      )[0] ?? null
    );
  }

  async insert(rollover: NewRollover): Promise<void> {
    await query(
      'students.rollovers.insert',
      `insert into students_rollovers (id, from_year_id, to_year_id, status, closes_on, opens_on, pass, margin, plan, by_user_id, by_name)
        values ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, $10)`,
      [
        rollover.id,
        rollover.fromYearId,
        rollover.toYearId,
        rollover.closesOn,
        rollover.opensOn,
        rollover.pass,
        rollover.margin,
        JSON.stringify(rollover.plan),
        rollover.byUserId,
        rollover.byName,
      ],
    );
  }

  async setRule(id: string, rule: Pick<Rollover, 'plan' | 'pass' | 'margin'>): Promise<void> {
    await query('students.rollovers.rule', 'update students_rollovers set plan = $2, pass = $3, margin = $4 where id = $1', [
      id,
      JSON.stringify(rule.plan),
      rule.pass,
      rule.margin,
    ]);
  }

  async keepSubjects(id: string, changes: readonly SubjectChange[]): Promise<void> {
    await query('students.rollovers.subjects', 'update students_rollovers set subject_changes = $2 where id = $1', [
      id,
      JSON.stringify(changes),
    ]);
  }

  async keptSubjects(id: string): Promise<SubjectChange[]> {
    const [row] = await query<{ kept: SubjectChange[] }>(
      'students.rollovers.kept-subjects',
      'select subject_changes as kept from students_rollovers where id = $1',
      [id],
    );
    return row?.kept ?? [];
  }

  async remove(id: string): Promise<void> {
    await query('students.rollovers.remove', "delete from students_rollovers where id = $1 and status = 'draft'", [id]);
  }

  async yearOfMost(): Promise<string | null> {
    const rows = await query<{ yearId: string }>(
      'students.rollovers.year-of-most',
      `select e.year_id as "yearId"
        from students s join students_enrolments e on e.school_id = s.school_id and e.student_id = s.id and e.left_on is null
        where s.put_aside_at is null and s.status in ('active', 'suspended') group by e.year_id order by count(*) desc limit 1`,
    );
    return rows[0]?.yearId ?? null;
  }

  toMove(toYearId: string): Promise<LearnerToMove[]> {
    return query<LearnerToMove>(
      'students.rollovers.to-move',
      `select s.id as "studentId", e.id as "enrolmentId", e.class_id as "classId", e.stream_id as "streamId"
        from students s join students_enrolments e on e.school_id = s.school_id and e.student_id = s.id and e.left_on is null
        where s.put_aside_at is null and s.status in ('active', 'suspended') and e.year_id <> $1`,
      [toYearId],
    );
  }

  async unplaced(): Promise<NamedStudent[]> {
    const rows = await query<NamedStudent>(
      'students.rollovers.unplaced',
      `select s.id, s.surname, s.first_name as "firstName", s.admission_no as "admissionNo" from students s
        where s.put_aside_at is null and s.status in ('active', 'suspended')
          and not exists (select 1 from students_enrolments e where e.school_id = s.school_id and e.student_id = s.id and e.left_on is null)
        order by s.sort_name, s.id limit 200`,
    );
    return naming(rows, (row) => row.id);
  }

  intake(): Promise<{ classId: string | null; streamId: string | null; count: number }[]> {
    return query(
      'students.rollovers.intake',
      `select class_id as "classId", stream_id as "streamId", count(*)::int as count from students
        where put_aside_at is null and status = 'expected' group by class_id, stream_id`,
    );
  }

  async byHand(rolloverId: string): Promise<ReadonlyMap<string, ByHand>> {
    const rows = await query<ByHand & { studentId: string }>(
      'students.rollovers.by-hand',
      `select student_id as "studentId", decision, chosen_stream_id as "chosenStreamId", reason, by_name as "byName"
        from students_rollover_rows where rollover_id = $1 and by_hand and decision <> 'review'`,
      [rolloverId],
    );
    return new Map(rows.map(({ studentId, ...byHand }) => [studentId, byHand]));
  }

  async replaceRows(rolloverId: string, rows: readonly RolloverRow[]): Promise<void> {
    await query('students.rollovers.clear-rows', 'delete from students_rollover_rows where rollover_id = $1', [rolloverId]);
    await query(
      'students.rollovers.write-rows',
      `insert into students_rollover_rows (id, new_enrolment_id, rollover_id, student_id, from_enrolment_id, from_class_id, from_stream_id, to_class_id,
          to_stream_id, decision, result, pass, margin, by_hand, chosen_stream_id, reason, by_name)
        select x.id, x.new_id, $1, x.student_id, x.enrolment_id, x.from_class, x.from_stream, x.to_class, x.to_stream, x.decision, x.result, x.pass, x.margin,
          x.by_hand, x.chosen, x.reason, x.by_name
        from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[], $10::text[], $11::numeric[], $12::numeric[],
          $13::numeric[], $14::boolean[], $15::uuid[], $16::text[], $17::text[])
          as x(id, new_id, student_id, enrolment_id, from_class, from_stream, to_class, to_stream, decision, result, pass, margin, by_hand, chosen, reason, by_name)`,
      [
        rolloverId,
        rows.map(() => newId()),
        rows.map(() => newId()),
        rows.map((row) => row.studentId),
        rows.map((row) => row.fromEnrolmentId),
        rows.map((row) => row.fromClassId),
        rows.map((row) => row.fromStreamId),
        rows.map((row) => row.toClassId),
        rows.map((row) => row.toStreamId),
        rows.map((row) => row.decision),
        rows.map((row) => row.result),
        rows.map((row) => row.pass),
        rows.map((row) => row.margin),
        rows.map((row) => row.byHand),
        rows.map((row) => row.chosenStreamId),
        rows.map((row) => row.reason),
        rows.map((row) => row.byName),
      ],
    );
  }

  async row(rolloverId: string, studentId: string): Promise<RolloverLine | null> {
    return (
      (
        await query<RolloverLine>('students.rollovers.row', `${SELECT_ROW} where w.rollover_id = $1 and w.student_id = $2`, [
          rolloverId,
          studentId,
        ])
      )[0] ?? null
    );
  }

  async rows(rolloverId: string, filter: RolloverFilter, cursor: string | null, limit: number): Promise<Page<RolloverLine>> {
    const [typed] = filter.text ? typedTerms(filter.text) : [];
    const after = cursor === null ? ['', '00000000-0000-0000-0000-000000000000'] : decodeCursor(cursor, 2);
    const values: unknown[] = [rolloverId, ...after, filter.streamId, filter.decision, filter.exceptions, limit + 1];
    const named = typed ? `and s.id in (${withTerm(typed, (value) => `$${values.push(value)}`)})` : '';
    const rows = await query<RolloverLine>(
      `students.rollovers.rows.${typed ? shapeOf(typed) : 'all'}`,
      `${SELECT_ROW} where w.rollover_id = $1 and (s.sort_name, s.id) > ($2, $3::uuid)
          and ($4::uuid is null or w.from_stream_id = $4) and ($5::text is null or w.decision = $5)
          and (not $6 or w.by_hand or w.decision in ('review', 'repeating')) ${named}
        order by s.sort_name, s.id limit $7`,
      values,
    );
    return namingPage(
      toPage(rows, limit, (row) => [row.sortName, row.studentId]),
      (row) => row.studentId,
    );
  }

  counts(rolloverId: string): Promise<RolloverCount[]> {
    const of = (decision: Decision): string => `count(*) filter (where decision = '${decision}')::int as ${decision}`;
    return query<RolloverCount>(
      'students.rollovers.counts',
      `select from_class_id as "classId", from_stream_id as "streamId", count(*)::int as total, ${of('promoted')}, ${of('repeating')}, ${of('leaving')},
          ${of('review')}, count(*) filter (where by_hand)::int as "byHand"
        from students_rollover_rows where rollover_id = $1 group by from_class_id, from_stream_id`,
      [rolloverId],
    );
  }

  async plans(rolloverId: string): Promise<number> {
    const [row] = await query<{ count: number }>(
      'students.rollovers.plans',
      `select count(*)::int as count from students_planned_moves m join students_rollover_rows w on w.school_id = m.school_id and w.student_id = m.student_id
        where w.rollover_id = $1 and m.state = 'planned'`,
      [rolloverId],
    );
    return row!.count;
  }

  placesToCome(rolloverId: string): Promise<PlaceToCome[]> {
    return query<PlaceToCome>(
      'students.rollovers.places-to-come',
      'select student_id as "studentId", to_class_id as "classId", to_stream_id as "streamId" from students_rollover_rows where rollover_id = $1 and to_class_id is not null',
      [rolloverId],
    );
  }

  sizes(rolloverId: string): Promise<{ classId: string; streamId: string | null; count: number }[]> {
    return query(
      'students.rollovers.sizes',
      `select to_class_id as "classId", to_stream_id as "streamId", count(*)::int as count from students_rollover_rows
        where rollover_id = $1 and to_class_id is not null group by to_class_id, to_stream_id`,
      [rolloverId],
    );
  }

  async lockAndCountDrift(rollover: Rollover): Promise<number> {
    await query(LOCK.name, LOCK.text, [rollover.id]);
    return this.countDrift(rollover);
  }

  async countDrift(rollover: Rollover): Promise<number> {
    const [row] = await query<{ count: number }>(DRIFT.name, DRIFT.text, [rollover.id, rollover.toYearId]);
    return row!.count;
  }

  async commit(rollover: Rollover, by: { userId: string | null; name: string }): Promise<void> {
    const { id, toYearId, closesOn, opensOn } = rollover;
    await query(COMMIT.countBefore.name, COMMIT.countBefore.text, [id, toYearId]);
    await query(COMMIT.keepBefore.name, COMMIT.keepBefore.text, [id]);
    await query(COMMIT.closeLines.name, COMMIT.closeLines.text, [id, closesOn]);
    await query(COMMIT.openLines.name, COMMIT.openLines.text, [id, toYearId, opensOn]);
    await query(COMMIT.place.name, COMMIT.place.text, [id]);
    await query(COMMIT.givePlansUp.name, COMMIT.givePlansUp.text, [id]);
    const leavers = await query<{ id: string }>(COMMIT.leavers.name, COMMIT.leavers.text, [id]);
    await query(COMMIT.statusLines.name, COMMIT.statusLines.text, [
      id,
      leavers.map((one) => one.id),
      leavers.map(() => newId()),
      by.userId,
      by.name,
    ]);
    await query(COMMIT.done.name, COMMIT.done.text, [id, by.name, closesOn, opensOn]);
    await changed(REGISTER);
  }

  moved(
    rolloverId: string,
  ): Promise<{ studentId: string; decision: Decision; classId: string | null; streamId: string | null; on: string }[]> {
    return query(
      'students.rollovers.moved',
      `select w.student_id as "studentId", w.decision, w.to_class_id as "classId", w.to_stream_id as "streamId", coalesce(n.entered_on, o.left_on) as "on"
        from students_rollover_rows w
        join students_enrolments o on o.school_id = w.school_id and o.id = w.from_enrolment_id
        left join students_enrolments n on n.school_id = w.school_id and n.id = w.new_enrolment_id
        where w.rollover_id = $1`,
      [rolloverId],
    );
  }

  async movedSince(rolloverId: string): Promise<NamedStudent[]> {
    return naming(await query<NamedStudent>(MOVED_SINCE.name, MOVED_SINCE.text, [rolloverId]), (row) => row.id);
  }

  async undo(rollover: Rollover, by: { userId: string | null; name: string }, today: string): Promise<void> {
    const { id } = rollover;
    await query(LOCK.name, LOCK.text, [id]);
    const leavers = await query<{ id: string }>(COMMIT.leavers.name, COMMIT.leavers.text, [id]);
    await query(UNDO.dropLines.name, UNDO.dropLines.text, [id]);
    await query(UNDO.reopenLines.name, UNDO.reopenLines.text, [id]);
    await query(UNDO.statusLines.name, UNDO.statusLines.text, [
      id,
      leavers.map((one) => one.id),
      leavers.map(() => newId()),
      by.userId,
      by.name,
      today,
    ]);
    await query(UNDO.place.name, UNDO.place.text, [id]);
    await query(UNDO.planAgain.name, UNDO.planAgain.text, [id]);
    await query(UNDO.done.name, UNDO.done.text, [id, by.name]);
    await changed(REGISTER);
  }
}
