import { can, type Actor } from '../../../kernel/actor.js';
import type { SubjectsApi } from '../../subjects/index.js';
import type { Scope } from '../ports.js';

/** Whom an actor may see: with `students.see-all` everybody, as a teacher the own streams, else nobody. */
export class StudentScope {
  constructor(
    private readonly subjects: SubjectsApi,
    private readonly today: () => Promise<string>,
  ) {}

  async of(actor: Actor): Promise<Scope> {
    if (can(actor, 'students.see-all')) return { kind: 'all' };
    if (actor.person?.kind === 'staff' && can(actor, 'students.read')) {
      return { kind: 'streams', streamIds: await this.subjects.streamsOfTeacher(actor.person.id, await this.today()) };
    }
    return { kind: 'children', studentIds: [] };
  }
}
