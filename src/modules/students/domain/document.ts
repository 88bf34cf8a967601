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

/** Letters without what is easily misread; 20 of them are beyond guessing. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
export const CODE_LENGTH = 20;

export function documentCode(random: Uint8Array): string {
  return [...random.subarray(0, CODE_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
