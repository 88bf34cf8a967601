import { z } from 'zod';
import { fold } from '../../../kernel/people/names.js';
import type { Rows } from '../../../kernel/shapes/record.js';
import { idOf } from '../../../platform/http/pages/fields.js';
import { printedFor } from '../../../platform/http/routes/pdf-route.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { sheetOf } from '../../../platform/records/columns.js';
import { changeFormOf, formOf, inputsOf } from '../../../platform/records/form.js';
import type { SchoolApi } from '../../school/index.js';
import { __fileConst__, type __Type__ } from '../__file__.record.js';
import { add__Type__, change__Type__, remove__Type__, type __Plural__ } from '../__name__.js';
import { __const__Drawing } from './__name__.pdf.js';

export interface __Plural__Pages {
  all: __Plural__;
  rows: Rows<typeof __fileConst__>;
  school: SchoolApi;
}

const ListQuery = z.object({ q: z.string().trim().max(80).optional(), state: z.enum(['in-use', 'not-in-use']).optional() });

export function matching(all: readonly __Type__[], { q, state }: z.infer<typeof ListQuery>): __Type__[] {
  const words = fold(q ?? '');
  return all.filter((one) => fold(one.name).includes(words) && (!state || one.active === (state === 'in-use')));
}

export function __const__Routes(r: Routes, { all, rows, school }: __Plural__Pages): void {
  r.list({
    path: '/__name__',
    can: '__name__.read',
    view: '__name__/index',
    filter: ListQuery,
    load: async (filter, { cursor, limit }) => rows.page(matching(await rows.all(), filter), cursor, limit),
    sheet: { name: '__name__', columns: sheetOf(__fileConst__, () => true) },
  });

  r.pdf({
    path: '/__name__/print',
    can: '__name__.read',
    filename: () => '__name__.pdf',
    load: async (req) => ({ context: printedFor(req, await school.letterhead()), rows: await rows.all() }),
    draw: __const__Drawing,
  });

  r.form({
    path: '/__name__/new',
    action: '/__name__',
    command: add__Type__,
    view: '__name__/edit',
    schema: (req) => formOf(__fileConst__, req.school!.country),
    load: async (req) => ({ entry: null, fields: fieldsFor(req.school!.country), values: { active: 'on' } }),
    save: async (details, req) => {
      const { name } = await req.run(add__Type__, details);
      return { to: '/__name__', flash: req.t('{{name}} has been saved.', { name }) };
    },
  });

  r.form({
    path: '/__name__/:id/edit',
    command: change__Type__,
    view: '__name__/edit',
    schema: (req) => changeFormOf(__fileConst__, req.school!.country),
    load: async (req) => {
      const entry = await all.findOrThrow(idOf(req));
      return { entry, fields: fieldsFor(req.school!.country), values: { ...entry, active: entry.active ? 'on' : null } };
    },
    save: async ({ version, values }, req) => {
      const { name } = await req.run(change__Type__, { id: idOf(req), version, details: values });
      return { to: '/__name__', flash: req.t('{{name}} has been saved.', { name }) };
    },
  });

  r.post('/__name__/:id/removal', remove__Type__, async (req, res) => {
    const { name } = await req.run(remove__Type__, idOf(req));
    res.done('/__name__', req.t('{{name}} has been removed.', { name }));
  });
}

const fieldsFor = (country: string) => inputsOf(__fileConst__, country, { whole: true });
