import type { Request } from 'express';
import { z } from 'zod';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { LEVELS } from '../classes.rules.js';
import { CLASS_LIMITS, STREAM_LIMITS } from '../../limits.rules.js';
import { classColumns } from '../../subjects/adapters/subjects.sheet.js';
import { classLines, sum } from './class-lines.js';
import { flag, teacherOptions, type SubjectPages } from '../../adapters/pages.js';

const order = z.coerce
  .number({ error: 'Enter a number' })
  .int('Enter a whole number')
  .min(0, 'Enter a number from 0')
  .max(999, 'Enter a number up to 999');

const ClassForm = z.object({
  name: z
    .string({ error: 'Enter the name of the class, such as Grade 7' })
    .trim()
    .max(CLASS_LIMITS.name, `At most ${CLASS_LIMITS.name} characters`),
  shortName: z
    .string({ error: 'Enter a short name, such as G7' })
    .trim()
    .max(CLASS_LIMITS.shortName, `At most ${CLASS_LIMITS.shortName} characters`),
  level: z.enum(LEVELS, { error: 'Choose the level' }),
  order,
  nextClassId: z
    .uuid()
    .optional()
    .transform((id) => id ?? null),
  ranked: flag,
});

const version = z.coerce.number().int();

const streamFields = {
  name: z.string().trim().max(STREAM_LIMITS.name, `At most ${STREAM_LIMITS.name} characters`).default(''),
  order,
  capacity: z.coerce
    .number({ error: 'Enter from 1 to 500 seats' })
    .int('Capacity is a whole number')
    .min(1, 'Enter from 1 to 500 seats')
    .max(500, 'Enter from 1 to 500 seats')
    .optional()
    .transform((seats) => seats ?? null),
  classTeacherId: z
    .uuid()
    .optional()
    .transform((id) => id ?? null),
  room: z
    .string()
    .trim()
    .max(STREAM_LIMITS.room, `At most ${STREAM_LIMITS.room} characters`)
    .optional()
    .transform((room) => room ?? null),
  campus: z
    .string()
    .trim()
    .max(STREAM_LIMITS.campus, `At most ${STREAM_LIMITS.campus} characters`)
    .optional()
    .transform((campus) => campus ?? null),
};

export function classRoutes(r: Routes, pages: SubjectPages): void {
  r.list({
    path: '/subjects/classes',
    can: 'subjects.read',
    view: 'subjects/classes/index',
    filter: z.object({ state: z.enum(['active', 'all']).default('active') }),
    load: async (filter) => ({ rows: await classLines(pages, filter.state), next: null }),
    model: async () => ({ sum }),
    sheet: { name: 'classes', columns: classColumns },
  });

  r.form({
    path: '/subjects/classes/new',
    action: '/subjects/classes',
    can: 'subjects.change',
    view: 'subjects/classes/new',
    schema: ClassForm,
    load: async () => {
      const { classes } = await pages.classStore.list();
      return {
        ...(await classChoices(pages)),
        values: { ranked: 'on', order: Math.max(0, ...classes.map((one) => one.order)) + 1 },
      };
    },
    save: async (form, req) => {
      const id = await pages.classes.addClass(req.actor, form);
      return {
        to: `/subjects/streams/new?class=${id}`,
        flash: req.t('{{name}} has been added. Now add its first stream.', { name: form.name }),
      };
    },
  });

  r.form({
    path: '/subjects/classes/:id/edit',
    can: 'subjects.change',
    view: 'subjects/classes/edit',
    schema: ClassForm.extend({ version }),
    load: async (req) => {
      const own = await pages.classes.demandClass(idOf(req));
      return { ...(await classChoices(pages)), own, values: { ...own, ranked: own.ranked ? 'on' : null } };
    },
    save: async (form, req) => {
      await pages.classes.changeClass(req.actor, idOf(req), form.version, form);
      return { to: '/subjects/classes', flash: req.t('The changes to {{name}} have been saved.', { name: form.name }) };
    },
  });

  r.form({
    path: '/subjects/classes/:id/closing',
    can: 'subjects.change',
    view: 'subjects/classes/close',
    schema: z.object({}),
    load: async (req) => ({ own: await pages.classes.demandClass(idOf(req)) }),
    save: async (_form, req) => {
      const own = await pages.classes.demandClass(idOf(req));
      await pages.classes.closeClass(req.actor, own.id);
      return {
        to: '/subjects/classes',
        flash: {
          text: req.t('{{name}} has been switched off.', { name: own.name }),
          undo: { label: req.t('Switch on again'), action: `/subjects/classes/${own.id}/opening` },
        },
      };
    },
  });

  r.post('/subjects/classes/:id/opening', 'subjects.change', async (req, res) => {
    await pages.classes.openClass(req.actor, idOf(req));
    res.done('/subjects/classes?state=all', req.t('The class is in use again. Switch on the streams it needs.'));
  });

  streamForms(r, pages);
}

