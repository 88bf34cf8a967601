import type { LocalMailbox } from '../mail/index.js';
import { AfricasTalkingSender } from './africas-talking.js';
import { HttpGateway } from './http-gateway.js';
import { checkedSms, type Sms, type SmsSender } from './sms-sender.js';

export { plainSms, smsSize, type SmsSize } from './segments.js';
export { SMS_SENDER, type Sms, type SmsSender } from './sms-sender.js';

export interface SmsSettings {
  url: string;
  apiKey: string;
  username: string;
  sender: string | null;
}

/** Africa's Talking has a user name beside its key, other gateways have not; without a gateway the mailbox on this machine. */
export function createSmsSender(settings: SmsSettings | null, mailbox: LocalMailbox): SmsSender {
  if (!settings) return new LocalSms(mailbox);
  return settings.username ? new AfricasTalkingSender(settings) : new HttpGateway(settings);
}

class LocalSms implements SmsSender {
  readonly repeatable = true;

  constructor(private readonly mailbox: LocalMailbox) {}

  async send(sms: Sms): Promise<void> {
    const { to, text, key } = checkedSms(sms);
    await this.mailbox.deliver({ channel: 'sms', to, subject: '', text, html: null, attachments: [] }, null, key);
  }
}
