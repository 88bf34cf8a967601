import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fromNairobi, nairobiStamp, nairobiTime } from '../../modules/payments/operations.js';
import {
  addressRefusal,
  INVALID_TOKEN,
  NO_SUCH_PROMPT,
  OPEN_PROMPT,
  pushRefusal,
  STILL_PROCESSING,
  WRONG_PASSWORD,
  type Body,
  type Refusal,
} from './refusals.js';

export interface LocalShortcode {
  shortcode: string;
  passkey: string;
  consumerKey: string;
  consumerSecret: string;
}

/** What becomes of a prompt: a result code, and which of the ways by which the school hears of it are open. */
export interface Fate {
  code: number;
  text?: string;
  /** The callback is sent, or kept back for ever. */
  callback?: boolean;
  /** The payment is also confirmed as a payment to the paybill, as the real one does. */
  confirmed?: boolean;
  /** What the callback says was paid, where that is not what was asked. */
  saidAmount?: number;
}

export interface Paid {
  transId: string;
  shortcode: string;
  amount: string;
  billRef: string;
  phone: string;
  payer: string;
  at: Date;
  type: string;
}

interface Prompt {
  merchantRequestId: string;
  checkoutRequestId: string;
  shortcode: string;
  amount: string;
  phone: string;
  reference: string;
  callbackUrl: string;
  fate: Fate | null;
}

const PAGE = 25;
const TOKEN_S = 3_599;
const PULLED_MS = 48 * 3_600_000;

/**
 * Stands in for Safaricom: it speaks the samples of Daraja's documents, refuses what the real one refuses, and can keep
 * a callback back so that a payment is seen only as one to the paybill, or only in the list of the last two days.
 */
export class LocalDaraja {
  readonly prompts: Prompt[] = [];
  readonly paid: Paid[] = [];
  readonly urls = new Map<string, { validation: string; confirmation: string }>();
  readonly pulls = new Set<string>();
  /** Every callback that was sent, with what came back; newest last. */
  readonly sent: { url: string; body: object; status: number; answer: unknown; ms: number }[] = [];
  /** How many tokens were given. */
  tokensGiven = 0;
  private readonly tokens = new Map<string, { until: number; key: string }>();
  private readonly server: Server;
  private counter = 0;

  constructor(
    private readonly parts: {
      /** Shortcodes with their keys; every one is taken when left out, as long as it is used in one way. */
      shortcodes?: LocalShortcode[];
      production?: boolean;
      now?: () => Date;
      /** Told of each new prompt; whoever is behind it calls `answer`. */
      onPrompt?: (prompt: Prompt) => void;
      initiator?: string;
    } = {},
  ) {
    this.server = createServer((req, res) => void this.serve(req, res).catch(() => res.destroy()));
  }

  async listen(port = 0): Promise<string> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** The phone's owner has decided, or time has. */
  async answer(prompt: Prompt, fate: Fate): Promise<Paid | null> {
    prompt.fate = fate;
    const paid =
      fate.code === 0
        ? this.record({
            shortcode: prompt.shortcode,
            amount: `${prompt.amount}.00`,
            billRef: prompt.reference,
            phone: prompt.phone,
            payer: 'JOHN',
          })
        : null;
    if (fate.callback !== false) await this.post(prompt.callbackUrl, stkCallback(prompt, fate, paid));
    if (paid && fate.confirmed !== false) await this.confirm(paid);
    return paid;
  }

  /** Somebody pays to the number by themselves. Null when validation has sent the money back. */
  async payTo(
    shortcode: string,
    payment: { amount: string; billRef: string; phone?: string; payer?: string },
    ways: { validate?: boolean; confirm?: boolean } = {},
  ): Promise<Paid | null> {
    const paid: Paid = { ...this.transaction({ shortcode, phone: '254722000111', payer: 'GRACE', ...payment }) };
    const urls = this.urls.get(shortcode);
    if (ways.validate && urls) {
      const { answer } = await this.post(urls.validation, c2bBody(paid, ''));
      if (
        (answer as { ResultCode?: unknown } | null)?.ResultCode !== 0 &&
        (answer as { ResultCode?: unknown } | null)?.ResultCode !== '0'
      )
        return null;
    }
    this.paid.push(paid);
    if (ways.confirm !== false) await this.confirm(paid);
    return paid;
  }

