import { AsyncLocalStorage } from 'node:async_hooks';
import type { Page } from '../kernel/page.js';

/** Whom one request shows: filled while its answer is made, counted when it goes out. */
export class PeopleShown {
  readonly named = new Set<string>();
  readonly opened = new Set<string>();
}

const storage = new AsyncLocalStorage<PeopleShown>();

export function whileShowing<Result>(shown: PeopleShown, work: () => Result): Result {
  return storage.run(shown, work);
}

export function peopleShown(): PeopleShown | null {
  return storage.getStore() ?? null;
}

/**
 * Whoever hands out rows with people's names says whose they are: every store that reads such rows passes them through
 * here. Outside of a request nobody looks, and nothing is noted.
 */
export function naming<Row>(rows: Row[], personOf: (row: Row) => string | null): Row[] {
  const shown = storage.getStore();
  if (!shown) return rows;
  for (const row of rows) {
    const id = personOf(row);
    if (id !== null) shown.named.add(id);
  }
  return rows;
}

/** The same for a page of a list. */
export function namingPage<Row, Found extends Page<Row>>(page: Found & Page<Row>, personOf: (row: Row) => string | null): Found {
  naming(page.rows, personOf);
  return page;
}

/** The same for a page, a photo or a file that is about one person. */
export function opening(id: string): void {
  const shown = storage.getStore();
  shown?.named.add(id);
  shown?.opened.add(id);
}
