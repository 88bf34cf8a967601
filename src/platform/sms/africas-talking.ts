import { z } from 'zod';
import { neverSent, refused, retryAfter, tryLater, Unsure } from '../mail/delivery.js';
import { ANSWER_TIMEOUT_MS, checkedSms, type Sms, type SmsSender, type Taken } from './sms-sender.js';

export interface AfricasTalkingSettings {
  /** `https://api.africastalking.com`, the sandbox's host, or a gateway that speaks the same protocol. */
  url: string;
  username: string;
  apiKey: string;
  sender: string | null;
  answerTimeoutMs?: number;
}

const Answer = z.object({
  SMSMessageData: z.object({
    Message: z.string().default(''),
    Recipients: z
      .array(z.object({ statusCode: z.number(), status: z.string().default(''), messageId: z.string().nullish() }))
      .default([]),
  }),
});

/** Processed, sent, queued: the gateway has it and answers for the rest. */
const TAKEN = new Set([100, 101, 102]);
/** Faults of the account or the gateway, not of the message. */
const LATER: Record<number, number> = { 405: 900, 500: 60, 501: 60 };

/** POST /version1/messaging, form-encoded, one recipient a call so that each message has its own answer. */
export class AfricasTalkingSender implements SmsSender {
  readonly repeatable = false;

  constructor(private readonly settings: AfricasTalkingSettings) {}

  async send(sms: Sms): Promise<Taken> {
    const answer = await this.post(checkedSms(sms));
    const text = await answer.text().catch((error: unknown) => Promise.reject(new Unsure(error)));
    if (answer.status === 401 || answer.status === 403)
      throw tryLater(`The SMS gateway does not accept this school’s account (${answer.status}).`, 900);
    if (answer.status === 429) throw tryLater('The SMS gateway asks to send more slowly.', retryAfter(answer.headers, 10));
    if (answer.status >= 500)
      throw tryLater(`The SMS gateway reported an error (${answer.status}).`, retryAfter(answer.headers, 60));
    if (!answer.ok) throw refused(`The SMS gateway refused the message (${answer.status}).`);
    return judge(text);
  }

  private async post({ to, text }: Sms): Promise<Response> {
    const { url, username, apiKey, sender, answerTimeoutMs } = this.settings;
    const body = new URLSearchParams({ username, to, message: text, bulkSMSMode: '1', ...(sender ? { from: sender } : {}) });
    try {
      return await fetch(new URL('/version1/messaging', url), {
        method: 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(answerTimeoutMs ?? ANSWER_TIMEOUT_MS),
        headers: { apiKey, accept: 'application/json' },
        body,
      });
    } catch (error) {
      if (neverSent(error)) throw tryLater('The SMS gateway can’t be reached.');
      throw new Unsure(error);
    }
  }
}

/** The HTTP status is 201 even when the recipient was refused: the truth stands in the body. */
function judge(text: string): Taken {
  const parsed = Answer.safeParse(asJson(text));
  if (!parsed.success) throw new Unsure();
  const { Recipients, Message } = parsed.data.SMSMessageData;
  const recipient = Recipients[0];
  if (!recipient) throw refused(`The SMS gateway refused the message: ${Message}`);
  if (TAKEN.has(recipient.statusCode)) return { ref: recipient.messageId ?? null };
  const wait = LATER[recipient.statusCode];
  if (wait) throw tryLater(`The SMS gateway can’t send now: ${recipient.status} (${recipient.statusCode}).`, wait);
  throw refused(`The SMS gateway refused the number: ${recipient.status} (${recipient.statusCode}).`);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
