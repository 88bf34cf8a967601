const SPECIAL = /[\\"]/;

/**
 * One column of many rows as PostgreSQL writes an array of one dimension, for `unnest($1::text[], …)`. The driver
 * would do the same and look at each element three times.
 */
export function arrayOf<Item>(items: readonly Item[], valueOf: (item: Item) => unknown): string {
  let text = '';
  for (const item of items) text += `,${element(valueOf(item))}`;
  return `{${text.slice(1)}}`;
}

function element(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return SPECIAL.test(value) ? `"${value.replace(/[\\"]/g, '\\$&')}"` : `"${value}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return element(value instanceof Date ? value.toISOString() : JSON.stringify(value));
}
