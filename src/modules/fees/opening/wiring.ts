import type { Container } from 'inversify';
import { AUDIT } from '../../../platform/http/ports.js';
import { LEDGER } from '../../finance/index.js';
import { IMPORT_KINDS } from '../../imports/index.js';
import { STUDENTS } from '../../students/index.js';
import { openingArrearsImport } from './adapters/opening-arrears.import.js';
import { Documents } from '../documents/documents.js';
import { OpeningArrears } from './opening-arrears.js';
import { TakingBack } from '../reversals/reversals.js';
import { PAYING } from '../index.js';
import { DOCUMENT_STORE, HEAD_STORE, HOLD_STORE } from '../ports.js';

/** What each child owed when the books began, as a list to import. */
export function bindOpening(c: Container): void {
  c.bind(OpeningArrears).toResolvedValue(
    (audit, store, documents, heads, hold, paying, takingBack, ledger, students) =>
      new OpeningArrears({ audit, store, documents, heads, hold, paying, takingBack, ledger, students }),
    [AUDIT, DOCUMENT_STORE, Documents, HEAD_STORE, HOLD_STORE, PAYING, TakingBack, LEDGER, STUDENTS],
  );
  c.bind(IMPORT_KINDS).toResolvedValue((opening: OpeningArrears) => openingArrearsImport(opening), [OpeningArrears]);
}
