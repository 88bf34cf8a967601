import { decodeCursor, toPage, type Page } from '../../../kernel/page.js';
import { db, query } from '../../../platform/db/index.js';
import { naming, namingPage } from '../../../platform/people-shown.js';
import { isId } from '../../../kernel/id.js';
import { fold } from '../../../kernel/people/names.js';
import type { TrailEntry } from '../index.js';
import type { TrailFilter, TrailStore } from '../ports.js';

const COLUMNS = `id, at, actor_id as "actorId", actor_name as "actorName", actor_roles as "actorRoles", ip, request_id as "requestId",
  action, entity, entity_id as "entityId", label, before, after, reason`;

export class PgTrailStore implements TrailStore {
  async insert(entry: Omit<TrailEntry, 'at'>, mac: string): Promise<void> {
    await query(
      'audit.insert',
      `insert into audit_entries (id, actor_id, actor_name, actor_roles, ip, request_id, action, entity, entity_id, label, before, after, reason, mac)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        entry.id,
        entry.actorId,
        entry.actorName,
        entry.actorRoles,
        entry.ip,
        entry.requestId,
        entry.action,
        entry.entity,
        entry.entityId,
        entry.label,
        json(entry.before),
        json(entry.after),
        entry.reason,
        mac,
      ],
    );
  }

  async find(id: string): Promise<TrailEntry | null> {
    if (!isId(id)) return null;
    const [row] = await query<TrailEntry & Record<string, unknown>>(
      'audit.find',
      `select ${COLUMNS} from audit_entries where id = $1`,
      [id],
    );
    return naming(row ? [row] : [], whomItNames)[0] ?? null;
  }

  of(entity: string, id: string, limit: number): Promise<TrailEntry[]> {
    return query<TrailEntry & Record<string, unknown>>(
      'audit.of',
      `select ${COLUMNS} from audit_entries where entity = $1 and entity_id = $2 and action not like '%.read' order by id desc limit $3`,
      [entity, id, limit],
    );
  }

  /** Ids grow with time, so they are the order and the key of a page. */
  async page(filter: TrailFilter, zone: string, cursor: string | null, limit: number): Promise<Page<TrailEntry>> {
    const find = db()('audit_entries')
      .select(db().raw(COLUMNS))
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (cursor) find.where('id', '<', String(decodeCursor(cursor, 1)[0]));
    if (filter.actorId) find.where('actor_id', isId(filter.actorId) ? filter.actorId : null);
    if (filter.actor) find.whereRaw('lower(actor_name) like ?', [`%${likeSafe(fold(filter.actor))}%`]);
    if (filter.entity) find.where('entity', filter.entity);
    if (filter.entityId) find.where('entity_id', filter.entityId);
    if (filter.action) find.where('action', 'like', `${likeSafe(filter.action)}%`);
    if (filter.actions) find.whereIn('action', [...filter.actions]);
    if (filter.from) find.whereRaw('at >= ?::date::timestamp at time zone ?', [filter.from, zone]);
    if (filter.to) find.whereRaw('at < (?::date + 1)::timestamp at time zone ?', [filter.to, zone]);
    return namingPage(
      toPage((await find) as TrailEntry[], limit, (row) => [row.id]),
      whomItNames,
    );
  }
}

/** The label of such an entry is somebody's name. */
function whomItNames({ entity, entityId }: TrailEntry): string | null {
  return entity === 'student' || entity === 'guardian' ? entityId : null;
}

function json(value: object | null): string | null {
  return value ? JSON.stringify(value) : null;
}

function likeSafe(text: string): string {
  return text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
}