  /** Sends the same again, as networks do. */
  async confirm(paid: Paid): Promise<number> {
    const urls = this.urls.get(paid.shortcode);
    return urls ? (await this.post(urls.confirmation, c2bBody(paid, '49197.00'))).status : 0;
  }

  async post(url: string, body: object): Promise<{ status: number; answer: unknown }> {
    const started = performance.now();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(8_000),
    }).catch(() => null);
    const answer: unknown = await response?.json().catch(() => null);
    this.sent.push({ url, body, status: response?.status ?? 0, answer, ms: performance.now() - started });
    return { status: response?.status ?? 0, answer };
  }

  stkBody(prompt: Prompt, fate: Fate, paid: Paid | null): object {
    return stkCallback(prompt, fate, paid);
  }

  /** Tokens that were given are forgotten before their time. */
  forgetTokens(): void {
    this.tokens.clear();
  }

  private now(): Date {
    return this.parts.now?.() ?? new Date();
  }

  private record(given: Omit<Paid, 'transId' | 'at' | 'type'>): Paid {
    const paid = this.transaction(given);
    this.paid.push(paid);
    return paid;
  }

  private transaction(given: Omit<Paid, 'transId' | 'at' | 'type'>): Paid {
    const transId = `SK${randomBytes(4).toString('hex').toUpperCase()}`;
    return { ...given, transId, at: this.now(), type: 'c2b-pay-bill-debit' };
  }

  private async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://daraja');
    if (url.pathname === '/oauth/v1/generate') return this.giveToken(req, res, url);
    const body = await jsonOf(req);
    const handler = this.handlers[url.pathname];
    if (!handler || body === null)
      return send(res, 404, { requestId: this.id(), errorCode: '404.001.01', errorMessage: 'Resource not found' });
    const token = this.tokens.get((req.headers.authorization ?? '').replace(/^Bearer /, ''));
    const outcome = token && token.until > this.now().getTime() ? handler(body) : INVALID_TOKEN;
    if ('errorCode' in outcome)
      send(res, (outcome as Refusal).status, {
        requestId: this.id(),
        errorCode: (outcome as Refusal).errorCode,
        errorMessage: (outcome as Refusal).errorMessage,
      });
    else send(res, 200, outcome);
  }

  private giveToken(req: IncomingMessage, res: ServerResponse, url: URL): void {
    const [key, secret] = Buffer.from((req.headers.authorization ?? '').replace(/^Basic /, ''), 'base64')
      .toString()
      .split(':');
    const known = this.parts.shortcodes
      ? this.parts.shortcodes.some((one) => one.consumerKey === key && one.consumerSecret === secret)
      : Boolean(key && secret);
    if (!known || url.searchParams.get('grant_type') !== 'client_credentials') return void res.writeHead(400).end();
    const token = randomBytes(14).toString('hex');
    this.tokensGiven += 1;
    this.tokens.set(token, { until: this.now().getTime() + TOKEN_S * 1000, key: key ?? '' });
    send(res, 200, { access_token: token, expires_in: String(TOKEN_S) });
  }

  private readonly handlers: Record<string, (body: Body) => Refusal | object> = {
    '/mpesa/stkpush/v1/processrequest': (body) => this.push(body),
    '/mpesa/stkpushquery/v1/query': (body) => this.query(body),
    '/mpesa/c2b/v2/registerurl': (body) => this.register(body),
    '/pulltransactions/v1/register': (body) => this.registerPull(body),
    '/pulltransactions/v1/query': (body) => this.pull(body),
    '/mpesa/transactionstatus/v1/query': (body) => this.status(body),
  };

  private push(body: Body): Refusal | object {
    const refusal = pushRefusal(body, this.parts.production ?? false);
    if (refusal) return refusal;
    if (!this.isPassword(body)) return WRONG_PASSWORD;
    if (this.prompts.some((one) => one.phone === body.PhoneNumber && one.fate === null)) return OPEN_PROMPT;
    const prompt: Prompt = {
      merchantRequestId: this.id(),
      checkoutRequestId: `ws_CO_${nairobiStamp(this.now())}${String((this.counter += 1)).padStart(6, '0')}${randomBytes(2).toString('hex')}`,
      shortcode: String(body.BusinessShortCode),
      amount: String(body.Amount),
      phone: String(body.PhoneNumber),
      reference: String(body.AccountReference),
      callbackUrl: String(body.CallBackURL),
      fate: null,
    };
    this.prompts.push(prompt);
    this.parts.onPrompt?.(prompt);
    return {
      MerchantRequestID: prompt.merchantRequestId,
      CheckoutRequestID: prompt.checkoutRequestId,
      ResponseCode: '0',
      ResponseDescription: 'Success. Request accepted for processing',
      CustomerMessage: 'Success. Request accepted for processing',
    };
  }

  private query(body: Body): Refusal | object {
    if (!this.isPassword(body)) return WRONG_PASSWORD;
    const prompt = this.prompts.find((one) => one.checkoutRequestId === body.CheckoutRequestID);
    if (!prompt) return NO_SUCH_PROMPT;
    if (!prompt.fate) return STILL_PROCESSING;
    return {
      ResponseCode: '0',
      ResponseDescription: 'The service request has been accepted successsfully',
      MerchantRequestID: prompt.merchantRequestId,
      CheckoutRequestID: prompt.checkoutRequestId,
      ResultCode: String(prompt.fate.code),
      ResultDesc: textOf(prompt.fate),
    };
  }

  private register(body: Body): Refusal | object {
    const production = this.parts.production ?? false;
    const refusal =
      addressRefusal(body.ConfirmationURL, 'ConfirmationURL', production) ??
      addressRefusal(body.ValidationURL, 'ValidationURL', production);
    if (refusal) return refusal;
    const shortcode = String(body.ShortCode);
    if (production && this.urls.has(shortcode))
      return { status: 500, errorCode: '500.003.1001', errorMessage: 'Urls are already registered' };
    this.urls.set(shortcode, { confirmation: String(body.ConfirmationURL), validation: String(body.ValidationURL) });
    return { OriginatorCoversationID: this.id(), ResponseCode: '0', ResponseDescription: 'success' };
  }

  private registerPull(body: Body): Refusal | object {
    const refusal = addressRefusal(body.CallBackURL, 'CallBackURL', this.parts.production ?? false);
    if (refusal) return refusal;
    const again = this.pulls.has(String(body.ShortCode));
    this.pulls.add(String(body.ShortCode));
    return {
      ResponseRefID: this.id(),
      ResponseStatus: again ? '1001' : '1000',
      ShortCode: body.ShortCode,
      ResponseDescription: again ? 'Shortcode already registered' : 'Shortcode registered successfully',
    };
  }

  private pull(body: Body): Refusal | object {
    const [from, to] = [fromNairobi(body.StartDate), fromNairobi(body.EndDate)];
    // One that takes everybody has forgotten at its next start who was registered.
    const registered = !this.parts.shortcodes || this.pulls.has(String(body.ShortCode));
    if (!from || !to || !registered)
      return { status: 400, errorCode: '400.002.02', errorMessage: 'Bad Request - Invalid ShortCode' };
    const oldest = Math.max(from.getTime(), this.now().getTime() - PULLED_MS);
    // Times are written to the second.
    const rows = this.paid.filter(
      (one) =>
        one.shortcode === String(body.ShortCode) && one.at.getTime() >= oldest - 1000 && one.at.getTime() < to.getTime() + 1000,
    );
    const page = rows.slice(Number(body.OffSetValue), Number(body.OffSetValue) + PAGE);
    if (page.length === 0)
      return { ResponseRefID: this.id(), ResponseCode: '1001', ResponseMessage: 'No records found', Response: [] };
    return { ResponseRefID: this.id(), ResponseCode: '1000', ResponseMessage: 'Success', Response: [page.map(pullRow)] };
  }

  private status(body: Body): Refusal | object {
    const refusal = addressRefusal(body.ResultURL, 'ResultURL', this.parts.production ?? false);
    if (refusal) return refusal;
    if (this.parts.initiator !== undefined && body.Initiator !== this.parts.initiator)
      return { status: 500, errorCode: '500.001.1001', errorMessage: 'Wrong credentials' };
    const conversationId = `AG_${nairobiStamp(this.now()).slice(0, 8)}_${randomBytes(10).toString('hex')}`;
    const paid = this.paid.find((one) => one.transId === body.TransactionID);
    void this.post(String(body.ResultURL), statusResult(conversationId, this.id(), paid ?? null));
    return {
      OriginatorConversationID: this.id(),
      ConversationID: conversationId,
      ResponseCode: '0',
      ResponseDescription: 'Accept the service request successfully.',
    };
  }

  private isPassword(body: Body): boolean {
    const shortcode = String(body.BusinessShortCode);
    const written = Buffer.from(String(body.Password), 'base64').toString();
    const given =
      written.startsWith(shortcode) && written.endsWith(String(body.Timestamp)) ? written.slice(shortcode.length, -14) : null;
    if (!this.parts.shortcodes) return given !== null && given !== '';
    return this.parts.shortcodes.some((one) => one.shortcode === shortcode && one.passkey === given);
  }

  private id(): string {
    return `${10000 + (this.counter += 1)}-${randomBytes(4).readUInt32BE()}-1`;
  }
}

