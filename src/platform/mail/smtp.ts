import { PassThrough } from 'node:stream';
import type { SendMailOptions, Transporter } from 'nodemailer';
import { refused, tryLater, Unsure } from './delivery.js';
import { checkedMail, type Mail, type Mailer } from './mailer.js';

export interface SmtpSettings {
  url: string;
  from: string;
  /** For reaching the server; a server that has the message gets longer, since giving up would send it twice. */
  timeoutMs?: number;
  answerTimeoutMs?: number;
}

export class SmtpMailer implements Mailer {
  readonly repeatable = false;

  constructor(private readonly settings: SmtpSettings) {}

  async send(mail: Mail): Promise<void> {
    const checked = checkedMail(mail);
    let handedOver = false;
    const transport = await this.open();
    transport.use('stream', ({ message }, done) => {
      // The stream is made when the server is reached and signed in to, just before the envelope is sent.
      message.transform(() => {
        handedOver = true;
        return new PassThrough();
      });
      done();
    });
    try {
      await transport.sendMail(messageOf(checked, this.settings.from));
    } catch (error) {
      throw failure(error, handedOver);
    }
  }

  private async open(): Promise<Transporter> {
    const { default: nodemailer } = await import('nodemailer');
    const timeout = this.settings.timeoutMs ?? 10_000;
    return nodemailer.createTransport({
      url: this.settings.url,
      connectionTimeout: timeout,
      greetingTimeout: timeout,
      dnsTimeout: timeout,
      socketTimeout: this.settings.answerTimeoutMs ?? 60_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }
}

function messageOf(mail: Mail, from: string): SendMailOptions {
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost';
  return {
    from,
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: mail.headers,
    messageId: mail.key ? `<${mail.key.replace(/[^\w.-]/g, '-')}@${domain}>` : undefined,
    attachments: mail.attachments?.map((attachment) => ({
      filename: attachment.name,
      contentType: attachment.type,
      content: attachment.content,
    })),
  };
}

function failure(error: unknown, handedOver: boolean): Error {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  if (code === 'EAUTH' || code === 'ENOAUTH') return tryLater('The mail server does not accept this school’s account.', 900);
  if (responseCode !== undefined && responseCode >= 500) return refused(`The mail server refused the message (${responseCode}).`);
  if (responseCode !== undefined && responseCode >= 400)
    return tryLater(`The mail server asks to try later (${responseCode}).`, 60);
  if (handedOver) return new Unsure(error);
  return tryLater('The mail server can’t be reached.');
}
