import { z } from 'zod';
import type { Routes } from '../../../../platform/http/routes.js';
import type { __Plural__ } from '../../application/__name__.js';
import type { __Type__ } from '../../domain/__file__.js';
import { demandId } from './__name__.routes.js';

const details = { name: z.string().trim().min(1).max(80), note: z.string().trim().max(300), active: z.boolean() };

const __Type__Out = z.object({ id: z.uuid(), ...details, version: z.number().int() }).meta({ id: '__Type__' });
const New__Type__ = z.object({ name: details.name, note: details.note.default(''), active: details.active.default(true) }).meta({ id: 'New__Type__' });
const Change = z.object({ ...details, version: z.number().int() }).partial().required({ version: true });

export function __const__Api(r: Routes, __const__: __Plural__): void {
  r.api.list({
    path: '/__name__',
    can: '__name__.read',
    summary: '__Title__ by name',
    query: z.object({ q: z.string().max(80).optional(), active: z.stringbool().optional() }),
    row: __Type__Out,
    load: async ({ q, active, cursor, limit }, req) => {
      const page = await __const__.list(req.actor, { text: q ?? null, active: active ?? null }, cursor, limit);
      return { rows: page.rows.map(out), next: page.next };
    },
  });

  r.api.get({
    path: '/__name__/:id',
    can: '__name__.read',
    summary: 'One of the __title__',
    output: __Type__Out,
    load: async (req) => out(await __const__.find(req.actor, demandId(req))),
  });

  r.api.post({
    path: '/__name__',
    can: '__name__.change',
    summary: 'Add to the __title__',
    body: New__Type__,
    output: __Type__Out,
    run: async (body, req) => out(await __const__.add(req.actor, body)),
  });

  r.api.patch({
    path: '/__name__/:id',
    can: '__name__.change',
    summary: 'Change what is named',
    body: Change,
    output: __Type__Out,
    run: async ({ version, ...changes }, req) => {
      const named = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      return out(await __const__.change(req.actor, demandId(req), version, named));
    },
  });
}

function out({ id, name, note, active, version }: __Type__): z.infer<typeof __Type__Out> {
  return { id, name, note, active, version };
}
