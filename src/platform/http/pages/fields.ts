import type { Request } from 'express';
import { z } from 'zod';
import { NotFound } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/id.js';
import { ABOVE_ZERO, ZERO_OR_MORE } from '../../../kernel/money.js';
import { parseAmount } from '../../sheets/reading/numbers.js';
import { ENTER_DATE } from '../routes/zod-texts.js';

/** An id of the address, `:id` unless it has another name. @throws NotFound for what is none */
export function idOf(req: Request, name = 'id'): string {
  const id = req.params[name];
  if (!isId(id)) throw new NotFound();
  return id;
}

/** What is asked for by the same words on many forms. */

export const day = z.iso.date(ENTER_DATE);

/** A sum as people write it, in minor units, of `least` or more. */
export function amountField(currency: string, least: 0 | 1) {
  const asked = least === 0 ? ZERO_OR_MORE : ABOVE_ZERO;
  return z.string({ error: asked }).transform((value, context) => {
    const minor = parseAmount(value, currency);
    if (minor !== null && minor >= least) return minor;
    context.addIssue({ code: 'custom', message: asked });
    return z.NEVER;
  });
}

/** The same above zero; null for an empty box. */
export function optionalAmount(currency: string) {
  return z
    .string()
    .optional()
    .transform((value, context) => {
      if (value === undefined || value.trim() === '') return null;
      const minor = parseAmount(value, currency);
      if (minor !== null && minor > 0) return minor;
      context.addIssue({ code: 'custom', message: ABOVE_ZERO });
      return z.NEVER;
    });
}
