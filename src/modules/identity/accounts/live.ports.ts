import type { PersonKind, RoleName } from './account.ports.js';

/** A person as every request needs them. */
export interface LivePerson {
  userId: string;
  name: string;
  version: number;
  person: { kind: PersonKind; id: string } | null;
  roles: RoleName[];
  language: string | null;
  density: 'compact' | 'normal' | null;
  mustSetPassword: boolean;
  hasFactor: boolean;
  /** Until when the set-up of a second step may be put off, in ms since 1970; null before the first sign-in is written down. */
  factorDue: number | null;
  /** What was proven up to then counts no more, in ms since 1970; 0 where nobody doubts. */
  doubtedUntil: number;
  /** Which state of the matrix holds now. */
  matrixVersion: number;
}

export interface LiveSession {
  sess: Record<string, unknown>;
  age: { minutes: number; idleMinutes: number };
  person: LivePerson;
}

/** Who is signed in, right within a second of any change. */
export interface LivePeople {
  bySession(sidHash: string): Promise<LiveSession | null>;
  byId(userId: string): Promise<LivePerson | null>;
  /** Writes what the session holds; does nothing for one that is over. */
  save(sidHash: string, sess: object): Promise<void>;
  touch(sidHash: string): Promise<void> | null;
}
