interface Layout {
  glyphs: readonly unknown[];
  positions: readonly object[];
}

/** What is used of fontkit: by itself it takes Adlam for a script that runs from left to right and never joins. */
export interface AdlamFont {
  layout(text: string, features: Record<string, boolean>, script: string, language: undefined, direction: 'rtl'): Layout;
}

/** A letter with the marks above and below it, or anything else. */
const CLUSTERS = /\P{M}\p{M}*|\p{M}+/gu;
/** Every letter of Adlam joins on both sides, capitals too; its digits do not. */
const JOINS = /^(?=\p{Script=Adlam})\p{L}/u;

/** Letters joined, from right to left: each is laid out in the form that its neighbours ask for, the last one stands first. */
export function adlamLayout(font: AdlamFont, text: string): Layout {
  const clusters = text.match(CLUSTERS) ?? [];
  const runs = clusters.map((cluster, n) => font.layout(cluster, formOf(clusters, n), 'adlm', undefined, 'rtl')).reverse();
  const first = runs[0] ?? font.layout('', {}, 'adlm', undefined, 'rtl');
  const whole = { glyphs: runs.flatMap((run) => run.glyphs), positions: runs.flatMap((run) => run.positions) };
  return Object.assign(Object.create(Object.getPrototypeOf(first) as object) as Layout, first, whole);
}

function formOf(clusters: readonly string[], n: number): Record<string, boolean> {
  const [before, joins, after] = [n - 1, n, n + 1].map((at) => JOINS.test(clusters[at] ?? ''));
  if (!joins || !(before || after)) return {};
  return { [before ? (after ? 'medi' : 'fina') : 'init']: true };
}
