import { setImmediate as turn } from 'node:timers/promises';

/** Rows that are worked on before others get their turn: some milliseconds' work. */
const SLICE = 50;

export async function inSlices<From, To>(items: readonly From[], work: (item: From, index: number) => To): Promise<To[]> {
  const made: To[] = [];
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % SLICE === 0) await turn();
    made.push(work(item, index));
  }
  return made;
}
