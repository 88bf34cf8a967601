import { can } from '../../../kernel/actor.js';
import { fold } from '../../../kernel/people/names.js';
import type { Search } from '../../../platform/module.js';
import type { ClassStore, SubjectStore } from '../ports.js';

/** Streams and subjects by any word of their names. */
export function subjectSearch(classes: ClassStore, subjects: SubjectStore): Search {
  return async (text, actor, limit) => {
    if (!can(actor, 'subjects.read')) return [];
    const typed = fold(text);
    const hits = (name: string): boolean => ` ${fold(name)}`.includes(` ${typed}`);
    const streams = (await classes.list()).streams.filter((one) => one.active && hits(one.label));
    const found = (await subjects.list()).filter((one) => one.active && (hits(one.name) || fold(one.code) === typed));
    return [
      ...streams
        .slice(0, limit)
        .map((one) => ({ kind: 'Classes', label: one.label, note: one.room ?? '', href: `/subjects/streams/${one.id}` })),
      ...found
        .slice(0, limit)
        .map((one) => ({ kind: 'Subjects', label: one.name, note: one.department, href: `/subjects/${one.id}` })),
    ];
  };
}
