/** As many as a process has connections for, less one for whoever else asks. */
const LANES = 3;

/** Works through the items a few at a time; the results keep the order. The first failure ends it. */
export async function inLanes<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const at = next;
      next += 1;
      results[at] = await work(items[at]!);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}
