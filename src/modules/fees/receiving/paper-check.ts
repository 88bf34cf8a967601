import { only, type Given } from '../../../kernel/shapes/tokens.js';
import { DOCUMENT_STORE, PAYMENT_LIST, type PaperFound } from '../ports.js';

const CODE = /^[a-z2-9]{20}$/;

/** What the public page behind the code of a paper may say; null for one that nobody gave out. */
export class PaperCheck {
  static readonly needs = { receipts: only(PAYMENT_LIST, 'byCode'), documents: only(DOCUMENT_STORE, 'byCode') };

  constructor(private readonly parts: Given<typeof PaperCheck.needs>) {}

  async find(code: string): Promise<PaperFound | null> {
    return CODE.test(code) ? ((await this.parts.receipts.byCode(code)) ?? (await this.parts.documents.byCode(code))) : null;
  }
}
