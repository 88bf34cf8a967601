import { DomainError } from '../../../kernel/errors.js';

/** A file that can't be read as a sheet, with the one sentence that says why and what to do. */
export class SheetRefused extends DomainError {
  readonly status = 422;
  readonly code = 'sheet-refused';

  constructor(readonly sentence: string) {
    super(sentence);
  }
}
