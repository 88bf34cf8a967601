/** Days that a begun form is kept for the person who began it. */
export const DRAFT_DAYS = 7;
const MOST_FIELDS = 400;
const LONGEST = 2_000;
/** Nothing of the kind stands in the form; should one ever, it stays out of the draft. */
const SECRET = /passw|secret|token|\botp\b|\bpin\b/i;
/** Stands in the form when it opens, or is a mere tick: no reason to keep one. */
const FILLED_IN = /^(status|joinedOn|boarding|notTheSame)$|\.(getsSms|getsReports|mayCollect|livesWith|paysFees|invite)$/;

export type Typed = Record<string, string | string[]>;

/** What is worth keeping of a form: no marks of ours, nothing empty, nothing secret, nothing beyond reason; null when nothing is left. */
export function draftOf(body: Typed): Typed | null {
  const kept: Typed = {};
  for (const [name, value] of Object.entries(body)) {
    const values = [value].flat().map((one) => one.replaceAll('\0', '').slice(0, LONGEST));
    if (name.startsWith('_') || name.length > 120 || SECRET.test(name) || values.every((one) => one.trim() === '')) continue;
    kept[name] = Array.isArray(value) ? values : values[0]!;
    if (Object.keys(kept).length >= MOST_FIELDS) break;
  }
  return Object.keys(kept).some((name) => !FILLED_IN.test(name)) ? kept : null;
}
