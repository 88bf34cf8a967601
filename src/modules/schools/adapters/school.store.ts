import { newId } from '../../../kernel/id.js';
import { fold } from '../../../kernel/people/names.js';
import { decodeCursor, toPage, type Page } from '../../../kernel/page.js';
import { query } from '../../../platform/db/index.js';
import type {
  Boot,
  BootReport,
  RegisteredSchool,
  SchoolEntry,
  SchoolFilter,
  SchoolOwner,
  SchoolState,
  Transition,
} from '../index.js';
import type { SchoolStore } from '../ports.js';

type Row = Omit<RegisteredSchool, 'owner'> & { ownerName: string | null; ownerEmail: string | null; ownerPhone: string | null };

const SCHOOL = `select s.id, s.subdomain, s.name, s.country, s.town, s.curriculum, s.pupils, s.language, s.state, s.state_at as "stateAt", s.closes_at as "closesAt",
    s.state_note as "stateNote", s.created_at as "createdAt", s.owner_name as "ownerName", s.owner_email as "ownerEmail", s.owner_phone as "ownerPhone",
    coalesce(d.running, false) as running, d.started_at as "startedAt", d.next_job_at as "nextJobAt"
  from schools s left join schools_deployments d on d.school_id = s.id`;

export class PgSchoolStore implements SchoolStore {
  async find(schoolId: string): Promise<RegisteredSchool | null> {
    return first(await query<Row>('schools.find', `${SCHOOL} where s.id = $1`, [schoolId]));
  }

  async findBySubdomain(subdomain: string): Promise<RegisteredSchool | null> {
    return first(await query<Row>('schools.find-by-subdomain', `${SCHOOL} where s.subdomain = $1`, [subdomain]));
  }

  async page(filter: SchoolFilter, cursor: string | null, limit: number): Promise<Page<RegisteredSchool>> {
    const [name, id] = cursor ? decodeCursor(cursor, 2) : [null, null];
    const rows = await query<Row & { folded: string }>(
      'schools.page',
      `${SCHOOL.replace('select s.id', 'select s.name_folded as folded, s.id')}
        where ($1::text is null or (s.name_folded, s.id) > ($1::text, $2::uuid))
          and (case when $3::text is null then s.state <> 'deleted' else s.state = $3 end)
          and ($4::text is null or s.country = $4)
          and ($5::text is null or s.name_folded like '%' || $5 || '%' or s.subdomain like '%' || $5 || '%')
        order by s.name_folded, s.id limit $6`,
      [name, id, filter.state ?? null, filter.country ?? null, filter.text ? likeText(filter.text) : null, limit + 1],
    );
    const page = toPage(rows, limit, (row) => [row.folded, row.id]);
    return { rows: page.rows.map(({ folded: _folded, ...row }) => schoolOf(row)), next: page.next };
  }

  async takenSkeletons(skeletons: readonly string[]): Promise<Set<string>> {
    const rows = await query<{ skeleton: string }>(
      'schools.taken',
      'select skeleton from schools where skeleton = any($1::text[])',
      [skeletons],
    );
    return new Set(rows.map((row) => row.skeleton));
  }

  async insert(school: SchoolEntry, skeleton: string, state: SchoolState): Promise<boolean> {
    const { owner } = school;
    const rows = await query(
      'schools.insert',
      `insert into schools (id, subdomain, skeleton, name, name_folded, country, town, curriculum, pupils, language, owner_name, owner_email, owner_phone, state)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing returning id`,
      [
        school.id,
        school.subdomain,
        skeleton,
        school.name,
        fold(school.name),
        school.country,
        school.town,
        school.curriculum ?? null,
        school.pupils ?? null,
        school.language ?? null,
        owner?.name ?? null,
        owner?.email ?? null,
        owner?.phone ?? null,
        state,
      ],
    );
    if (rows.length === 0) return false;
    await query('schools.insert-deployment', 'insert into schools_deployments (id, school_id) values ($1, $2)', [
      newId(),
      school.id,
    ]);
    return true;
  }

