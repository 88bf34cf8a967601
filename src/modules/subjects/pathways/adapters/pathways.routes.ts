import type { Request } from 'express';
import { z } from 'zod';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { pathwayColumns, type PathwayRow } from '../../subjects/adapters/subjects.sheet.js';
import { flag, ids, rangeWords, type SubjectPages } from '../../adapters/pages.js';

const PathwayForm = z.object({
  name: z.string({ error: 'Enter the name of the pathway, such as STEM' }).trim().max(60, 'At most 60 characters'),
  active: flag,
  subjectIds: ids.refine((chosen) => chosen.length > 0, 'Choose at least one elective'),
  streamIds: ids,
});

const PathwayChangeForm = PathwayForm.extend({ version: z.coerce.number().int() });

export function pathwayRoutes(r: Routes, pages: SubjectPages): void {
  r.list({
    path: '/subjects/pathways',
    can: 'subjects.read',
    view: 'subjects/pathways/index',
    filter: z.object({}),
    load: async () => ({ rows: await pathwayRows(pages), next: null }),
    sheet: { name: 'pathways', columns: pathwayColumns },
  });

  r.form({
    path: '/subjects/pathways/new',
    action: '/subjects/pathways',
    can: 'subjects.change',
    view: 'subjects/pathways/new',
    schema: PathwayForm,
    load: async (req) => ({ ...(await choices(pages, req)), values: { active: 'on' } }),
    save: async (form, req) => {
      await pages.pathways.add(req.actor, form);
      return { to: '/subjects/pathways', flash: req.t('{{name}} has been added.', { name: form.name }) };
    },
  });

  r.form({
    path: '/subjects/pathways/:id/edit',
    can: 'subjects.change',
    view: 'subjects/pathways/edit',
    schema: PathwayChangeForm,
    load: async (req) => {
      const pathway = await pages.pathways.find(idOf(req));
      return { ...(await choices(pages, req)), pathway, values: { ...pathway, active: pathway.active ? 'on' : null } };
    },
    save: async (form, req) => {
      await pages.pathways.change(req.actor, idOf(req), form.version, form);
      return { to: '/subjects/pathways', flash: req.t('The changes to {{name}} have been saved.', { name: form.name }) };
    },
  });
}

async function pathwayRows(
  pages: SubjectPages,
): Promise<(PathwayRow & { id: string; tracks: readonly string[]; rule: string | null })[]> {
  const { pathways } = await pages.school.pack();
  const subjects = await pages.subjectStore.list();
  const { streams } = await pages.classStore.list();
  return (await pages.subjectStore.pathways()).map((one) => ({
    id: one.id,
    name: one.name,
    active: one.active,
    tracks: pathways.find((known) => known.id === one.code)?.tracks ?? [],
    rule: pathways.find((known) => known.id === one.code)?.rule ?? null,
    subjects: subjects
      .filter((subject) => one.subjectIds.includes(subject.id))
      .map((subject) => subject.name)
      .join(', '),
    streams: streams
      .filter((stream) => one.streamIds.includes(stream.id))
      .map((stream) => stream.label)
      .join(', '),
  }));
}

async function choices(pages: SubjectPages, req: Request): Promise<object> {
  const { classes, streams } = await pages.classStore.list();
  const senior = new Set(classes.filter((one) => one.active && one.level === 'senior').map((one) => one.id));
  return {
    electives: (await pages.subjectStore.list())
      .filter((one) => one.active && one.kind === 'elective')
      .map((one) => ({
        id: one.id,
        name: one.name,
        range: rangeWords(
          one,
          classes.filter((own) => own.active),
          req.t,
        ),
      })),
    streams: streams.filter((one) => one.active && senior.has(one.classId)),
  };
}
