import type { LocalMailbox } from '../mail/index.js';
import { AfricasTalkingSender } from './africas-talking.js';
import { HttpGateway } from './http-gateway.js';
import { AFRICAS_TALKING_REPORTS, type ReportShape, type Shape } from './shape.js';
import { checkedSms, type Sms, type SmsSender, type Taken } from './sms-sender.js';

export { plainSms, smsSize, type SmsSize } from './segments.js';
export type { ReportShape, Shape } from './shape.js';
export { SMS_SENDER, type Sms, type SmsSender, type Taken } from './sms-sender.js';

export interface SmsSettings {
  url: string;
  apiKey: string;
  username: string;
  sender: string | null;
  /** Of a gateway other than Africa's Talking. */
  shape?: Shape | null;
  reports?: ReportShape | null;
}

/** Africa's Talking has a user name beside its key, other gateways have not; without a gateway the mailbox on this machine. */
export function createSmsSender(settings: SmsSettings | null, mailbox: LocalMailbox): SmsSender {
  if (!settings) return new LocalSms(mailbox);
  return settings.username ? new AfricasTalkingSender(settings) : new HttpGateway(settings);
}

/** How delivery reports of this gateway are read; null where none come. */
export function reportsOf(settings: SmsSettings | null): ReportShape | null {
  if (!settings) return null;
  return settings.username ? AFRICAS_TALKING_REPORTS : (settings.reports ?? null);
}

class LocalSms implements SmsSender {
  readonly repeatable = true;

  constructor(private readonly mailbox: LocalMailbox) {}

  async send(sms: Sms): Promise<Taken> {
    const { to, text, key } = checkedSms(sms);
    await this.mailbox.deliver({ channel: 'sms', to, subject: '', text, html: null, attachments: [] }, null, key);
    return { ref: null };
  }
}
