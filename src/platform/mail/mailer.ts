import type { ServiceIdentifier } from 'inversify';
import { safeName } from '../files/index.js';
import { refused } from './delivery.js';

/** RFC 8058 names the second and third: mail programs show a button from them. */
const HEADERS = ['Reply-To', 'List-Unsubscribe', 'List-Unsubscribe-Post'] as const;

export interface Mail {
  /** One bare address. */
  to: string;
  subject: string;
  text: string;
  html?: string;
  attachments?: readonly MailAttachment[];
  headers?: MailHeaders;
  /** The same key is the same message: a service that knows it sends it once. */
  key?: string;
}

/** Headers beyond the usual, by name; those that are not here are left out. */
export type MailHeaders = Partial<Record<(typeof HEADERS)[number], string>>;

export interface MailAttachment {
  name: string;
  type: string;
  content: Buffer;
}

export interface Mailer {
  /** Whether a message with a `key` may be sent again without being delivered twice. */
  readonly repeatable: boolean;
  /** @throws what `delivery.ts` names. */
  send(mail: Mail): Promise<void>;
}

export const MAILER: ServiceIdentifier<Mailer> = Symbol('Mailer');

const ADDRESS =
  /^[^\s@<>(),;:"\\[\]\p{C}]{1,64}@(?=.{1,253}$)[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)*$/u;
const TYPE = /^[\w.+-]{1,80}\/[\w.+-]{1,100}$/;

/** A header can hold neither a second address nor a second line: what can't be cleaned is refused. */
export function checkedMail(mail: Mail): Mail {
  if (!ADDRESS.test(mail.to)) throw refused('This is not one email address.');
  return {
    ...mail,
    subject: oneLine(mail.subject).slice(0, 250),
    headers: Object.fromEntries(HEADERS.flatMap((name) => (mail.headers?.[name] ? [[name, oneLine(mail.headers[name])]] : []))),
    attachments: (mail.attachments ?? []).map((attachment) => ({
      name: safeName(attachment.name),
      type: TYPE.test(attachment.type) ? attachment.type : 'application/octet-stream',
      content: attachment.content,
    })),
  };
}

export function isMailAddress(text: string): boolean {
  return ADDRESS.test(text);
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
