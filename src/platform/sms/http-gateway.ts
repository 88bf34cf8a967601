import { neverSent, refused, retryAfter, tryLater, Unsure } from '../mail/delivery.js';
import { ANSWER_TIMEOUT_MS, checkedSms, type Sms, type SmsSender, type Taken } from './sms-sender.js';
import { atPath, filled, plainShape, type Shape } from './shape.js';

export interface HttpGatewaySettings {
  url: string;
  apiKey: string;
  sender: string | null;
  /** How this gateway wants to be asked; without one as JSON with `to`, `text`, `from` and `id`, and by its HTTP status. */
  shape?: Shape | null;
  answerTimeoutMs?: number;
}

/** Any gateway that is asked by one HTTP request for each message; `{{id}}` is the same when a message is tried again. */
export class HttpGateway implements SmsSender {
  readonly repeatable = false;
  private readonly shape: Shape;

  constructor(private readonly settings: HttpGatewaySettings) {
    this.shape = settings.shape ?? plainShape(settings.sender);
  }

  async send(sms: Sms): Promise<Taken> {
    const answer = await this.ask(checkedSms(sms));
    const text = await answer.text().catch((error: unknown) => Promise.reject(new Unsure(error)));
    if (answer.ok) return this.judge(text);
    if (answer.status === 401 || answer.status === 403)
      throw tryLater(`The SMS gateway does not accept this school’s account (${answer.status}).`, 900);
    if (answer.status === 408 || answer.status === 429 || answer.status >= 500) {
      throw tryLater(`The SMS gateway asks to try later (${answer.status}).`, retryAfter(answer.headers, 60));
    }
    throw refused(`The SMS gateway refused the message (${answer.status}).`);
  }

  /** Many gateways answer 200 to everything, and say in the body what they think of it. */
  private judge(text: string): Taken {
    const { success, ref } = this.shape;
    if (success !== null && !new RegExp(success).test(text))
      throw refused(`The SMS gateway refused the message: ${text.slice(0, 120)}`);
    return { ref: ref === null ? null : atPath(text, ref) };
  }

  private async ask({ to, text, key }: Sms): Promise<Response> {
    const { url, apiKey, sender, answerTimeoutMs } = this.settings;
    const { method, headers, body } = this.shape;
    const values = { to, text, from: sender ?? '', id: key ?? '', key: apiKey };
    const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), filled(value, values, 'plain')] as const);
    const sent = Object.fromEntries(named.filter(([name]) => name !== 'authorization' || apiKey !== ''));
    const kind = /json/.test(sent['content-type'] ?? '')
      ? 'json'
      : /urlencoded/.test(sent['content-type'] ?? '')
        ? 'address'
        : 'plain';
    try {
      return await fetch(filled(url, values, 'address'), {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(answerTimeoutMs ?? ANSWER_TIMEOUT_MS),
        headers: sent,
        ...(method === 'GET' ? {} : { body: filled(body, values, kind) }),
      });
    } catch (error) {
      if (neverSent(error)) throw tryLater('The SMS gateway can’t be reached.');
      throw new Unsure(error);
    }
  }
}
