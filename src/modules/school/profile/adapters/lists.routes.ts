import type { Request } from 'express';
import { NotFound } from '../../../../kernel/errors.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { listItemInput } from '../lists.js';
import type { Lists } from '../lists.js';
import { scaleInput } from '../scales.js';
import type { Scales } from '../scales.js';
import { LIST_KINDS } from '../lists.rules.js';
import type { ListKind } from '../lists.rules.js';

const TITLES: Record<ListKind, { title: string; one: string; capacity: string; about: string }> = {
  houses: { title: 'Houses', one: 'House', capacity: 'Places', about: 'For games, points and roll calls' },
  dorms: { title: 'Dormitories', one: 'Dormitory', capacity: 'Beds', about: 'Boarders’ dormitories' },
  routes: { title: 'Transport routes', one: 'Route', capacity: 'Seats', about: 'School bus routes' },
  'meal-plans': { title: 'Meal plans', one: 'Meal plan', capacity: 'Places', about: 'School meals' },
};

/** Houses, dormitories, routes and meal plans. */
export function listRoutes(r: Routes, lists: Lists): void {
  r.get('/school/lists', 'school.read', async (_req, res) => {
    const { lists: items } = await lists.state();
    await res.page('school/lists/index', {
      kinds: LIST_KINDS.map((kind) => ({ kind, ...TITLES[kind], items: items.filter((item) => item.kind === kind) })),
    });
  });

  r.get('/school/lists/:kind', 'school.read', async (req, res) => {
    const kind = kindOf(req);
    const items = (await lists.state()).lists.filter((item) => item.kind === kind);
    await res.page('school/lists/show', { kind, ...TITLES[kind], items });
  });

  for (const path of ['/school/lists/:kind/new', '/school/lists/:kind/:id/edit']) {
    r.form({
      path,
      can: 'school.lists.change',
      view: 'school/lists/edit',
      asRead: ({ item }) => item,
      schema: listItemInput,
      async load(req) {
        const kind = kindOf(req);
        const item = req.params.id
          ? (await lists.state()).lists.find((one) => one.kind === kind && one.id === req.params.id)
          : null;
        if (item === undefined) throw new NotFound();
        return {
          values: item ? { ...item, active: item.active ? 'yes' : 'no' } : { active: 'yes' },
          item,
          kind,
          ...TITLES[kind],
        };
      },
      async save(values, req) {
        const kind = kindOf(req);
        const item = await lists.save(req.actor, kind, req.params.id ? String(req.params.id) : null, values);
        return { to: `/school/lists/${kind}`, flash: req.t('{{name}} saved', { name: item.name }) };
      },
    });
  }

  r.post('/school/lists/:kind/:id/removal', 'school.lists.change', async (req, res) => {
    const kind = kindOf(req);
    const item = await lists.remove(req.actor, kind, String(req.params.id));
    res.done(`/school/lists/${kind}`, req.t('{{name}} removed', { name: item.name }));
  });
}

export function scaleRoutes(r: Routes, scales: Scales): void {
  r.get('/school/scales', 'school.read', async (_req, res) => {
    await res.page('school/scales/index', { scales: (await scales.state()).scales });
  });

  for (const path of ['/school/scales/new', '/school/scales/:id/edit']) {
    r.form({
      path,
      can: 'school.scales.change',
      view: 'school/scales/edit',
      asRead: ({ scale }) => scale,
      schema: scaleInput,
      async load(req) {
        const scale = req.params.id ? (await scales.state()).scales.find((one) => one.id === req.params.id) : null;
        if (scale === undefined || scale?.national) throw new NotFound('This scale is set for the whole country.');
        return { values: scale ?? { basis: 'percent' }, scale };
      },
      async save(values, req) {
        const scale = await scales.save(req.actor, req.params.id ? String(req.params.id) : null, values);
        return { to: '/school/scales', flash: req.t('{{name}} saved', { name: scale.name }) };
      },
    });
  }

  r.post('/school/scales/:id/removal', 'school.scales.change', async (req, res) => {
    await scales.remove(req.actor, String(req.params.id));
    res.done('/school/scales', req.t('Scale removed'));
  });
}

function kindOf(req: Request): ListKind {
  const kind = LIST_KINDS.find((known) => known === req.params.kind);
  if (!kind) throw new NotFound();
  return kind;
}
