import { RuleBroken } from '../../../kernel/errors.js';
import { fold } from '../../../kernel/people/names.js';

/** What a school keeps short lists of; who lives, rides or eats where is kept with the students. */
export const LIST_KINDS = ['houses', 'dorms', 'routes', 'meal-plans'] as const;
export type ListKind = (typeof LIST_KINDS)[number];

export interface ListItem {
  id: string;
  kind: ListKind;
  name: string;
  position: number;
  /** Places, beds or seats; null where nobody counts them. */
  capacity: number | null;
  note: string;
  active: boolean;
}

export function checkItem(item: ListItem, others: readonly ListItem[]): void {
  const same = others.find((other) => other.kind === item.kind && other.id !== item.id && fold(other.name) === fold(item.name));
  if (same) throw new RuleBroken('school.list-name-taken', `${same.name} is already in this list.`, 'name');
}
