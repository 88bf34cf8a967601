import type { Random } from '../random.js';

/** How people of one community are called, and what goes with it. */
export interface Community {
  name: string;
  /** How many of a school's families belong to it, in parts. */
  weight: number;
  surnames: readonly string[];
  /** The names given at home, that stand in the middle. */
  girls: readonly string[];
  boys: readonly string[];
  /** First names; the country's common ones when left out. */
  firstGirls?: readonly string[];
  firstBoys?: readonly string[];
  religion: string;
  language: string;
  homeAreas: readonly string[];
}

/** What a demo school needs to know of its country to make people up. */
export interface DemoCountry {
  code: 'KE' | 'GH';
  nationality: string;
  communities: readonly Community[];
  firstGirls: readonly string[];
  firstBoys: readonly string[];
  /** Streets and estates of the town; a house number goes in front. */
  streets: readonly string[];
  occupations: readonly string[];
  previousSchools: readonly string[];
  /** E.164 up to the last five digits, which are counted up: a block that nobody is reached at. */
  phoneBlock: string;
  /** Numbers of the ministry and the like, by the keys of the country's pack. */
  identifiersOf(random: Random, age: number): { type: string; value: string }[];
}
