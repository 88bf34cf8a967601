import type { ServiceIdentifier } from 'inversify';
import type { Actor } from '../../kernel/actor.js';
import type { WholeExport } from './export.rules.js';

export interface ExportStore {
  /** False when one is at work already. */
  insert(made: WholeExport): Promise<boolean>;
  find(id: string): Promise<WholeExport | null>;
  /** Newest first. */
  newest(limit: number): Promise<WholeExport[]>;
  change(id: string, changes: Partial<Omit<WholeExport, 'id'>>): Promise<void>;
  /** Those whose file was made before then. */
  fetchedUntil(then: Date): Promise<WholeExport[]>;
}

/** Everything that the school holds, as an archive that is packed while it is read. */
export interface Contents {
  /** About how many files it will be. */
  count(): Promise<number>;
  /** @param next is told before each file, and may throw to end it */
  archive(actor: Actor, made: Pick<WholeExport, 'language' | 'byName'>, next: () => Promise<void>): AsyncIterable<Uint8Array>;
}

/** Hands the order to the jobs; joins the caller's transaction. */
export type OrderExport = (id: string) => Promise<void>;

export const EXPORT_STORE: ServiceIdentifier<ExportStore> = Symbol('ExportStore');
export const CONTENTS: ServiceIdentifier<Contents> = Symbol('ExportContents');
