import { ghana } from './ghana.js';
import { kenya } from './kenya.js';
import { nigeria } from './nigeria.js';
import { southAfrica } from './south-africa.js';
import { uganda } from './uganda.js';
import type { CountryPack, Level, MobileMoney, PackId, Subject } from './types.js';

export const PACKS: Record<PackId, CountryPack> = { kenya, nigeria, ghana, uganda, 'south-africa': southAfrica };

export const PACK_IDS = Object.keys(PACKS) as [PackId, ...PackId[]];

export function packOf(id: PackId): CountryPack {
  return PACKS[id];
}

export function packForCountry(country: string): CountryPack | null {
  return Object.values(PACKS).find((pack) => pack.country === country) ?? null;
}

const ELSEWHERE: MobileMoney = { operators: [], scheme: 'mobile' };

/** What money on phones is called in a country. */
export function mobileMoneyOf(country: string): MobileMoney {
  return packForCountry(country)?.mobileMoney ?? ELSEWHERE;
}

/** Whose numbers codes of mobile money are, where this is the currency. */
export function mobileScheme(currency: string): MobileMoney['scheme'] {
  return Object.values(PACKS).find((pack) => pack.currency === currency)?.mobileMoney.scheme ?? ELSEWHERE.scheme;
}

/** The classes that run in a calendar year, in order. */
export function levelsIn(pack: CountryPack, year: number): Level[] {
  return pack.levels.filter((level) => (level.since ?? year) <= year && year <= (level.until ?? year));
}

/** Whether a class has a subject in the school year that begins in a year; without one, in any. */
export function isTaught({ levels, years }: Subject, level: string, year?: number): boolean {
  const { since = -Infinity, until = Infinity } = years?.[level] ?? {};
  return levels.includes(level) && (year === undefined || (since <= year && year <= until));
}

export function subjectsOf(pack: CountryPack, level: string, year?: number): Subject[] {
  return pack.subjects.filter((subject) => isTaught(subject, level, year));
}
