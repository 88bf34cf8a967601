import { SUBJECTS } from '../../../src/modules/subjects/index.js';
import type { Student } from '../../../src/modules/students/index.js';
import type { SchoolUnderTest } from '../app.js';
import { aFamily, type StudentWishes } from '../build.js';

/** So many children, each with both parents, spread over all streams in turn. */
export async function admitMany(
  school: SchoolUnderTest,
  count: number,
  wishes: (index: number) => StudentWishes = () => ({}),
): Promise<Student[]> {
  const { streams } = await school.run(() => school.get(SUBJECTS).classList());
  const made: Student[] = [];
  for (let index = 0; index < count; index += 1) {
    const family = await aFamily(school, 1, {
      stream: streams[index % streams.length]!.label,
      boarding: index % 4 === 0 ? 'boarder' : 'day',
      ...wishes(index),
    });
    made.push(...family.students);
  }
  return made;
}
