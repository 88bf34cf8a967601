import { DomainError } from '../../../kernel/errors.js';

/** The sign-in was not right. The sentence never says which part, nor whether anybody has this login. */
export class SignInRefused extends DomainError {
  readonly status = 401;
  readonly code: string;

  constructor(sentence: string, code = 'sign-in-refused') {
    super(sentence);
    this.code = code;
  }
}

export const wrongPassword = (): SignInRefused => new SignInRefused('The sign-in name or the password is wrong.');
export const wrongCode = (): SignInRefused =>
  new SignInRefused('This code is wrong or too old. If in doubt, ask for a new one.', 'code-refused');
export const wrongPasskey = (): SignInRefused =>
  new SignInRefused('This passkey was not accepted. Try again, or sign in another way.', 'passkey-refused');
export const wrongFactor = (): SignInRefused =>
  new SignInRefused('This code is wrong or has already been used. Wait for the next one on your phone.', 'factor-refused');