const TEXTS: Record<number, string> = {
  0: 'The service request is processed successfully.',
  1: 'The balance is insufficient for the transaction.',
  1032: 'Request cancelled by user',
  1037: 'DS timeout user cannot be reached',
  2001: 'The initiator information is invalid.',
};

function textOf({ code, text }: Fate): string {
  return text ?? TEXTS[code] ?? 'Request failed';
}

function stkCallback({ merchantRequestId, checkoutRequestId, amount, phone }: Prompt, fate: Fate, paid: Paid | null): object {
  const head = {
    MerchantRequestID: merchantRequestId,
    CheckoutRequestID: checkoutRequestId,
    ResultCode: fate.code,
    ResultDesc: textOf(fate),
  };
  if (!paid) return { Body: { stkCallback: head } };
  const Item = [
    { Name: 'Amount', Value: fate.saidAmount ?? Number(amount) },
    { Name: 'MpesaReceiptNumber', Value: paid.transId },
    { Name: 'Balance' },
    { Name: 'TransactionDate', Value: Number(nairobiStamp(paid.at)) },
    { Name: 'PhoneNumber', Value: Number(phone) },
  ];
  return { Body: { stkCallback: { ...head, CallbackMetadata: { Item } } } };
}

function c2bBody(paid: Paid, balance: string): object {
  return {
    TransactionType: 'Pay Bill',
    TransID: paid.transId,
    TransTime: nairobiStamp(paid.at),
    TransAmount: paid.amount,
    BusinessShortCode: paid.shortcode,
    BillRefNumber: paid.billRef,
    InvoiceNumber: '',
    OrgAccountBalance: balance,
    ThirdPartyTransID: '',
    MSISDN: masked(paid.phone),
    FirstName: paid.payer,
    MiddleName: '',
    LastName: '',
  };
}

