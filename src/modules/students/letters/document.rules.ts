import { fold } from '../../../kernel/people/names.js';
import type { Status } from '../enrolments/life-cycle.rules.js';

export type DocumentKind = 'id-card' | 'transfer' | 'leaving';

/** A card or letter that was handed out; `code` is the secret part of the address behind its QR. */
export interface StudentDocument {
  id: string;
  studentId: string;
  kind: DocumentKind;
  code: string;
  reference: string | null;
  issuedOn: string;
  validUntil: string | null;
  byUserId: string | null;
}

export const DOCUMENT_WORDS: Record<DocumentKind, string> = {
  'id-card': 'ID card',
  transfer: 'Transfer letter',
  leaving: 'Leaving certificate',
};

/** Statuses of children who have left: only they get a leaving certificate. */
const LEFT: readonly Status[] = ['withdrawn', 'transferred', 'graduated', 'archived'];

/** A certificate says that a child has left; a transfer letter is also written for one who is about to. */
export function mayHave(kind: DocumentKind, status: Status): boolean {
  return kind !== 'leaving' || LEFT.includes(status);
}

/** What the page behind a code says. A paper whose leaving was taken back is withdrawn; a card is for who is here. */
export function standingOf(
  paper: { kind: DocumentKind; validUntil: string | null; status: Status; takenBack: boolean },
  today: string,
): 'valid' | 'expired' | 'withdrawn' {
  if (paper.kind !== 'id-card' && paper.takenBack) return 'withdrawn';
  if (paper.validUntil !== null && paper.validUntil < today) return 'expired';
  const holds =
    paper.kind === 'id-card' ? paper.status === 'active' || paper.status === 'suspended' : mayHave(paper.kind, paper.status);
  return holds ? 'valid' : 'expired';
}

/** For an envelope: the lines as they were written, then the town unless a line names it already. */
export function addressLines(address: string | null, town: string | null): string[] {
  const lines = (address ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  if (!town || lines.some((line) => fold(line).includes(fold(town)))) return lines;
  return [...lines, town];
}
