/** Years that entries are kept. The database itself refuses less. */
export const YEARS = { least: 3, usual: 7, most: 50 } as const;

/** The first instant (UTC) that is kept: whole months go, so that removing happens once a month. */
export function cutoffOf(now: Date, years: number): Date {
  return new Date(Date.UTC(now.getUTCFullYear() - years, now.getUTCMonth(), 1));
}

/** What the law of the country says about keeping, for whoever chooses the years. */
const NOTES: Record<string, string> = {
  KE: 'Kenya: tax papers are kept for five years (Tax Procedures Act, section 23); data about people no longer than needed (Data Protection Act, section 39).',
  NG: 'Nigeria: accounting records are kept for six years (Companies and Allied Matters Act); data about people no longer than needed (Data Protection Act 2023).',
  GH: 'Ghana: tax papers are kept for six years (Revenue Administration Act); data about people no longer than needed (Data Protection Act).',
  UG: 'Uganda: tax papers are kept for five years (Tax Procedures Code Act); data about people no longer than needed (Data Protection and Privacy Act).',
  ZA: 'South Africa: company records are kept for seven years (Companies Act, section 24); data about people no longer than needed (POPIA).',
};

export function countryNote(country: string | undefined): string | null {
  return NOTES[country ?? ''] ?? null;
}

/** The instant in an id of version 7, in milliseconds. */
export function madeAt(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}