/** `254722000111` → `2547*****111` */
function masked(phone: string): string {
  return `${phone.slice(0, 4)}*****${phone.slice(-3)}`;
}

function pullRow(paid: Paid): object {
  return {
    transactionId: paid.transId,
    trxDate: `${nairobiTime(paid.at).replace(' ', 'T')}Z`,
    msisdn: Number(paid.phone.slice(3)),
    sender: 'MPESA',
    transactiontype: paid.type,
    billreference: paid.billRef,
    amount: paid.amount,
    organizationname: 'Daraja Pull API Test',
  };
}

function statusResult(conversationId: string, originator: string, paid: Paid | null): object {
  const head = {
    ResultType: 0,
    ResultCode: paid ? 0 : 2032,
    ResultDesc: paid ? 'The service request is processed successfully.' : 'The transaction receipt number is not found.',
    OriginatorConversationID: originator,
    ConversationID: conversationId,
    TransactionID: 'LGR0000000',
  };
  if (!paid) return { Result: head };
  const ResultParameter = [
    { Key: 'ReceiptNo', Value: paid.transId },
    { Key: 'FinalisedTime', Value: Number(nairobiStamp(paid.at)) },
    { Key: 'Amount', Value: Number(paid.amount) },
    { Key: 'TransactionStatus', Value: 'Completed' },
    { Key: 'DebitPartyName', Value: `${paid.phone} - ${paid.payer}` },
    { Key: 'CreditPartyName', Value: `${paid.shortcode} - School` },
  ];
  return { Result: { ...head, ResultParameters: { ResultParameter } } };
}

function send(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function jsonOf(req: IncomingMessage): Promise<Body | null> {
  let written = '';
  for await (const chunk of req) written += String(chunk);
  try {
    return JSON.parse(written) as Body;
  } catch {
    return null;
  }
}