  async update(school: SchoolEntry): Promise<boolean> {
    const { owner } = school;
    const rows = await query(
      'schools.update',
      `update schools set name = $2, name_folded = $3, country = $4, town = $5, curriculum = coalesce($6, curriculum), pupils = coalesce($7, pupils),
          language = coalesce($8, language), owner_name = coalesce($9, owner_name), owner_email = coalesce($10, owner_email), owner_phone = coalesce($11, owner_phone)
        where id = $1 and state <> 'deleted' returning id`,
      [
        school.id,
        school.name,
        fold(school.name),
        school.country,
        school.town,
        school.curriculum ?? null,
        school.pupils ?? null,
        school.language ?? null,
        owner?.name ?? null,
        owner?.email ?? null,
        owner?.phone ?? null,
      ],
    );
    return rows.length === 1;
  }

  async lock(schoolId: string): Promise<{ state: SchoolState; subdomain: string } | null> {
    const [row] = await query<{ state: SchoolState; subdomain: string }>(
      'schools.lock',
      'select state, subdomain from schools where id = $1 for update',
      [schoolId],
    );
    return row ?? null;
  }

  async setState(schoolId: string, state: SchoolState, note: string | null, graceDays: number | null): Promise<void> {
    await query(
      'schools.set-state',
      `update schools set state = $2, state_note = $3, state_at = clock_timestamp(), closes_at = clock_timestamp() + $4::int * interval '1 day' where id = $1`,
      [schoolId, state, note, graceDays],
    );
  }

  async closingUntil(then: Date): Promise<RegisteredSchool[]> {
    return (
      await query<Row>('schools.closing-until', `${SCHOOL} where s.closes_at <= $1 order by s.closes_at, s.id`, [then])
    ).map(schoolOf);
  }

  async forget(schoolId: string): Promise<void> {
    await query(
      'schools.forget',
      `update schools set name = subdomain, name_folded = subdomain, town = null, owner_name = null, owner_email = null, owner_phone = null, state_note = null where id = $1`,
      [schoolId],
    );
    await query('schools.forget-deployment', 'delete from schools_deployments where school_id = $1', [schoolId]);
  }

  async addTransition(schoolId: string, transition: Omit<Transition, 'at'> & { at: Date | null }): Promise<void> {
    const { id, from, to, reason, actorId, actorName, at } = transition;
    await query(
      'schools.add-transition',
      `insert into schools_transitions (id, school_id, from_state, to_state, reason, actor_id, actor_name, at)
        values ($1, $2, $3, $4, $5, $6, $7, coalesce($8, clock_timestamp()))`,
      [id, schoolId, from, to, reason, actorId, actorName, at],
    );
  }

  transitionsOf(schoolId: string): Promise<Transition[]> {
    return query<Transition>(
      'schools.transitions',
      `select id, from_state as "from", to_state as "to", reason, actor_id as "actorId", actor_name as "actorName", at
        from schools_transitions where school_id = $1 order by at, id`,
      [schoolId],
    );
  }

  async noteRunning(schoolId: string, running: boolean, nextJobAt: Date | null): Promise<void> {
    await query(
      'schools.note-running',
      `update schools_deployments set running = $2, next_job_at = $3,
          started_at = case when $2 then now() else started_at end, stopped_at = case when $2 then stopped_at else now() end
        where school_id = $1`,
      [schoolId, running, nextJobAt],
    );
  }

  async noteBoot(schoolId: string, { boot, schemaHead, ready }: BootReport): Promise<boolean> {
    const rows = await query(
      'schools.note-boot',
      `update schools_deployments set boot = $2, schema_head = $3, filled_at = coalesce(filled_at, now()),
          ready_at = case when $4 then now() else ready_at end, deployment_ready = deployment_ready or $4
        where school_id = $1 and (boot is distinct from $2 or filled_at is null or ($4 and not deployment_ready)) returning id`,
      [schoolId, boot, schemaHead, ready],
    );
    return rows.length > 0;
  }

  async bootOf(schoolId: string): Promise<Boot | null> {
    const [row] = await query<Boot>(
      'schools.boot',
      'select filled_at as "filledAt", ready_at as "readyAt", deployment_ready as "deploymentReady" from schools_deployments where school_id = $1',
      [schoolId],
    );
    return row ?? null;
  }
}

function first(rows: Row[]): RegisteredSchool | null {
  return rows[0] ? schoolOf(rows[0]) : null;
}

function schoolOf({ ownerName, ownerEmail, ownerPhone, ...school }: Row): RegisteredSchool {
  const owner: SchoolOwner | null = ownerEmail ? { name: ownerName ?? '', email: ownerEmail, phone: ownerPhone } : null;
  return { ...school, owner };
}

function likeText(text: string): string {
  return fold(text).replace(/[\\%_]/g, '\\$&');
}
