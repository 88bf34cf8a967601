import type { DocumentStore, PaperFound, PaymentListStore } from '../ports.js';

const CODE = /^[a-z2-9]{20}$/;

/** What the public page behind the code of a paper may say; null for one that nobody gave out. */
export class PaperCheck {
  constructor(
    private readonly receipts: Pick<PaymentListStore, 'byCode'>,
    private readonly documents: Pick<DocumentStore, 'byCode'>,
  ) {}

  async find(code: string): Promise<PaperFound | null> {
    return CODE.test(code) ? ((await this.receipts.byCode(code)) ?? (await this.documents.byCode(code))) : null;
  }
}
