import type { Request } from 'express';
import { z } from 'zod';
import { fold } from '../../../../kernel/people/names.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { SUBJECT_CODE, SUBJECT_LIMITS } from '../../limits.rules.js';
import { SUBJECT_KINDS, type Subject } from '../subject.rules.js';
import type { SubjectDetails } from '../subjects.js';
import { subjectColumns } from './subjects.sheet.js';
import { flag, ids, namesOf, rangeWords, type SubjectPages } from '../../adapters/pages.js';

const text = (most: number) => z.string().trim().max(most, `At most ${most} characters`).optional();

const SubjectForm = z.object({
  code: z
    .string({ error: 'Enter a code, such as MAT' })
    .trim()
    .max(SUBJECT_LIMITS.code, `A code has up to ${SUBJECT_LIMITS.code} letters and digits, such as MAT`)
    .regex(SUBJECT_CODE, `A code has up to ${SUBJECT_LIMITS.code} letters and digits, such as MAT`),
  nationalCode: text(SUBJECT_LIMITS.nationalCode),
  name: z
    .string({ error: 'Enter the name of the subject' })
    .trim()
    .max(SUBJECT_LIMITS.name, `At most ${SUBJECT_LIMITS.name} characters`),
  shortName: z
    .string({ error: 'Enter a short name for narrow columns' })
    .trim()
    .max(SUBJECT_LIMITS.shortName, `At most ${SUBJECT_LIMITS.shortName} characters`),
  department: z
    .string({ error: 'Enter the department' })
    .trim()
    .max(SUBJECT_LIMITS.department, `At most ${SUBJECT_LIMITS.department} characters`),
  kind: z.enum(SUBJECT_KINDS, { error: 'Choose compulsory or elective' }),
  choice: text(SUBJECT_LIMITS.choice),
  practical: flag,
  papers: z.coerce
    .number({ error: 'Enter from 1 to 6 papers' })
    .int()
    .min(1, 'Enter from 1 to 6 papers')
    .max(6, 'Enter from 1 to 6 papers')
    .default(1),
  periods: z.coerce
    .number({ error: 'Enter from 1 to 20 periods' })
    .int()
    .min(1, 'Enter from 1 to 20 periods')
    .max(20, 'Enter from 1 to 20 periods')
    .optional(),
  classIds: ids,
});

const SubjectChangeForm = SubjectForm.extend({ version: z.coerce.number().int() });

const Filter = z.object({
  q: z.string().trim().max(60).optional(),
  class: z.uuid().optional(),
  department: z.string().max(60).optional(),
  kind: z.enum(SUBJECT_KINDS).optional(),
  state: z.enum(['active', 'closed']).default('active'),
});

export interface SubjectRow extends Subject {
  range: string;
}

export function subjectRoutes(r: Routes, pages: SubjectPages): void {
  r.list({
    path: '/subjects',
    can: 'subjects.read',
    view: 'subjects/index',
    filter: Filter,
    load: async (filter, _query, req) => ({ rows: await subjectRows(pages, filter, req), next: null }),
    model: async () => ({
      ...(await choices(pages)),
      total: (await pages.subjectStore.list()).filter((one) => one.active).length,
    }),
    sheet: { name: 'subjects', columns: subjectColumns },
  });

  r.form({
    path: '/subjects/new',
    action: '/subjects',
    can: 'subjects.change',
    view: 'subjects/new',
    schema: SubjectForm,
    load: async () => ({ ...(await choices(pages)), values: { kind: 'compulsory', papers: 1 } }),
    save: async (form, req) => {
      const id = await pages.subjects.add(req.actor, detailsOf(form));
      return {
        to: `/subjects/${id}`,
        flash: {
          text: req.t('{{name}} has been added.', { name: form.name }),
          links: [{ label: req.t('Add another'), href: '/subjects/new' }],
        },
      };
    },
  });
}

