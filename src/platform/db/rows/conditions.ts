/** What a list is narrowed by, gathered filter by filter. */
export interface Conditions {
  values: unknown[];
  /** Of the filters that are given: every combination of them is one prepared statement with a name of its own. */
  keys: string[];
  where: string[];
  /** The placeholder of a value. */
  param(value: unknown): string;
  add(key: string, condition: string): void;
}

export function conditions(): Conditions {
  const values: unknown[] = [];
  const keys: string[] = [];
  const where: string[] = [];
  return {
    values,
    keys,
    where,
    param: (value) => `$${values.push(value)}`,
    add: (key, condition) => {
      keys.push(key);
      where.push(condition);
    },
  };
}
