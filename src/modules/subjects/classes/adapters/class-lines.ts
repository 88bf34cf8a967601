import { seatsLeft, type Size } from '../classes.rules.js';
import type { SchoolClass, Stream } from '../../index.js';
import { namesOf, type SubjectPages } from '../../adapters/pages.js';

/** One stream as the list of classes shows it; a class without streams has a line of its own. */
export interface ClassLine {
  own: SchoolClass;
  nextName: string | null;
  stream: Stream | null;
  label: string;
  teacher: string | null;
  size: Size;
  seats: number | null;
}

export async function classLines(pages: SubjectPages, state: 'active' | 'all'): Promise<ClassLine[]> {
  const { classes, streams } = await pages.classStore.list();
  const sizes = await pages.classStore.sizes();
  const teachers = await teachersNow(pages, streams);
  const names = new Map(classes.map((one) => [one.id, one.name]));
  return classes
    .filter((own) => state === 'all' || own.active)
    .flatMap((own): ClassLine[] => {
      const mine = streams.filter((stream) => stream.classId === own.id && (state === 'all' || stream.active));
      const nextName = own.nextClassId ? (names.get(own.nextClassId) ?? null) : null;
      if (mine.length === 0)
        return [{ own, nextName, stream: null, label: own.name, teacher: null, size: { girls: 0, boys: 0 }, seats: null }];
      return mine.map((stream) => {
        const size = sizes.get(stream.id) ?? { girls: 0, boys: 0 };
        const teacher = stream.classTeacherId ? (teachers.get(stream.classTeacherId) ?? null) : null;
        return { own, nextName, stream, label: stream.label, teacher, size, seats: seatsLeft(stream.capacity, size) };
      });
    });
}

/** A class teacher who has left is none. */
async function teachersNow(pages: SubjectPages, streams: readonly Stream[]): Promise<Map<string, string>> {
  const here = new Set((await pages.hr.staff(await pages.school.today())).map((one) => one.id));
  return namesOf(
    pages.hr,
    streams.flatMap(({ classTeacherId }) => (classTeacherId && here.has(classTeacherId) ? [classTeacherId] : [])),
  );
}

export function sum(lines: readonly ClassLine[]): Size & { all: number; capacity: number; seats: number | null } {
  const girls = lines.reduce((total, one) => total + one.size.girls, 0);
  const boys = lines.reduce((total, one) => total + one.size.boys, 0);
  const counted = lines.filter((one) => one.seats !== null);
  return {
    girls,
    boys,
    all: girls + boys,
    capacity: counted.reduce((total, one) => total + (one.stream?.capacity ?? 0), 0),
    seats: counted.length > 0 ? counted.reduce((total, one) => total + one.seats!, 0) : null,
  };
}
