import { token } from '../../platform/tokens.js';
import type { __Type__ } from './__file__.record.js';

export type { __Type__ };

/** What other modules may ask. */
export interface __Plural__Api {
  /** Those in use, by name. */
  active(): Promise<__Type__[]>;
}

export const __TOKEN__ = token<__Plural__Api>('__Plural__');
