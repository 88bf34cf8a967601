import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import { namingPage } from '../../../../platform/people-shown.js';
import type { RequestState, UpdateRequest } from '../update-request.rules.js';
import type { DueFamily, DueFilter, RequestLine, UpdateLink, UpdateStore } from '../../ports.js';

const LINK = `id, guardian_id as "guardianId", sent_by as "sentBy", expires_at as "expiresAt", tries, used_at as "usedAt", by_user_id as "byUserId", by_name as "byName"`;
const REQUEST = `id, guardian_id as "guardianId", link_id as "linkId", state, changes, sent_at as "sentAt", decided_at as "decidedAt", decided_by as "decidedBy",
  decided_by_name as "decidedByName", reason`;
/** Children of guardian `g` who are here or to come, and whom nobody bars from this person. */
const CHILDREN = `from students_guardianships t join students s on s.school_id = t.school_id and s.id = t.student_id
  where t.school_id = g.school_id and t.guardian_id = g.id and not t.barred and s.put_aside_at is null and s.status in ('active', 'suspended', 'expected')`;
const CHILD_NAMES = `(select coalesce(string_agg(s.first_name || ' ' || s.surname, ', ' order by s.sort_name), '') ${CHILDREN}) as children`;

export class PostgresUpdateStore implements UpdateStore {
  async insertLink(link: UpdateLink & { tokenHash: string }): Promise<void> {
    await db()('students_update_links').insert(snake(link));
  }

  async link(tokenHash: string): Promise<UpdateLink | null> {
    const [row] = await query<UpdateLink>(
      'students.updates.link',
      `select ${LINK} from students_update_links where token_hash = $1`,
      [tokenHash],
    );
    return row ?? null;
  }

  async countTry(id: string, most: number): Promise<boolean> {
    const rows = await query(
      'students.updates.try',
      'update students_update_links set tries = tries + 1 where id = $1 and tries < $2 returning id',
      [id, most],
    );
    return rows.length === 1;
  }

  async giveTryBack(id: string): Promise<void> {
    await query('students.updates.try-back', 'update students_update_links set tries = greatest(tries - 1, 0) where id = $1', [
      id,
    ]);
  }

  async useLink(id: string, at: Date): Promise<boolean> {
    return (
      (
        await query(
          'students.updates.use',
          'update students_update_links set used_at = $2 where id = $1 and used_at is null returning id',
          [id, at],
        )
      ).length === 1
    );
  }

  async insertRequest({ changes, ...request }: UpdateRequest): Promise<void> {
    await db()('students_update_requests').insert({ ...snake(request), changes: JSON.stringify(changes) });
  }

  async request(id: string): Promise<UpdateRequest | null> {
    const [row] = await query<UpdateRequest>(
      'students.updates.request',
      `select ${REQUEST} from students_update_requests where id = $1`,
      [id],
    );
    return row ?? null;
  }

  async requestForChange(id: string): Promise<UpdateRequest | null> {
    const [row] = await query<UpdateRequest>(
      'students.updates.request-held',
      `select ${REQUEST} from students_update_requests where id = $1 for update`,
      [id],
    );
    return row ?? null;
  }

  async decide({ id, state, changes, decidedAt, decidedBy, decidedByName, reason }: UpdateRequest): Promise<void> {
    await db()('students_update_requests')
      .where({ id })
      .update({ ...snake({ state, decidedAt, decidedBy, decidedByName, reason }), changes: JSON.stringify(changes) });
  }

  async requests(state: RequestState | null, cursor: string | null, limit: number): Promise<Page<RequestLine>> {
    const after = cursor === null ? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] : decodeCursor(cursor, 2);
    const rows = await query<RequestLine>(
      `students.updates.requests.${state === null ? 'all' : 'state'}`,
      `select r.id, g.id as "guardianId", g.full_name as "guardianName", ${CHILD_NAMES}, r.state, jsonb_array_length(r.changes) as fields, r.sent_at as "sentAt", r.decided_by_name as "decidedByName"
        from students_update_requests r join students_guardians g on g.school_id = r.school_id and g.id = r.guardian_id
        where ${state === null ? '' : 'r.state = $4 and '}(r.sent_at, r.id) < ($1::timestamptz, $2::uuid) order by r.sent_at desc, r.id desc limit $3`,
      [...after, limit + 1, ...(state === null ? [] : [state])],
    );
    return namingPage(
      toPage(rows, limit, (row) => [row.sentAt.toISOString(), row.id]),
      (row) => row.guardianId,
    );
  }

  async openCount(): Promise<number> {
    const [row] = await query<{ n: number }>(
      'students.updates.open',
      "select count(*)::int as n from students_update_requests where state = 'open'",
    );
    return row!.n;
  }

  async due(filter: DueFilter, cursor: string | null, limit: number): Promise<Page<DueFamily>> {
    const values: unknown[] = [];
    const param = (value: unknown): string => `$${values.push(value)}`;
    const keys: string[] = [];
    const where: string[] = [];
    const add = (key: string, text: string): void => {
      keys.push(key);
      where.push(text);
    };
    add(
      filter.streamId ? 'stream' : 'all',
      `exists (select 1 ${CHILDREN}${filter.streamId ? ` and s.stream_id = ${param(filter.streamId)}` : ''})`,
    );
    if (filter.before) add('before', `coalesce(g.refreshed_on, g.created_at::date) < ${param(filter.before)}`);
    if (filter.guardianId) add('one', `g.id = ${param(filter.guardianId)}`);
    if (cursor !== null) {
      const [name, id] = decodeCursor(cursor, 2);
      add('after', `(g.name_folded, g.id) > (${param(name)}, ${param(id)}::uuid)`);
    }
    const rows = await query<DueFamily>(
      `students.updates.due.${keys.join('.')}`,
      `select g.id, g.full_name as "fullName", g.phone, g.email, g.language, g.name_folded as "nameFolded", g.refreshed_on as "refreshedOn", ${CHILD_NAMES},
          (select max(l.created_at) from students_update_links l where l.school_id = g.school_id and l.guardian_id = g.id) as "askedAt"
        from students_guardians g where ${where.join(' and ')} order by g.name_folded, g.id limit ${param(limit + 1)}`,
      values,
    );
    return namingPage(
      toPage(rows, limit, (row) => [row.nameFolded, row.id]),
      (row) => row.id,
    );
  }

  async setRefreshed(guardianId: string, day: string): Promise<void> {
    await query('students.updates.refreshed', 'update students_guardians set refreshed_on = $2 where id = $1', [guardianId, day]);
  }
}
