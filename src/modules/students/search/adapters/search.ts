import { showPhone } from '../../../../kernel/people/phone.js';
import { registerName } from '../../../../kernel/people/names.js';
import type { Search, SearchHit } from '../../../../platform/module.js';
import type { SchoolApi } from '../../../school/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import type { StudentScope } from '../../register/scope.js';
import { seenRow, sightOf } from '../../register/sight.js';
import { FOUND_BY_WORDS } from '../search.rules.js';
import type { StudentStore } from '../../ports.js';

/** Children by any of their words, the nearest first, with the way to the rest. */
export function studentSearch(students: StudentStore, scope: StudentScope, subjects: SubjectsApi, school: SchoolApi): Search {
  return async (text, actor, limit) => {
    if (!actor.permissions.has('students.read')) return [];
    const sight = sightOf(actor);
    const filter = {
      text,
      byContacts: sight.sees('contacts'),
      classId: null,
      streamId: null,
      statuses: [],
      boarding: null,
      sex: null,
      putAside: false,
    };
    const page = await students.list(filter, await scope.of(actor), 'best', false, null, limit);
    const { country } = await school.pack();
    const labels = new Map((await subjects.classList()).streams.map((stream) => [stream.id, stream.label]));
    const hits: SearchHit[] = page.rows
      .map((row) => seenRow(row, sight))
      .map((row) => ({
        kind: 'Students',
        label: registerName(row),
        note: [
          row.streamId ? labels.get(row.streamId) : row.status,
          row.admissionNo,
          row.guardianPhone && showPhone(row.guardianPhone, country),
        ]
          .filter(Boolean)
          .join(' · '),
        why: row.foundBy ? FOUND_BY_WORDS[row.foundBy] : undefined,
        href: `/students/${row.id}`,
      }));
    if (page.next)
      hits.push({
        kind: 'Students',
        label: 'Show all matches',
        note: '',
        href: `/students?${new URLSearchParams({ q: text, status: 'all' })}`,
        all: true,
      });
    return hits;
  };
}
