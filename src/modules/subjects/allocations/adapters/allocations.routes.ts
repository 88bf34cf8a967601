import type { Request } from 'express';
import { z } from 'zod';
import { fold } from '../../../../kernel/people/names.js';
import { Missing } from '../../../../kernel/missing.js';
import { day, idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { loadOf, runsOn, type Allocation } from '../allocation.rules.js';
import { subjectsOfStream, untaught } from '../../subjects/subject.rules.js';
import { allocationColumns, loadColumns, type AllocationRow, type LoadRow } from '../../subjects/adapters/subjects.sheet.js';
import { namesOf, spoken, teacherOptions, type SubjectPages } from '../../adapters/pages.js';

const AllocationForm = z.object({
  streamId: z.uuid('Choose a class'),
  subjectId: z.uuid({ error: 'Choose a subject' }),
  staffId: z.uuid({ error: 'Choose the teacher' }),
  periods: z.coerce
    .number({ error: 'Enter from 1 to 20 periods' })
    .int('Enter a whole number of periods')
    .min(1, 'Enter from 1 to 20 periods')
    .max(20, 'Enter from 1 to 20 periods'),
  fromOn: day,
  toOn: day.optional().transform((to) => to ?? null),
  replaces: z
    .uuid()
    .optional()
    .transform((id) => id ?? null),
});

export function allocationRoutes(r: Routes, pages: SubjectPages): void {
  r.list({
    path: '/subjects/allocations',
    can: 'subjects.read',
    view: 'subjects/allocations/index',
    filter: z.object({ q: z.string().trim().max(60).optional() }),
    load: async (filter) => ({ rows: await loads(pages, fold(filter.q ?? '')), next: null }),
    model: async () => ({ gaps: await gaps(pages) }),
    sheet: { name: 'teachers-loads', columns: loadColumns },
  });

  r.sheet<AllocationRow>({
    path: '/subjects/allocations/sheet',
    can: 'subjects.read',
    name: 'allocations',
    columns: allocationColumns,
    rows: () => allocationRows(pages),
  });

  r.form({
    path: '/subjects/allocations/new',
    action: '/subjects/allocations',
    can: 'subjects.allocate',
    view: 'subjects/allocations/new',
    schema: AllocationForm,
    load: (req) => newAllocation(pages, req),
    save: async (form, req) => {
      await pages.allocations.allocate(req.actor, form);
      return { to: `/subjects/streams/${form.streamId}`, flash: req.t('The teacher has been allocated.') };
    },
  });

  r.form({
    path: '/subjects/allocations/:id/end',
    can: 'subjects.allocate',
    view: 'subjects/allocations/end',
    schema: z.object({ toOn: day }),
    load: async (req) => ({ ...(await one(pages, req)), values: { toOn: await pages.school.today() } }),
    save: async (form, req) => {
      const { allocation } = await one(pages, req);
      await pages.allocations.end(req.actor, allocation.id, form.toOn);
      return {
        to: `/subjects/streams/${allocation.streamId}`,
        flash: req.t('The allocation has ended. It stays in the history.'),
      };
    },
  });

  r.post('/subjects/allocations/:id/removal', 'subjects.allocate', async (req, res) => {
    const { allocation } = await one(pages, req);
    await pages.allocations.remove(req.actor, allocation.id);
    res.done(`/subjects/streams/${allocation.streamId}`, req.t('The allocation was undone.'));
  });

  r.get('/subjects/teachers/:id', 'subjects.read', async (req, res) => {
    const staff = await pages.hr.find(idOf(req));
    if (!staff) throw new Missing('staff');
    const today = await pages.school.today();
    const history = await pages.allocationStore.allOfStaff(staff.id);
    const running = history.filter((each) => runsOn(each, today));
    const { streams } = await pages.classStore.list();
    await res.page('subjects/teachers/show', {
      staff,
      name: spoken(staff),
      running: inOrder(running, streams),
      coming: history.filter((each) => each.fromOn > today),
      over: history.filter((each) => each.toOn !== null && each.toOn < today),
      load: loadOf(running),
      classTeacherOf: streams.filter((each) => each.active && each.classTeacherId === staff.id),
      labels: new Map(streams.map((each) => [each.id, each.label])),
      subjects: new Map((await pages.subjectStore.list()).map((each) => [each.id, each])),
    });
  });
}

/** Teaching staff, and whoever else teaches something, by surname. */
async function loads(pages: SubjectPages, typed: string): Promise<(LoadRow & { id: string })[]> {
  const today = await pages.school.today();
  const running = await pages.allocationStore.all(today);
  const subjects = new Map((await pages.subjectStore.list()).map((each) => [each.id, each.shortName]));
  const staff = (await pages.hr.staff(today)).filter(
    (each) => each.category === 'teaching' || running.some((line) => line.staffId === each.id),
  );
  const rows = staff.map((each) => {
    const load = loadOf(running.filter((line) => line.staffId === each.id));
    const taught = load.subjectIds.map((id) => subjects.get(id)).join(', ');
    return {
      id: each.id,
      staffNo: each.staffNo,
      name: `${each.surname} ${each.firstName}`,
      subjects: taught,
      streams: load.streamIds.length,
      periods: load.periods,
    };
  });
  return rows.filter((row) => typed === '' || fold(`${row.name} ${row.subjects} ${row.staffNo}`).includes(typed));
}

/** How much of what everybody in a stream needs has no teacher, by stream. */
async function gaps(pages: SubjectPages): Promise<{ streamId: string; label: string; missing: number }[]> {
  const { streams } = await pages.classStore.list();
  const subjects = await pages.subjectStore.list();
  const pathways = await pages.subjectStore.pathways();
  const running = await pages.allocationStore.all(await pages.school.today());
  return streams
    .filter((each) => each.active)
    .flatMap((stream) => {
      const taught = running.filter((line) => line.streamId === stream.id).map((line) => line.subjectId);
      const missing = untaught(subjectsOfStream(subjects, pathways, stream), taught).length;
      return missing > 0 ? [{ streamId: stream.id, label: stream.label, missing }] : [];
    });
}

async function* allocationRows(pages: SubjectPages): AsyncGenerator<AllocationRow> {
  const { streams } = await pages.classStore.list();
  const running = inOrder(await pages.allocationStore.all(await pages.school.today()), streams);
  const subjects = new Map((await pages.subjectStore.list()).map((each) => [each.id, each.name]));
  const labels = new Map(streams.map((each) => [each.id, each.label]));
  for (const each of running) {
    const staff = await pages.hr.find(each.staffId);
    yield {
      subject: subjects.get(each.subjectId) ?? '',
      stream: labels.get(each.streamId) ?? '',
      staffNo: staff?.staffNo ?? '',
      teacher: staff ? `${staff.surname} ${staff.firstName}` : '',
      periods: each.periods,
      fromOn: each.fromOn,
      toOn: each.toOn,
    };
  }
}

function inOrder(allocations: Allocation[], streams: readonly { id: string }[]): Allocation[] {
  const place = new Map(streams.map((each, index) => [each.id, index]));
  return [...allocations].sort((a, b) => (place.get(a.streamId) ?? 0) - (place.get(b.streamId) ?? 0));
}

async function one(pages: SubjectPages, req: Request) {
  const allocation = await pages.allocations.find(idOf(req));
  const { streams } = await pages.classStore.list();
  const subject = (await pages.subjectStore.list()).find((each) => each.id === allocation.subjectId);
  return {
    allocation,
    label: streams.find((each) => each.id === allocation.streamId)?.label ?? '',
    subject: subject?.name ?? '',
    teacher: (await namesOf(pages.hr, [allocation.staffId])).get(allocation.staffId) ?? '',
  };
}

/** The stream comes first: it decides which subjects can be chosen. */
async function newAllocation(pages: SubjectPages, req: Request) {
  const body = (req.body ?? {}) as Record<string, string | undefined>;
  const asked = (name: string): string | null => body[name] ?? (typeof req.query[name] === 'string' ? req.query[name] : null);
  const before = asked('replaces') ? await pages.allocationStore.find(asked('replaces')!) : null;
  const { streams } = await pages.classStore.list();
  const stream = streams.find((each) => each.id === (before?.streamId ?? asked('streamId'))) ?? null;
  const subjects = stream ? subjectsOfStream(await pages.subjectStore.list(), await pages.subjectStore.pathways(), stream) : [];
  const subject = subjects.find((each) => each.id === (before?.subjectId ?? asked('subjectId')));
  const today = await pages.school.today();
  return {
    stream,
    subjects,
    before: before && { ...before, teacher: (await namesOf(pages.hr, [before.staffId])).get(before.staffId) },
    streams: streams.filter((each) => each.active),
    teachers: await teacherOptions(pages.hr, today, req.t),
    staffId: asked('staffId'),
    values: {
      streamId: stream?.id,
      subjectId: subject?.id,
      staffId: asked('staffId'),
      periods: before?.periods ?? subject?.periods ?? null,
      fromOn: today,
      replaces: before?.id,
    },
  };
}
