import { z } from 'zod';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Acts } from '../../../platform/module.js';
import type { Column } from '../../../platform/sheets/columns.js';
import type { Trail } from '../trail.js';
import type { TrailEntry } from '../index.js';

const day = z.iso.date().optional();
const text = z.string().trim().max(100).optional();
const filter = z.object({
  actor: text,
  actorId: text,
  entity: text,
  entityId: text,
  action: text,
  area: text,
  from: day,
  to: day,
});

export function auditRoutes(routes: Routes, trail: Trail, acts: readonly Acts[]): void {
  const areas = areasOf(acts);
  routes.list({
    path: '/audit',
    can: 'audit.read',
    view: 'audit/index',
    filter,
    load: ({ area, ...asked }, query, req) =>
      trail.page(
        { ...asked, ...(area ? { actions: areas.get(area) ?? [] } : {}) },
        req.school?.zone ?? 'UTC',
        query.cursor,
        query.limit,
      ),
    model: (_filter, _page, req) =>
      Promise.resolve({
        areas: [...areas.keys()]
          .map((area) => ({ value: area, label: req.t(area) }))
          .sort((one, other) => one.label.localeCompare(other.label, req.language)),
      }),
    sheet: { name: 'who-did-what', columns },
  });

  routes.get('/audit/:id', 'audit.read', async (req, res) => {
    await res.page('audit/show', { entry: await trail.show(String(req.params.id)) });
  });
}

/** What people look for → the acts that belong there. */
function areasOf(acts: readonly Acts[]): Map<string, string[]> {
  const areas = new Map<string, string[]>();
  for (const { area, words } of acts) areas.set(area, [...(areas.get(area) ?? []), ...Object.keys(words)]);
  return areas;
}

const columns: Column<TrailEntry>[] = [
  { key: 'at', head: 'Time (UTC)', kind: 'text', width: 26, value: (row) => row.at.toISOString() },
  { key: 'actor', head: 'Who', kind: 'text', width: 24, value: (row) => row.actorName },
  { key: 'roles', head: 'Roles', kind: 'text', width: 20, value: (row) => row.actorRoles.join(', ') },
  { key: 'action', head: 'Action', kind: 'text', width: 28, value: (row) => row.action },
  { key: 'entity', head: 'Thing', kind: 'text', width: 22, value: (row) => row.entity },
  { key: 'entity_id', head: 'Id', kind: 'text', width: 38, value: (row) => row.entityId },
  { key: 'label', head: 'Name', kind: 'text', width: 36, value: (row) => row.label },
  { key: 'before', head: 'Before', kind: 'text', width: 50, value: (row) => json(row.before) },
  { key: 'after', head: 'After', kind: 'text', width: 50, value: (row) => json(row.after) },
  { key: 'reason', head: 'Reason', kind: 'text', width: 36, value: (row) => row.reason },
  { key: 'ip', head: 'Address', kind: 'text', width: 18, value: (row) => row.ip },
  { key: 'request', head: 'Request', kind: 'text', width: 38, value: (row) => row.requestId },
];

function json(value: object | null): string | null {
  return value ? JSON.stringify(value) : null;
}
