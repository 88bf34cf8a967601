import { parsePhone } from '../../../kernel/people/phone.js';

/** What a person signs in with, in the one spelling that is stored. */
export type Login = { kind: 'email'; value: string } | { kind: 'phone'; value: string };

const EMAIL = /^[^\s@,;<>"]{1,64}@[^\s@,;<>"]+\.[^\s@,;<>".]{2,}$/;
const LONGEST = 254;

/** Null when the text is neither an email address nor a phone number. */
export function parseLogin(text: string, country: string): Login | null {
  const typed = text.normalize('NFKC').trim();
  if (typed.includes('@')) {
    const email = parseEmail(typed);
    return email ? { kind: 'email', value: email } : null;
  }
  const phone = parsePhone(typed, country);
  return phone ? { kind: 'phone', value: phone } : null;
}

/** An address folded for comparison; null when it can't be one. */
export function parseEmail(text: string): string | null {
  const folded = text.normalize('NFKC').trim().toLowerCase();
  return folded.length <= LONGEST && EMAIL.test(folded) ? folded : null;
}

/** `am…@kilimani.example`, `0722 … 903`: enough to recognise one's own, too little to learn another's. */
export function maskLogin(login: Login): string {
  if (login.kind === 'phone') return `${login.value.slice(0, 4)}…${login.value.slice(-3)}`;
  const [name = '', host = ''] = login.value.split('@');
  return `${name.slice(0, 2)}…@${host}`;
}

/** Where a code or a notice for this person goes. */
export function ownLogin(account: { email: string | null; phone: string | null; sharedPhone: string | null }): Login | null {
  if (account.email) return { kind: 'email', value: account.email };
  const phone = account.phone ?? account.sharedPhone;
  return phone ? { kind: 'phone', value: phone } : null;
}
