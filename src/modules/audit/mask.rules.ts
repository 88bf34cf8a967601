export const HIDDEN = '[hidden]';
const LONGEST_TEXT = 2_000;
const LONGEST_LIST = 200;
const DEEPEST = 6;

/** Never written, not even that they were there with what length. */
const SECRET =
  /pass(word|phrase)|secret|token|^otp|totp|^code$|_code$|recovery|cookie|authori[sz]ation|csrf|api_?key|private_?key|hash$/i;
/** That they changed is written, what they were is not: health, pay, papers. */
const SENSITIVE =
  /medic|health|diagnos|allerg|disab|special_?needs|hiv|blood|immuni[sz]|religion|salary|basic_?pay|net_?pay|bank_?account|account_?number|iban|national_?id|id_?number|passport|birth_?certificate|tax_?(pin|no|number)|kra|nssf|nhif|sha_?number|upi/i;

/** A copy for the audit: plain JSON, without secrets, sensitive values hidden, endless texts cut. */
export function masked(value: object | null | undefined): Record<string, unknown> | null {
  return value ? (copy(value, 0) as Record<string, unknown>) : null;
}

function copy(value: unknown, depth: number): unknown {
  if (value === undefined || typeof value === 'function') return null;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Set) return copy([...(value as Set<unknown>)], depth);
  if (typeof value === 'string')
    return value.length > LONGEST_TEXT ? `${cleanText(value.slice(0, LONGEST_TEXT))}…` : cleanText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '…';
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map((item) => copy(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, hides(key, inner) ? HIDDEN : copy(inner, depth + 1)]),
  );
}

function hides(key: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return false;
  const name = key.replace(/([a-z])([A-Z])/g, '$1_$2');
  return SECRET.test(name) || SENSITIVE.test(name);
}

/** What the database would refuse or change: zero bytes and halves of characters. */
export function cleanText(text: string): string {
  return text.replaceAll('\0', '').replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}

/**
 * A masked value that changed must still differ: where both sides are hidden and the values were not the same,
 * the later one says so.
 */
export function maskedPair(
  before: object | null | undefined,
  after: object | null | undefined,
): { before: Record<string, unknown> | null; after: Record<string, unknown> | null } {
  const left = masked(before);
  const right = masked(after);
  if (left && right && before && after) {
    for (const key of Object.keys(right)) {
      const was = (before as Record<string, unknown>)[key];
      const is = (after as Record<string, unknown>)[key];
      if (left[key] === HIDDEN && right[key] === HIDDEN && JSON.stringify(was) !== JSON.stringify(is))
        right[key] = '[hidden, changed]';
    }
  }
  return { before: left, after: right };
}
