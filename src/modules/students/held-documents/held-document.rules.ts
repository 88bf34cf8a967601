import { addDays } from '../../../kernel/clock.js';

/** A sort of paper that the school wants to have of a child: birth certificate, immunisation card, visa. */
export interface DocumentType {
  id: string;
  name: string;
  required: boolean;
  expires: boolean;
  /** So many days before its last day a paper is called expiring. */
  warnDays: number;
  position: number;
  active: boolean;
  version: number;
}

/** What a family has handed in, as a file. */
export interface HeldDocument {
  id: string;
  studentId: string;
  kindId: string;
  fileId: string;
  fileName: string;
  /** The last day it is good for. */
  expiresOn: string | null;
  note: string | null;
  byUserId: string | null;
  byName: string | null;
}

export const DOCUMENT_STATES = ['missing', 'expired', 'expiring', 'present'] as const;
export type DocumentState = (typeof DOCUMENT_STATES)[number];

/** What a school usually wants, for one that has settled nothing yet. */
export const USUAL_KINDS: readonly Pick<DocumentType, 'name' | 'required' | 'expires' | 'warnDays'>[] = [
  { name: 'Birth certificate', required: true, expires: false, warnDays: 60 },
  { name: 'Immunisation card', required: true, expires: false, warnDays: 60 },
  { name: 'Transfer letter', required: false, expires: false, warnDays: 60 },
  { name: 'Visa or pupil’s pass', required: false, expires: true, warnDays: 90 },
];

/** A paper is good through its last day. */
export function stateOf(
  kind: Pick<DocumentType, 'warnDays'>,
  held: Pick<HeldDocument, 'expiresOn'> | null,
  today: string,
): DocumentState {
  if (!held) return 'missing';
  if (held.expiresOn === null) return 'present';
  if (held.expiresOn < today) return 'expired';
  return held.expiresOn <= addDays(today, kind.warnDays) ? 'expiring' : 'present';
}
