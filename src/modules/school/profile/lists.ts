import { z } from 'zod';
import { demand, type Actor } from '../../../kernel/actor.js';
import { NotFound } from '../../../kernel/errors.js';
import { fold } from '../../../kernel/people/names.js';
import { newId } from '../../../kernel/id.js';
import type { SchoolLists } from '../index.js';
import { checkItem } from './lists.rules.js';
import type { ListItem, ListKind } from './lists.rules.js';
import { SchoolUseCases } from '../changing.js';

export const listItemInput = z.object({
  name: z.string().max(60),
  position: z.coerce.number().int().min(1).max(999).optional(),
  capacity: z.coerce.number().int().min(1).max(5000).optional(),
  note: z.string().max(120).default(''),
  active: z.stringbool({ truthy: ['yes'], falsy: ['no'] }).default(false),
});
export type ListItemInput = z.infer<typeof listItemInput>;

/** Houses, dormitories, transport routes and meal plans. */
export class Lists extends SchoolUseCases implements SchoolLists {
  async addItem(actor: Actor, kind: ListKind, name: string): Promise<void> {
    demand(actor, 'school.lists.change');
    await this.changing(async ({ lists }) => {
      if (lists.some((item) => item.kind === kind && fold(item.name) === fold(name))) return;
      await this.save(actor, kind, null, { name, note: '', active: true });
    });
  }

  save(actor: Actor, kind: ListKind, id: string | null, input: ListItemInput): Promise<ListItem> {
    return this.changing(async ({ lists }) => {
      const before = id ? itemOf(lists, kind, id) : null;
      const last = Math.max(0, ...lists.filter((item) => item.kind === kind).map((item) => item.position));
      const after: ListItem = {
        ...input,
        id: before?.id ?? newId(),
        kind,
        position: input.position ?? before?.position ?? last + 1,
        capacity: input.capacity ?? null,
      };
      checkItem(after, lists);
      await this.deps.store.saveListItem(after);
      await this.record(actor, before ? 'list.change' : 'list.add', {
        entity: 'school_lists',
        id: after.id,
        label: after.name,
        before,
        after,
      });
      return after;
    });
  }

  remove(actor: Actor, kind: ListKind, id: string): Promise<ListItem> {
    return this.changing(async ({ lists }) => {
      const before = itemOf(lists, kind, id);
      await this.deps.store.removeListItem(id);
      await this.record(actor, 'list.remove', { entity: 'school_lists', id, label: before.name, before });
      return before;
    });
  }
}

function itemOf(lists: readonly ListItem[], kind: ListKind, id: string): ListItem {
  const item = lists.find((candidate) => candidate.kind === kind && candidate.id === id);
  if (!item) throw new NotFound();
  return item;
}
