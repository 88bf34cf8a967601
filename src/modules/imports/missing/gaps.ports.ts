import { token } from '../../../platform/tokens.js';

/** Something that a list should say and doesn't: how many rows lack it, and where they are mended. */
export interface Gap {
  text: string;
  count: number;
  href: string;
  link: string;
}

/** What a module knows to be missing in its own lists; a statement or two. Multi-bound to `GAP_SOURCES`. */
export interface GapSource {
  can: `${string}.${string}`;
  load(): Promise<Gap[]>;
}

export const GAP_SOURCES = token<GapSource>('GapSource');
