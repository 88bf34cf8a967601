import { token } from '../../../kernel/shapes/tokens.js';
import type { SlipBatch } from './slips.rules.js';

/** Slips with passwords, sealed, for the few minutes until they are printed. */
export interface SlipStore {
  put(row: { id: string; userId: string; sealed: Buffer; expiresAt: Date }): Promise<void>;
  /** Only the person's own, and only until they expire. */
  take(id: string, userId: string, now: Date): Promise<Buffer | null>;
  forget(now: Date): Promise<void>;
}

/** Makes slips unreadable without the key of this process; `context` is bound into the seal. */
export interface Sealer {
  seal(batch: SlipBatch, context: string): Buffer;
  open(sealed: Buffer, context: string): SlipBatch;
}

export const SLIPS = token<SlipStore>('Slips');
export const SEALER = token<Sealer>('Sealer');
