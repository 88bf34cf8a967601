import type { App } from '../../app.js';
import { CONFIG } from '../../platform/settings.js';

/**
 * Works through the items a few at a time: as many as the process has connections for, less one for whoever else asks.
 * The results keep the order. The first failure ends it.
 */
export async function inLanes<Item, Result>(
  app: App,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const at = next;
      next += 1;
      results[at] = await work(items[at]!);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, app.container.get(CONFIG).db.poolMax - 1) }, lane));
  return results;
}
