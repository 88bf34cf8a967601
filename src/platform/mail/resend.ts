import { neverSent, refused, retryAfter, tryLater } from './delivery.js';
import { checkedMail, type Mail, type Mailer } from './mailer.js';

export interface ResendSettings {
  apiKey: string;
  baseUrl: string;
  from: string;
  timeoutMs?: number;
}

/** Faults of our account, not of the message: they wait until somebody has put the account right. */
const ACCOUNT = new Set(['missing_api_key', 'invalid_api_key', 'restricted_api_key', 'invalid_access', 'security_error']);
const QUOTA = new Set(['daily_quota_exceeded', 'monthly_quota_exceeded']);

/** Resend's HTTP API. Its idempotency keys live for a day, so a try after a lost answer is safe. */
export class ResendMailer implements Mailer {
  readonly repeatable = true;

  constructor(private readonly settings: ResendSettings) {}

  async send(mail: Mail): Promise<void> {
    const answer = await this.post(checkedMail(mail));
    if (answer.ok) return void (await answer.body?.cancel());
    const { name, message } = await problemOf(answer);
    throw failure(answer, name, message);
  }

  private async post(mail: Mail): Promise<Response> {
    try {
      return await fetch(new URL('/emails', this.settings.baseUrl), {
        method: 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(this.settings.timeoutMs ?? 10_000),
        headers: {
          authorization: `Bearer ${this.settings.apiKey}`,
          'content-type': 'application/json',
          'user-agent': 'AIMS',
          ...(mail.key ? { 'idempotency-key': mail.key } : {}),
        },
        body: JSON.stringify(bodyOf(mail, this.settings.from)),
      });
    } catch (error) {
      throw tryLater(neverSent(error) ? 'The mail service can’t be reached.' : 'The mail service did not answer in time.');
    }
  }
}

function bodyOf(mail: Mail, from: string): object {
  return {
    from,
    to: [mail.to],
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: mail.headers,
    attachments: mail.attachments?.map((attachment) => ({
      filename: attachment.name,
      content: attachment.content.toString('base64'),
      content_type: attachment.type,
    })),
  };
}

async function problemOf(answer: Response): Promise<{ name: string; message: string }> {
  const body: unknown = await answer.json().catch(() => null);
  const field = (key: 'name' | 'message') => {
    const value = body !== null && typeof body === 'object' ? (body as Record<string, unknown>)[key] : undefined;
    return typeof value === 'string' ? value : '';
  };
  return { name: field('name'), message: field('message') };
}

function failure(answer: Response, name: string, message: string): Error {
  if (QUOTA.has(name)) return tryLater('The mail service’s quota is used up.', 3600);
  if (answer.status === 429) return tryLater('The mail service asks to send more slowly.', retryAfter(answer.headers, 2));
  if (ACCOUNT.has(name) || answer.status === 401 || answer.status === 403) {
    return tryLater(`The mail service does not accept this school’s account (${name || answer.status}).`, 900);
  }
  if (name === 'concurrent_idempotent_requests' || answer.status === 408 || answer.status >= 500) {
    return tryLater(`The mail service reported an error (${answer.status}).`, retryAfter(answer.headers, 30));
  }
  return refused(`The mail service refused the message (${answer.status}${name ? `, ${name}` : ''}): ${message}`);
}
