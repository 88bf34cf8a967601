import { plainReference } from '../../../kernel/references.js';
import { centsOf, fromNairobi } from '../daraja/daraja.rules.js';

/** `list` is the network's own list, which we asked for ourselves; all others were called by somebody. */
export const SOURCES = ['stk', 'confirmation', 'status', 'timeout', 'pull', 'list'] as const;
export type Source = (typeof SOURCES)[number];

/** What could be read of a message; nothing of it is believed by that. */
export interface Reading {
  transId: string | null;
  amountMinor: number | null;
  billRef: string;
  payerName: string;
  payerPhone: string;
  paidAt: Date | null;
  /** Of the prompt, or of the question, that it answers. */
  requestId: string | null;
  resultCode: string | null;
}

export interface Message extends Reading {
  id: string;
  accountId: string;
  source: Source;
  /** The same thing has the same key, however often it is brought. */
  externalKey: string;
  body: string;
  receivedAt: Date;
}

/** What became of it: exactly one of these, for good. `otherMinor`: what is known of the payment, where the message names another sum. */
export type Outcome =
  | { outcome: 'booked'; paymentId: string }
  | { outcome: 'duplicate'; paymentId: string | null; suspenseId: string | null; otherMinor: number | null }
  | { outcome: 'suspense'; suspenseId: string; reason: string }
  | { outcome: 'rejected'; reason: string; otherMinor?: number };

/** The second source that knows of this very payment; an answer about a prompt says that it was paid, not under which number. */
export type Proof = { by: 'list' | 'status'; messageId: string } | { by: 'prompt'; promptId: string };

/** Why money waits for a second source, although it may be known whose it is. Sentences that stand in rows: they are never changed. */
export const OTHER_AMOUNT = 'A different amount was requested, and no second source has confirmed this one yet.';
export const PAID_ALREADY = 'This prompt has already been paid, and no second source has confirmed this payment yet.';
/** Money in suspense that only its caller has told of. */
export function isDoubtful({ why }: { why: string }): boolean {
  return why === OTHER_AMOUNT || why === PAID_ALREADY;
}

const NOTHING: Reading = {
  transId: null,
  amountMinor: null,
  billRef: '',
  payerName: '',
  payerPhone: '',
  paidAt: null,
  requestId: null,
  resultCode: null,
};

export function readMessage(source: Source, body: string): Reading {
  const said = parsed(body);
  if (source === 'stk') return readPrompt(at(at(said, 'Body'), 'stkCallback'));
  if (source === 'confirmation') return readConfirmation(said);
  if (source === 'status') return readStatus(at(said, 'Result'));
  if (source === 'list') return readRow(said);
  return NOTHING;
}

function readPrompt(said: unknown): Reading {
  const items = new Map(
    list(at(at(said, 'CallbackMetadata'), 'Item')).map((item) => [text(at(item, 'Name')), at(item, 'Value')]),
  );
  return {
    ...NOTHING,
    transId: transId(items.get('MpesaReceiptNumber')),
    amountMinor: centsOf(items.get('Amount')),
    payerPhone: phoneIn(items.get('PhoneNumber')),
    paidAt: fromNairobi(items.get('TransactionDate')),
    requestId: text(at(said, 'CheckoutRequestID')) || null,
    resultCode: code(at(said, 'ResultCode')),
  };
}

function readConfirmation(said: unknown): Reading {
  const names = ['FirstName', 'MiddleName', 'LastName'].map((name) => text(at(said, name)).trim());
  return {
    ...NOTHING,
    transId: transId(at(said, 'TransID')),
    amountMinor: centsOf(at(said, 'TransAmount')),
    billRef: text(at(said, 'BillRefNumber')).slice(0, 40),
    payerName: names.filter(Boolean).join(' ').slice(0, 120),
    payerPhone: phoneIn(at(said, 'MSISDN')),
    paidAt: fromNairobi(at(said, 'TransTime')),
  };
}

function readStatus(said: unknown): Reading {
  const items = new Map(
    list(at(at(said, 'ResultParameters'), 'ResultParameter')).map((item) => [text(at(item, 'Key')), at(item, 'Value')]),
  );
  const finished = text(items.get('TransactionStatus')) === 'Completed';
  const [payerPhone = '', payerName = ''] = text(items.get('DebitPartyName')).split(' - ');
  return {
    ...NOTHING,
    transId: transId(items.get('ReceiptNo')),
    amountMinor: finished ? centsOf(items.get('Amount')) : null,
    payerName: payerName.slice(0, 120),
    payerPhone: phoneIn(payerPhone),
    paidAt: fromNairobi(items.get('FinalisedTime')),
    requestId: text(at(said, 'ConversationID')) || null,
    resultCode: code(at(said, 'ResultCode')),
  };
}

function readRow(said: unknown): Reading {
  return {
    ...NOTHING,
    transId: transId(at(said, 'transactionId')),
    amountMinor: centsOf(at(said, 'amount')),
    billRef: text(at(said, 'billreference')).slice(0, 40),
    payerPhone: phoneIn(at(said, 'msisdn')),
    paidAt: fromNairobi(at(said, 'trxDate')),
  };
}

/** As it is kept elsewhere where the whole number is there (`+254722000111`), else as it came: networks hide its middle. */
function phoneIn(written: unknown): string {
  const digits = text(written).trim();
  return /^(254)?[17]\d{8}$/.test(digits) ? `+254${digits.slice(-9)}` : digits.slice(0, 20);
}

/** Whether a phone in a message can be the one that was asked: networks hide its middle, and lists leave out the country. */
export function samePhone(written: string, asked: string): boolean {
  const digits = asked.replace(/\D/g, '');
  const shown = written.replace(/[^\d*]/g, '');
  if (shown === '') return false;
  if (!shown.includes('*')) return digits.endsWith(shown) && shown.length >= 9;
  const [start = '', end = ''] = [/^\d+/.exec(shown)?.[0], /\d+$/.exec(shown)?.[0]];
  return digits.startsWith(start) && digits.endsWith(end);
}

function transId(written: unknown): string | null {
  const plain = plainReference(text(written));
  return /^[A-Z0-9]{6,20}$/.test(plain) ? plain : null;
}

function code(written: unknown): string | null {
  return text(written) || null;
}

function at(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, 50) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