/** After the pages with fixed addresses, so that `/subjects/classes` is not taken for a subject. */
export function oneSubjectRoutes(r: Routes, pages: SubjectPages): void {
  r.get('/subjects/:id', 'subjects.read', async (req, res) => {
    const subject = await pages.subjects.find(idOf(req));
    const { classes, streams } = await pages.classStore.list();
    const taught = (await pages.allocationStore.all(await pages.school.today())).filter((one) => one.subjectId === subject.id);
    await res.page('subjects/show', {
      subject,
      range: rangeWords(
        subject,
        classes.filter((one) => one.active),
        req.t,
      ),
      streams: streams.filter((one) => one.active && subject.classIds.includes(one.classId)),
      taught,
      names: await namesOf(
        pages.hr,
        taught.map((one) => one.staffId),
      ),
      pathways: (await pages.subjectStore.pathways()).filter((one) => one.active && one.subjectIds.includes(subject.id)),
      alternatives: subject.choice
        ? (await pages.subjectStore.list()).filter((one) => one.active && one.id !== subject.id && one.choice === subject.choice)
        : [],
    });
  });

  r.form({
    path: '/subjects/:id/edit',
    can: 'subjects.change',
    view: 'subjects/edit',
    // An import that makes a class gives it subjects, whose rows stay as they are.
    asRead: ({ subject }) => [...(subject as Subject).classIds].sort(),
    schema: SubjectChangeForm,
    load: async (req) => {
      const subject = await pages.subjects.find(idOf(req));
      return { ...(await choices(pages)), subject, values: { ...subject, practical: subject.practical ? 'on' : null } };
    },
    save: async (form, req) => {
      await pages.subjects.change(req.actor, idOf(req), form.version, detailsOf(form));
      return { to: `/subjects/${idOf(req)}`, flash: req.t('The changes to {{name}} have been saved.', { name: form.name }) };
    },
  });

  r.form({
    path: '/subjects/:id/closing',
    can: 'subjects.change',
    view: 'subjects/close',
    schema: z.object({}),
    load: async (req) => ({ subject: await pages.subjects.find(idOf(req)) }),
    save: async (_form, req) => {
      await pages.subjects.close(req.actor, idOf(req));
      return { to: `/subjects/${idOf(req)}`, flash: req.t('The subject is switched off.') };
    },
  });

  r.post('/subjects/:id/opening', 'subjects.change', async (req, res) => {
    await pages.subjects.open(req.actor, idOf(req));
    res.done(`/subjects/${idOf(req)}`, req.t('The subject is in use again.'));
  });
}

async function subjectRows(pages: SubjectPages, filter: z.infer<typeof Filter>, req: Request): Promise<SubjectRow[]> {
  const classes = (await pages.classStore.list()).classes.filter((one) => one.active);
  const typed = fold(filter.q ?? '');
  const rows = (await pages.subjectStore.list()).filter(
    (one) =>
      one.active === (filter.state === 'active') &&
      (!filter.class || one.classIds.includes(filter.class)) &&
      (!filter.department || one.department === filter.department) &&
      (!filter.kind || one.kind === filter.kind) &&
      (typed === '' || fold(`${one.name} ${one.shortName} ${one.code} ${one.nationalCode ?? ''}`).includes(typed)),
  );
  const departments = [...new Set(rows.map((one) => one.department))];
  return departments
    .flatMap((department) => rows.filter((one) => one.department === department))
    .map((one) => ({ ...one, range: rangeWords(one, classes, req.t) }));
}

async function choices(pages: SubjectPages) {
  const subjects = await pages.subjectStore.list();
  return {
    classes: (await pages.classStore.list()).classes.filter((one) => one.active),
    departments: [...new Set(subjects.map((one) => one.department))],
    alternatives: [...new Set(subjects.flatMap((one) => one.choice ?? []))],
  };
}

function detailsOf(form: z.infer<typeof SubjectForm>): SubjectDetails {
  return { ...form, nationalCode: form.nationalCode ?? null, choice: form.choice ?? null, periods: form.periods ?? null };
}
