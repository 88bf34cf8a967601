const GAP = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Gaps of a text that somebody wrote which nothing fills, as they were written. */
export function unknownGaps(text: string, known: readonly string[]): string[] {
  return [...text.matchAll(GAP)].filter((match) => !known.includes(match[1]!)).map((match) => match[0]);
}

export function hasGap(text: string, gap: string): boolean {
  return [...text.matchAll(GAP)].some((match) => match[1] === gap);
}

export function fillGaps(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(GAP, (whole, name: string) => values[name] ?? whole);
}
