/** Of a span of learners the number in its middle: `101-300` → 201; of one without an upper end a quarter more than where it begins. Null for what is no span. */
export function middleOf(span: string): number | null {
  const [, from, to] = /^(\d{1,5})-(\d{1,5})?$/.exec(span) ?? [];
  if (!from) return null;
  return Math.round(to ? (Number(from) + Number(to)) / 2 : Number(from) * 1.25);
}
