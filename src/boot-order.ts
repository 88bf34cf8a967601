/**
 * Sorts modules so that each comes after those it uses.
 * @throws Error with one sentence about the cycle or the missing name.
 */
export function bootOrder(names: readonly string[], uses: Record<string, readonly string[]>): string[] {
  const sorted: string[] = [];
  const under = new Set<string>();
  const visit = (name: string, from: string | null): void => {
    if (sorted.includes(name)) return;
    if (!names.includes(name)) throw new Error(`Module ${from} uses ${name}, which this role does not have`);
    if (!(name in uses)) throw new Error(`Module ${name} is missing in src/modules/uses.json`);
    if (under.has(name)) throw new Error(`Modules use each other in a circle: ${[...under, name].join(' → ')}`);
    under.add(name);
    for (const used of uses[name]!) visit(used, name);
    under.delete(name);
    sorted.push(name);
  };
  for (const name of names) visit(name, null);
  return sorted;
}
