/** A field whose value differs between before and after; null where there was none. */
export interface Difference {
  field: string;
  before: string | null;
  after: string | null;
}

/** Field by field what differs, nested fields by their path; what is equal is left out. */
export function differencesOf(before: object | null, after: object | null): Difference[] {
  const left = flat(before);
  const right = flat(after);
  const fields = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return fields
    .map((field) => ({ field, before: left[field] ?? null, after: right[field] ?? null }))
    .filter((difference) => difference.before !== difference.after);
}

function flat(value: object | null, prefix = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, inner] of Object.entries(value ?? {}) as [string, unknown][]) {
    if (inner === null || inner === undefined || inner === '') continue;
    if (Array.isArray(inner) && inner.every((item) => typeof item !== 'object')) found[prefix + key] = inner.join(', ');
    else if (typeof inner === 'object') Object.assign(found, flat(inner, `${prefix}${key}.`));
    else found[prefix + key] = String(inner as string | number | boolean);
  }
  return found;
}
