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

export const wrongPassword = (): SignInRefused => new SignInRefused('The login or the password is not right.');
export const wrongCode = (): SignInRefused => new SignInRefused('This code is not right, or it is too old. Ask for a new one if in doubt.', 'code-refused');
export const wrongPasskey = (): SignInRefused => new SignInRefused('This passkey was not accepted. Try again, or sign in another way.', 'passkey-refused');
export const wrongFactor = (): SignInRefused =>
  new SignInRefused('This code is not right, or it was used already. Wait for the next one on your phone.', 'factor-refused');
