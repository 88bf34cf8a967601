import { Invalid } from '../../../kernel/errors.js';
import { passwordProblem } from './password.rules.js';
import type { Account, Passwords, SchoolWords } from '../ports.js';

/** Hashes a password that a person has chosen. @throws Invalid under `password` with what is wrong with it. */
export async function newPasswordHash(
  password: string,
  account: Pick<Account, 'name' | 'email' | 'phone'>,
  passwords: Passwords,
  school: SchoolWords,
): Promise<string> {
  const person = [account.name, account.email?.split('@')[0] ?? ''];
  const problem = passwordProblem(password, passwords.common, { school: await school.words(), person });
  if (problem) throw new Invalid({ password: problem });
  if (account.phone && password.replace(/\D/g, '').endsWith(account.phone.slice(-8))) {
    throw new Invalid({ password: 'This is your phone number. Use three or four words.' });
  }
  return passwords.hash(password);
}
