import type { Request } from 'express';
import { z } from 'zod';
import { NotFound } from '../../../../kernel/errors.js';
import { isId } from '../../../../kernel/id.js';
import type { Routes } from '../../../../platform/http/routes.js';
import type { SchoolApi } from '../../../school/index.js';
import type { __Plural__ } from '../../application/__name__.js';
import type { __Type__Filter } from '../../ports.js';
import { __const__Drawing } from '../reports/__name__.pdf.js';
import { __const__Columns } from '../reports/__name__.sheet.js';

export interface __Plural__Pages {
  __const__: __Plural__;
  school: SchoolApi;
}

const ListQuery = z.object({ q: z.string().trim().max(80).optional(), state: z.enum(['in-use', 'not-in-use']).optional() });

const New = z.object({
  name: z.string({ error: 'Write the name' }).max(80, 'At most 80 characters'),
  note: z.string().max(300, 'At most 300 characters').default(''),
  active: z.literal('on').optional().transform((value) => value === 'on'),
});
const Changed = New.extend({ version: z.coerce.number().int() });

/** More than this on one print is no list any more. */
const MOST_PRINTED = 2000;

export function __const__Routes(r: Routes, { __const__, school }: __Plural__Pages): void {
  r.list({
    path: '/__name__',
    can: '__name__.read',
    view: '__name__/index',
    filter: ListQuery,
    load: (filter, page, req) => __const__.list(req.actor, filterOf(filter), page.cursor, page.limit),
    sheet: { name: '__name__', columns: __const__Columns },
  });

  r.pdf({
    path: '/__name__/print',
    can: '__name__.read',
    filename: () => '__name__.pdf',
    load: async (req) => ({
      context: {
        letterhead: await school.letterhead(),
        printedBy: req.actor.name,
        printedAt: new Date(),
        zone: req.school!.zone,
        language: req.language,
      },
      rows: (await __const__.list(req.actor, { text: null, active: null }, null, MOST_PRINTED)).rows,
    }),
    draw: __const__Drawing,
  });

  r.form({
    path: '/__name__/new',
    action: '/__name__',
    can: '__name__.change',
    view: '__name__/edit',
    schema: New,
    load: () => Promise.resolve({ entry: null, values: { active: 'on' } }),
    save: async (details, req) => {
      const made = await __const__.add(req.actor, details);
      return { to: '/__name__', flash: req.t('{{name}} saved', { name: made.name }) };
    },
  });

  r.form({
    path: '/__name__/:id/edit',
    can: '__name__.change',
    view: '__name__/edit',
    schema: Changed,
    load: async (req) => {
      const found = await __const__.find(req.actor, demandId(req));
      return { entry: found, values: { ...found, active: found.active ? 'on' : null } };
    },
    save: async ({ version, ...details }, req) => {
      const saved = await __const__.change(req.actor, demandId(req), version, details);
      return { to: '/__name__', flash: req.t('{{name}} saved', { name: saved.name }) };
    },
  });

  r.post('/__name__/:id/removal', '__name__.change', async (req, res) => {
    const removed = await __const__.remove(req.actor, demandId(req));
    res.done('/__name__', req.t('{{name}} removed', { name: removed.name }));
  });
}

function filterOf({ q, state }: z.infer<typeof ListQuery>): __Type__Filter {
  return { text: q ?? null, active: state === undefined ? null : state === 'in-use' };
}

export function demandId(req: Request): string {
  const { id } = req.params;
  if (!isId(id)) throw new NotFound();
  return id;
}
