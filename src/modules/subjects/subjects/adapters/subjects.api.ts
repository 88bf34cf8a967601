import { z } from 'zod';
import { decodeCursor, toPage } from '../../../../kernel/page.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { ClassStore, SubjectStore } from '../../ports.js';

const StreamOut = z
  .object({
    id: z.uuid(),
    class_id: z.uuid(),
    class: z.string(),
    name: z.string(),
    label: z.string(),
    capacity: z.number().int().nullable(),
    active: z.boolean(),
  })
  .meta({ id: 'Stream' });

const SubjectOut = z
  .object({
    id: z.uuid(),
    code: z.string(),
    national_code: z.string().nullable(),
    name: z.string(),
    short_name: z.string(),
    department: z.string(),
    kind: z.enum(['compulsory', 'elective']),
    practical: z.boolean(),
    papers: z.number().int(),
    class_ids: z.array(z.uuid()),
  })
  .meta({ id: 'Subject' });

export function subjectsApi(r: Routes, stores: { classes: ClassStore; subjects: SubjectStore }): void {
  r.api.list({
    path: '/classes',
    can: 'subjects.read',
    summary: 'Streams with their classes, in the school’s order',
    query: z.object({}),
    row: StreamOut,
    load: async (query) => {
      const { classes, streams } = await stores.classes.list();
      const names = new Map(classes.map((one) => [one.id, one.name]));
      const rows = streams.map((stream) => ({
        id: stream.id,
        class_id: stream.classId,
        class: names.get(stream.classId) ?? '',
        name: stream.name,
        label: stream.label,
        capacity: stream.capacity,
        active: stream.active,
      }));
      return slice(rows, query);
    },
  });

  r.api.list({
    path: '/subjects',
    can: 'subjects.read',
    summary: 'Subjects in the school’s order',
    query: z.object({}),
    row: SubjectOut,
    load: async (query) => {
      const rows = (await stores.subjects.list())
        .filter((subject) => subject.active)
        .map((subject) => ({
          id: subject.id,
          code: subject.code,
          national_code: subject.nationalCode,
          name: subject.name,
          short_name: subject.shortName,
          department: subject.department,
          kind: subject.kind,
          practical: subject.practical,
          papers: subject.papers,
          class_ids: subject.classIds,
        }));
      return slice(rows, query);
    },
  });
}

/** A short list from memory, cut into pages by the id of the last one seen. */
function slice<Row extends { id: string }>(rows: Row[], query: { cursor: string | null; limit: number }) {
  const start = query.cursor === null ? 0 : rows.findIndex((row) => row.id === lastSeen(query.cursor!)) + 1;
  return toPage(rows.slice(start, start + query.limit + 1), query.limit, (row) => [row.id]);
}

function lastSeen(cursor: string): unknown {
  return decodeCursor(cursor, 1)[0];
}
