import { PACKS } from '../../kernel/packs/index.js';

/** Countries whose pack a new school can be filled from, with the curricula to choose from; by name. */
export interface Country {
  code: string;
  name: string;
  curricula: readonly { id: string; name: string }[];
}

export const COUNTRIES: readonly Country[] = Object.values(PACKS)
  .map(({ country, name, curricula }) => ({ code: country, name, curricula }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

export function countryOf(code: string): Country | null {
  return COUNTRIES.find((country) => country.code === code) ?? null;
}

/** How many learners a school has, roughly; the last has no upper end. */
export const SIZES = ['1-100', '101-300', '301-600', '601-1200', '1201-'] as const;
export type Size = (typeof SIZES)[number];
