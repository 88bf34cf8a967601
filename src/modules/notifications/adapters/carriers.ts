import { DomainError, Unavailable } from '../../../kernel/errors.js';
import { Unsure, type Mailer } from '../../../platform/mail/index.js';
import { plainSms, type SmsSender, type Taken } from '../../../platform/sms/index.js';
import type { Outcome } from '../message.rules.js';
import type { Carrier } from '../ports.js';

export function mailCarrier(mailer: Mailer): Carrier {
  return {
    repeatable: mailer.repeatable,
    carry: ({ id, recipient, content }) =>
      outcomeOf(() =>
        mailer.send({ to: recipient, subject: content.subject, text: content.text, headers: content.headers, key: id }),
      ),
  };
}

export function smsCarrier(sender: SmsSender): Carrier {
  return {
    repeatable: sender.repeatable,
    carry: ({ id, recipient, content }) => outcomeOf(() => sender.send({ to: recipient, text: plainSms(content.text), key: id })),
  };
}

async function outcomeOf(send: () => Promise<Taken | void>): Promise<Outcome> {
  try {
    return { kind: 'sent', ref: (await send())?.ref ?? null };
  } catch (error) {
    if (error instanceof Unavailable) return { kind: 'later', afterSeconds: error.retryAfterSeconds, reason: error.message };
    if (error instanceof Unsure || error instanceof DomainError) return { kind: 'failed', reason: error.message };
    throw error;
  }
}
