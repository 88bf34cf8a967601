import type { Container } from 'inversify';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Get } from '../../../platform/module.js';
import { LEDGER } from '../../finance/index.js';
import { IMPORT_KINDS } from '../../imports/index.js';
import { SCHOOL } from '../../school/index.js';
import { STUDENTS } from '../../students/index.js';
import { formerReceiptsImport } from './adapters/former-receipts.import.js';
import { PostgresFormerReceiptStore } from './adapters/former-receipt.store.js';
import { formerReceiptRoutes } from './adapters/former-receipts.routes.js';
import { FormerReceipts } from './former-receipts.js';
import { FORMER_RECEIPT_STORE } from '../ports.js';

/** Receipts that an earlier system wrote: brought by a list, shown beside the account. */
export function bindFormer(c: Container): void {
  c.bind(FORMER_RECEIPT_STORE).toResolvedValue(() => new PostgresFormerReceiptStore());
  c.bind(FormerReceipts).toResolvedValue((...parts) => new FormerReceipts(...parts), [FORMER_RECEIPT_STORE, STUDENTS, LEDGER]);
  c.bind(IMPORT_KINDS).toResolvedValue((former: FormerReceipts) => formerReceiptsImport(former), [FormerReceipts]);
}

export function formerRoutes(r: Routes, get: Get): void {
  formerReceiptRoutes(r, { former: get(FormerReceipts), school: get(SCHOOL) });
}
