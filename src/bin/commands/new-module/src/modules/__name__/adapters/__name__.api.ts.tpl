import { z } from 'zod';
import { idOf } from '../../../platform/http/pages/fields.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { bodiesOf, outOf, readChange, readNew, tell } from '../../../platform/records/api.js';
import { __fileConst__ } from '../__file__.record.js';
import { add__Type__, change__Type__ } from '../__name__.js';
import { matching, type __Plural__Pages } from './__name__.routes.js';

const Out = outOf(__fileConst__, '__Type__', { all: true });
const { New, Change } = bodiesOf(__fileConst__, '__Type__');

export function __const__Api(r: Routes, { all, rows }: __Plural__Pages): void {
  r.api.list({
    path: '/__name__',
    can: '__name__.read',
    summary: '__Title__ by name',
    query: z.object({ q: z.string().max(80).optional(), state: z.enum(['in-use', 'not-in-use']).optional() }),
    row: Out,
    load: async ({ cursor, limit, ...filter }) => {
      const page = rows.page(matching(await rows.all(), filter), cursor, limit);
      return { rows: page.rows.map((row) => tell(__fileConst__, row, () => true)), next: page.next };
    },
  });

  r.api.get({
    path: '/__name__/:id',
    can: '__name__.read',
    summary: 'One __titleOne__',
    output: Out,
    load: async (req) => tell(__fileConst__, await all.findOrThrow(idOf(req)), () => true),
  });

  r.api.post({
    path: '/__name__',
    command: add__Type__,
    summary: 'Add a __titleOne__',
    body: New,
    output: Out,
    run: async (body, req) => {
      const made = await req.run(add__Type__, readNew(__fileConst__, body, req.school!.country));
      return tell(__fileConst__, made, () => true);
    },
  });

  r.api.patch({
    path: '/__name__/:id',
    command: change__Type__,
    summary: 'Changes the fields sent',
    body: Change,
    output: Out,
    run: async ({ version, ...changes }, req) => {
      const before = await all.findOrThrow(idOf(req));
      const details = readChange(__fileConst__, before, changes, req.school!.country);
      return tell(__fileConst__, await req.run(change__Type__, { id: before.id, version, details }), () => true);
    },
  });
}