function streamForms(r: Routes, pages: SubjectPages): void {
  r.form({
    path: '/subjects/streams/new',
    action: '/subjects/streams',
    can: 'subjects.change',
    view: 'subjects/streams/new',
    schema: z.object({ classId: z.uuid('Choose the class'), ...streamFields }),
    load: async (req) => {
      const { streams } = await pages.classStore.list();
      const classId = typeof req.query.class === 'string' ? req.query.class : null;
      return {
        ...(await streamChoices(pages, req)),
        values: { classId, order: streams.filter((one) => one.classId === classId).length + 1 },
      };
    },
    save: async (form, req) => {
      const id = await pages.classes.addStream(req.actor, form);
      const stream = await pages.classes.demandStream(id);
      return {
        to: '/subjects/classes',
        flash: {
          text: req.t('{{name}} has been added.', { name: stream.label }),
          links: [{ label: req.t('Add another stream'), href: `/subjects/streams/new?class=${stream.classId}` }],
        },
      };
    },
  });

  r.form({
    path: '/subjects/streams/:id/edit',
    can: 'subjects.change',
    view: 'subjects/streams/edit',
    schema: z.object({ ...streamFields, version }),
    load: async (req) => {
      const stream = await pages.classes.demandStream(idOf(req));
      return { ...(await streamChoices(pages, req)), stream, values: stream };
    },
    save: async (form, req) => {
      await pages.classes.changeStream(req.actor, idOf(req), form.version, form);
      const stream = await pages.classes.demandStream(idOf(req));
      return {
        to: `/subjects/streams/${stream.id}`,
        flash: req.t('The changes to {{name}} have been saved.', { name: stream.label }),
      };
    },
  });

  r.form({
    path: '/subjects/streams/:id/closing',
    can: 'subjects.change',
    view: 'subjects/streams/close',
    schema: z.object({}),
    load: async (req) => ({ stream: await pages.classes.demandStream(idOf(req)) }),
    save: async (_form, req) => {
      const stream = await pages.classes.demandStream(idOf(req));
      await pages.classes.closeStream(req.actor, stream.id);
      return {
        to: '/subjects/classes',
        flash: {
          text: req.t('{{name}} has been switched off.', { name: stream.label }),
          undo: { label: req.t('Switch on again'), action: `/subjects/streams/${stream.id}/opening` },
        },
      };
    },
  });

  r.post('/subjects/streams/:id/opening', 'subjects.change', async (req, res) => {
    await pages.classes.openStream(req.actor, idOf(req));
    res.done(`/subjects/streams/${idOf(req)}`, req.t('The stream is in use again.'));
  });
}

async function classChoices(pages: SubjectPages): Promise<object> {
  return { classes: (await pages.classStore.list()).classes.filter((one) => one.active), levels: LEVELS };
}

async function streamChoices(pages: SubjectPages, req: Request): Promise<object> {
  const { classes, streams } = await pages.classStore.list();
  return {
    classes: classes.filter((one) => one.active),
    teachers: await teacherOptions(pages.hr, await pages.school.today(), req.t),
    campuses: [...new Set(streams.flatMap((one) => one.campus ?? []))],
  };
}
