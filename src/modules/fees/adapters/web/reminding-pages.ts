import type { SchoolApi } from '../../../school/index.js';
import type { StudentsApi } from '../../../students/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import type { Defaulters } from '../../application/defaulters.js';
import type { Reminders } from '../../application/reminders.js';

/** What the pages about overdue fees work with. */
export interface RemindingPages {
  defaulters: Defaulters;
  reminders: Reminders;
  school: SchoolApi;
  subjects: SubjectsApi;
  students: StudentsApi;
}

/** Class or stream → its name, in the order of classes. */
export async function placeNames(pages: Pick<RemindingPages, 'subjects'>): Promise<Map<string, string>> {
  const { classes, streams } = await pages.subjects.classList();
  return new Map(classes.flatMap((one) => [[one.id, one.name] as const, ...streams.filter((stream) => stream.classId === one.id).map((stream) => [stream.id, stream.label] as const)]));
}
