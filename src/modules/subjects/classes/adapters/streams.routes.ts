import { z } from 'zod';
import { Forbidden } from '../../../../kernel/errors.js';
import { day, idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { runsOn } from '../../allocations/allocation.rules.js';
import { seatsLeft } from '../classes.rules.js';
import { followsStream, subjectsOfStream, untaught } from '../../subjects/subject.rules.js';
import { classListColumns } from '../../subjects/adapters/subjects.sheet.js';
import { ids, mayNameLearners, namesOf, type SubjectPages } from '../../adapters/pages.js';

/** One stream: who sits in it, and who teaches what. */
export function streamRoutes(r: Routes, pages: SubjectPages): void {
  r.list({
    path: '/subjects/streams/:id',
    can: 'subjects.read',
    view: 'subjects/streams/show',
    filter: z.object({}),
    load: async (_filter, _query, req) => {
      const stream = await pages.classes.demandStream(idOf(req));
      const named = await mayNameLearners(pages, req.actor, stream.id);
      if (req.query.format && !named) throw new Forbidden('Only this class’s teachers and the office can see the names.');
      return { rows: named ? await pages.learners.inStream(stream.id) : [], next: null };
    },
    model: async (_filter, _page, req) => streamModel(pages, idOf(req)),
    sheet: { name: 'class-list', columns: classListColumns },
  });

  r.form({
    path: '/subjects/streams/:id/subjects/:subject/takers',
    can: 'subjects.allocate',
    view: 'subjects/takers/edit',
    asRead: ({ learners }) => learners,
    schema: z.object({
      on: day,
      takers: ids,
      sets: z.record(z.string(), z.string().trim().max(20, 'A set has at most 20 characters')).default({}),
    }),
    load: async (req) => {
      if (!(await mayNameLearners(pages, req.actor, idOf(req)))) throw new Forbidden();
      const today = await pages.school.today();
      const { subject, stream, takers } = await pages.takers.of(idOf(req, 'subject'), idOf(req), today);
      const ticked = req.query.all ? takers : takers.filter((one) => one.takes);
      const sets = Object.fromEntries(takers.map((one) => [one.id, one.setName]));
      return {
        subject,
        stream,
        learners: takers,
        setNames: [...new Set(takers.flatMap((one) => one.setName ?? []))],
        values: { on: today, takers: ticked.map((one) => one.id), sets },
      };
    },
    save: async (form, req) => {
      const wanted = new Map(form.takers.map((id) => [id, form.sets[id] || null]));
      const changed = await pages.takers.set(req.actor, idOf(req, 'subject'), idOf(req), form.on, wanted);
      return {
        to: `/subjects/streams/${idOf(req)}`,
        flash: changed === 0 ? req.t('Nothing was changed.') : req.t('Saved for {{n}} students.', { n: changed }),
      };
    },
  });
}

async function streamModel(pages: SubjectPages, id: string): Promise<object> {
  const stream = await pages.classes.demandStream(id);
  const today = await pages.school.today();
  const subjects = await pages.subjectStore.list();
  const pathways = await pages.subjectStore.pathways();
  const history = await pages.allocationStore.ofStream(id);
  const running = history.filter((one) => runsOn(one, today));
  const size = (await pages.classStore.sizes()).get(id) ?? { girls: 0, boys: 0 };
  const teacher = stream.classTeacherId ? await pages.hr.find(stream.classTeacherId) : null;
  const allowed = subjectsOfStream(subjects, pathways, stream);
  return {
    stream,
    size,
    seats: seatsLeft(stream.capacity, size),
    teacher: teacher?.active ? teacher : null,
    lines: allowed.map((subject) => ({
      subject,
      everybody: followsStream(subject, subjects, history, today),
      taught: running.filter((one) => one.subjectId === subject.id),
    })),
    missing: untaught(
      allowed,
      running.map((one) => one.subjectId),
    ),
    coming: history.filter((one) => one.fromOn > today),
    over: history.filter((one) => one.toOn !== null && one.toOn < today),
    subjectNames: new Map(subjects.map((one) => [one.id, one.name])),
    names: await namesOf(
      pages.hr,
      history.map((one) => one.staffId),
    ),
    pathways: pathways.filter((one) => one.active && one.streamIds.includes(id)),
  };
}
