import { neverSent, refused, retryAfter, tryLater, Unsure } from '../mail/delivery.js';
import { ANSWER_TIMEOUT_MS, checkedSms, type Sms, type SmsSender } from './sms-sender.js';

export interface HttpGatewaySettings {
  url: string;
  /** Sent as `Authorization: Bearer …` when there is one. */
  apiKey: string;
  sender: string | null;
  answerTimeoutMs?: number;
}

/**
 * Any gateway that takes `{ "to", "text", "from", "id" }` as JSON and answers by its HTTP status; `id` is the
 * same when a message is tried again. Others are a small program between the two, not another adapter here.
 */
export class HttpGateway implements SmsSender {
  readonly repeatable = false;

  constructor(private readonly settings: HttpGatewaySettings) {}

  async send(sms: Sms): Promise<void> {
    const answer = await this.post(checkedSms(sms));
    await answer.body?.cancel();
    if (answer.ok) return;
    if (answer.status === 401 || answer.status === 403)
      throw tryLater(`The SMS gateway does not accept this school’s account (${answer.status}).`, 900);
    if (answer.status === 408 || answer.status === 429 || answer.status >= 500) {
      throw tryLater(`The SMS gateway asks to try later (${answer.status}).`, retryAfter(answer.headers, 60));
    }
    throw refused(`The SMS gateway refused the message (${answer.status}).`);
  }

  private async post({ to, text, key }: Sms): Promise<Response> {
    const { url, apiKey, sender, answerTimeoutMs } = this.settings;
    try {
      return await fetch(url, {
        method: 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(answerTimeoutMs ?? ANSWER_TIMEOUT_MS),
        headers: { 'content-type': 'application/json', ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) },
        body: JSON.stringify({ to, text, from: sender ?? undefined, id: key }),
      });
    } catch (error) {
      if (neverSent(error)) throw tryLater('The SMS gateway can’t be reached.');
      throw new Unsure(error);
    }
  }
}
