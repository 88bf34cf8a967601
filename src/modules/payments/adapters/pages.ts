import type { Request } from 'express';
import { z } from 'zod';
import { DomainError, Invalid, type FieldProblem } from '../../../kernel/errors.js';
import { parsePhone } from '../../../kernel/people/phone.js';
import { optionalAmount } from '../../../platform/http/pages/fields.js';
import { FormState, type FlatValues } from '../../../platform/http/routes/form-data.js';
import type { SchoolApi } from '../../school/index.js';
import type { StudentsApi } from '../../students/index.js';
import type { RailAccounts } from '../accounts/accounts.js';
import type { Looking } from '../messages/looking.js';
import type { BillLinks } from '../links/bill-links.js';
import type { PayLinks } from '../links/links.js';
import type { Prompts } from '../prompts/prompts.js';
import type { NetworkReversals } from '../suspense/reversals.js';
import type { Suspense } from '../suspense/suspense.js';
import { CURRENCY } from '../accounts/account.rules.js';

/** What the pages of this module work with. */
export interface PaymentPages {
  accounts: RailAccounts;
  looking: Looking;
  suspense: Suspense;
  reversals: NetworkReversals;
  prompts: Prompts;
  links: PayLinks;
  billLinks: Pick<BillLinks, 'giveOwn'>;
  school: Pick<SchoolApi, 'profile'>;
  students: Pick<StudentsApi, 'briefs' | 'guardiansOf'>;
  /** What a link's secret becomes in an address. */
  publicUrl: string;
  now(): Date;
}

export const amount = optionalAmount(CURRENCY);

/** M-Pesa is on phones of Kenya. */
export const phone = z.string({ error: 'Enter the phone number, such as 0722 481 903' }).transform((text, context) => {
  const found = parsePhone(text, 'KE');
  if (found && /^\+254(7|1)\d{8}$/.test(found)) return found;
  context.addIssue({ code: 'custom', message: 'Enter the phone number, such as 0722 481 903' });
  return z.NEVER;
});

/**
 * For a form whose saving asks somebody outside: it has no transaction around it. What is refused is drawn again with
 * what was typed.
 */
export async function orAgain(
  req: Request,
  action: string,
  draw: (form: FormState, status: number) => Promise<void>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const problems = problemsOf(error);
    if (!problems) throw error;
    const own = Object.fromEntries(Object.entries((req.body ?? {}) as FlatValues).filter(([name]) => !name.startsWith('_')));
    await draw(
      new FormState(
        action,
        own,
        problems.map((one) => ({ ...one, message: req.t(one.message) })),
        '',
      ),
      error instanceof DomainError ? error.status : 422,
    );
  }
}

function problemsOf(error: unknown): FieldProblem[] | null {
  if (error instanceof z.ZodError) return error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  if (error instanceof Invalid) return error.problems;
  if (error instanceof DomainError && [409, 422, 429].includes(error.status)) return [{ field: '', message: error.message }];
  return null;
}

export function emptyForm(action: string, values: FlatValues = {}): FormState {
  return new FormState(action, values, [], '');
}
