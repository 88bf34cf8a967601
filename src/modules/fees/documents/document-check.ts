import type { LedgerCheck } from '../../finance/index.js';
import type { DocumentKind } from './document.rules.js';
import type { DocumentStore } from '../ports.js';

const WORDS: Record<DocumentKind, string> = {
  invoice: 'Invoice',
  opening: 'Opening balance',
  'debit-note': 'Debit note',
  'credit-note': 'Credit note',
};

/** Each invoice and note says what its lines and its entry in the journal say. */
export function documentCheck(store: Pick<DocumentStore, 'differing'>): LedgerCheck {
  return {
    name: 'fee documents',
    run: async () =>
      (await store.differing()).map(({ id, kind, number }) => ({
        check: 'fee-documents',
        subject: id,
        sentence: `${WORDS[kind]} ${number} doesn't agree with its entry in the journal.`,
      })),
  };
}
