import { LocalMailer, type LocalMailbox } from './local-mailbox.js';
import type { Mailer } from './mailer.js';
import { ResendMailer } from './resend.js';
import { SmtpMailer } from './smtp.js';

export { refused, tryLater, Unsure } from './delivery.js';
export { LocalMailbox, type Letter } from './local-mailbox.js';
export { isMailAddress, MAILER, type Mail, type MailAttachment, type Mailer, type MailHeaders } from './mailer.js';

export interface MailSettings {
  resendKey: string | null;
  resendUrl: string;
  smtpUrl: string | null;
  from: string;
}

/** Resend when there is a key, else SMTP when there is a server, else the mailbox on this machine. */
export function createMailer(settings: MailSettings, mailbox: LocalMailbox): Mailer {
  if (settings.resendKey)
    return new ResendMailer({ apiKey: settings.resendKey, baseUrl: settings.resendUrl, from: settings.from });
  if (settings.smtpUrl) return new SmtpMailer({ url: settings.smtpUrl, from: settings.from });
  return new LocalMailer(mailbox, settings.from);
}
