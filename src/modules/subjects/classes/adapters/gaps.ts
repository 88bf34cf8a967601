import type { GapSource } from '../../../imports/index.js';
import type { SchoolApi } from '../../../school/index.js';
import { subjectsOfStream, untaught } from '../../subjects/subject.rules.js';
import type { AllocationStore, ClassStore, SubjectStore } from '../../ports.js';

export function teachingGaps(
  stores: { classes: ClassStore; subjects: SubjectStore; allocations: AllocationStore },
  school: SchoolApi,
): GapSource {
  return {
    can: 'subjects.read',
    async load() {
      const streams = (await stores.classes.list()).streams.filter((one) => one.active);
      const [subjects, pathways] = [await stores.subjects.list(), await stores.subjects.pathways()];
      const running = await stores.allocations.all(await school.today());
      const lessons = streams.reduce((sum, stream) => {
        const taught = running.filter((one) => one.streamId === stream.id).map((one) => one.subjectId);
        return sum + untaught(subjectsOfStream(subjects, pathways, stream), taught).length;
      }, 0);
      return [
        {
          text: 'Classes without a class teacher',
          count: streams.filter((one) => !one.classTeacherId).length,
          href: '/subjects/classes',
          link: 'Name class teachers',
        },
        { text: 'Subjects without a teacher', count: lessons, href: '/subjects/allocations', link: 'Allocate teachers' },
      ];
    },
  };
}
