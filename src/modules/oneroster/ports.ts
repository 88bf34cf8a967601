import type { Actor } from '../../kernel/actor.js';
import type { Page } from '../../kernel/page.js';
import { token } from '../../platform/tokens.js';
import type { WrittenLine } from '../imports/index.js';
import type { Content } from './format/content.rules.js';
import type { Choices, Findings } from './format/guess.rules.js';
import type { Version } from './format/spec.rules.js';
import type { Problem } from './format/validate.rules.js';

export const BUNDLE_STATUSES = ['checking', 'checked', 'refused', 'writing', 'done', 'failed', 'undoing', 'undone'] as const;
export type BundleStatus = (typeof BUNDLE_STATUSES)[number];

/** In the order in which they are written; each may need those before it. */
export const PARTS = ['years', 'staff', 'streams', 'subjects', 'students', 'allocations', 'choices'] as const;
export type Part = (typeof PARTS)[number];

export interface PartCount {
  create: number;
  update: number;
  unchanged: number;
  leftOut: number;
}

export interface Outcome {
  parts: Record<Part, PartCount>;
  /** The first of them; `errors` and `warnings` count all. */
  problems: Problem[];
  errors: number;
  warnings: number;
  /** Files and rows that the school has no place for. */
  passedOver: Record<string, number>;
}

export interface Bundle {
  id: string;
  status: BundleStatus;
  fileId: string;
  fileName: string;
  version: Version | null;
  sourceName: string | null;
  sourceCode: string | null;
  /** Empty until the bundle has been read. */
  choices: Partial<Choices>;
  findings: Findings | null;
  outcome: Outcome | null;
  /** What is under way. */
  step: string | null;
  done: number;
  total: number;
  sentence: string | null;
  actor: Omit<Actor, 'permissions'> & { permissions: string[] };
  byName: string;
  writtenIn: string | null;
  createdAt: Date;
  writtenAt: Date | null;
  undoneAt: Date | null;
  undoneBy: string | null;
  /** Since then neither the archive nor what it changed is kept. */
  forgottenAt: Date | null;
}

export type IdentityKind = 'year' | 'stream' | 'subject' | 'staff' | 'student' | 'guardian';
export interface Identity {
  kind: IdentityKind;
  sourcedId: string;
  entityId: string;
}

export interface BundleStore {
  list(cursor: string | null, limit: number): Promise<Page<Bundle>>;
  find(id: string): Promise<Bundle | null>;
  insert(bundle: Bundle): Promise<void>;
  change(id: string, changes: Partial<Omit<Bundle, 'id'>>): Promise<void>;
  /** False when the status is another by now. */
  step(id: string, from: readonly BundleStatus[], changes: Partial<Omit<Bundle, 'id'>>): Promise<boolean>;
  remove(id: string): Promise<void>;
  /** Seen by others at once, also while a transaction is under way. */
  progress(id: string, step: string, done: number, total: number): Promise<void>;
  /** Waits until no other transaction takes a bundle; rows are found by index from here on. */
  hold(): Promise<void>;
  learnSizes(tables: readonly string[]): Promise<void>;
  /** Names the current transaction. */
  transaction(): Promise<string>;
  keep(id: string, part: Part, lines: readonly WrittenLine[]): Promise<void>;
  /** From the last to the first: those before `before`. */
  written(id: string, part: Part, before: number, limit: number): Promise<WrittenLine[]>;
  /** By which ids a system knows things of ours. */
  identities(source: string): Promise<Identity[]>;
  addIdentities(source: string, bundleId: string, identities: readonly Identity[]): Promise<void>;
  removeIdentities(bundleId: string): Promise<void>;
  /** Whatever stood for the one stands for the other from now on. */
  moveIdentities(kind: IdentityKind, fromId: string, toId: string): Promise<void>;
}

/** The archive as judged rows. */
export interface BundleReader {
  /** @throws a refusal with one sentence when it is no bundle */
  read(
    body: () => Promise<AsyncIterable<Uint8Array>>,
    name: string,
    options: { signal: AbortSignal; known(source: string): Promise<ReadonlySet<string>>; tell(problem: Problem): void },
  ): Promise<Content>;
}

export type Enqueue = (job: 'oneroster.check' | 'oneroster.write' | 'oneroster.undo', id: string) => Promise<void>;

export const BUNDLE_STORE = token<BundleStore>('OneRosterBundleStore');
export const BUNDLE_READER = token<BundleReader>('OneRosterBundleReader');
