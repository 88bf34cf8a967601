import { z } from 'zod';
import type { Clock } from '../../../../kernel/clock.js';
import { neverSent } from '../../../../platform/mail/delivery.js';
import type { DarajaAccount, Environment } from '../../accounts/account.rules.js';
import { nairobiStamp, nairobiTime } from '../daraja.rules.js';
import { RailAway, RailRefused, type Daraja, type Push } from '../../ports.js';

const TIMEOUT_MS = 15_000;
/** A token is renewed so long before it ends. */
const MARGIN_MS = 60_000;
const INVALID_TOKEN = '404.001.03';
/** The same code says that credentials are wrong: only the words tell them apart. */
const STILL_PROCESSING = /being processed/i;

const Token = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number() });
const Pushed = z.object({
  MerchantRequestID: z.string(),
  CheckoutRequestID: z.string().min(1),
  ResponseCode: z.coerce.string(),
  ResponseDescription: z.string().default(''),
});
const Queried = z.object({ ResultCode: z.coerce.string(), ResultDesc: z.string().default('') });
const Said = z.object({ ResponseCode: z.coerce.string(), ResponseDescription: z.string().default('') });
const Asked = Said.extend({ ConversationID: z.string().default('') });
const PullRegistered = z.object({ ResponseStatus: z.coerce.string(), ResponseDescription: z.string().default('') });
const Pulled = z.object({
  ResponseCode: z.coerce.string(),
  ResponseMessage: z.string().default(''),
  Response: z.array(z.union([z.array(z.looseObject({})), z.looseObject({})])).default([]),
});
const Problem = z.object({ errorCode: z.coerce.string(), errorMessage: z.string().default('') });

/** Names of the shortcode's kinds among Daraja's identifiers. */
const IDENTIFIER = { paybill: '4', till: '2' } as const;
const COMMAND = { paybill: 'CustomerPayBillOnline', till: 'CustomerBuyGoodsOnline' } as const;

/** Daraja over HTTP, by its documents of 2024. Amounts leave and come as decimal text, times are Nairobi's. */
export class HttpDaraja implements Daraja {
  private readonly tokens = new Map<string, { token: string; until: number }>();

  constructor(
    private readonly urls: Record<Environment, string>,
    private readonly clock: Clock,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  async tryKeys(account: DarajaAccount): Promise<void> {
    await this.freshToken(account);
  }

  async push(
    account: DarajaAccount,
    { shillings, phone, reference, description, callbackUrl }: Push,
  ): Promise<{ merchantRequestId: string; checkoutRequestId: string }> {
    const answer = await this.call(account, '/mpesa/stkpush/v1/processrequest', Pushed, {
      ...this.password(account),
      TransactionType: COMMAND[account.kind],
      Amount: String(shillings),
      PartyA: phone,
      PartyB: account.till ?? account.shortcode,
      PhoneNumber: phone,
      CallBackURL: callbackUrl,
      AccountReference: reference,
      TransactionDesc: description,
    });
    demandAccepted(answer.ResponseCode, answer.ResponseDescription);
    return { merchantRequestId: answer.MerchantRequestID, checkoutRequestId: answer.CheckoutRequestID };
  }

  async queryPush(account: DarajaAccount, checkoutRequestId: string): Promise<{ code: string; text: string } | null> {
    try {
      const answer = await this.call(account, '/mpesa/stkpushquery/v1/query', Queried, {
        ...this.password(account),
        CheckoutRequestID: checkoutRequestId,
      });
      return { code: answer.ResultCode, text: answer.ResultDesc };
    } catch (error) {
      if (error instanceof RailRefused && STILL_PROCESSING.test(error.message)) return null;
      throw error;
    }
  }

  /** What the payer does stands if the school's side can't be asked: the money is then found in suspense. */
  async registerUrls(
    account: DarajaAccount,
    { validation, confirmation }: { validation: string; confirmation: string },
  ): Promise<void> {
    const answer = await this.call(account, '/mpesa/c2b/v2/registerurl', Said, {
      ShortCode: account.shortcode,
      ResponseType: 'Completed',
      ConfirmationURL: confirmation,
      ValidationURL: validation,
    });
    demandAccepted(answer.ResponseCode, answer.ResponseDescription);
  }

  async registerPull(account: DarajaAccount, { nominated, callback }: { nominated: string; callback: string }): Promise<void> {
    const answer = await this.call(account, '/pulltransactions/v1/register', PullRegistered, {
      ShortCode: account.shortcode,
      RequestType: 'Pull',
      NominatedNumber: nominated,
      CallBackURL: callback,
    });
    if (answer.ResponseStatus !== '1000' && !/already/i.test(answer.ResponseDescription))
      throw new RailRefused(answer.ResponseStatus, answer.ResponseDescription);
  }

  async pull(account: DarajaAccount, { from, to, offset }: { from: Date; to: Date; offset: number }): Promise<object[]> {
    const answer = await this.call(account, '/pulltransactions/v1/query', Pulled, {
      ShortCode: account.shortcode,
      StartDate: nairobiTime(from),
      EndDate: nairobiTime(to),
      OffSetValue: String(offset),
    });
    // 1001 says that there is nothing in this span.
    if (answer.ResponseCode === '1001') return [];
    if (answer.ResponseCode !== '1000') throw new RailRefused(answer.ResponseCode, answer.ResponseMessage);
    return answer.Response.flat();
  }

  async askStatus(
    account: DarajaAccount,
    { transId, resultUrl, timeoutUrl }: { transId: string; resultUrl: string; timeoutUrl: string },
  ): Promise<{ conversationId: string }> {
    if (!account.keys.initiator)
      throw new RailRefused('no-initiator', 'This account has no initiator who may query a transaction.');
    const answer = await this.call(account, '/mpesa/transactionstatus/v1/query', Asked, {
      Initiator: account.keys.initiator.name,
      SecurityCredential: account.keys.initiator.credential,
      CommandID: 'TransactionStatusQuery',
      TransactionID: transId,
      PartyA: account.shortcode,
      IdentifierType: IDENTIFIER[account.kind],
      ResultURL: resultUrl,
      QueueTimeOutURL: timeoutUrl,
      Remarks: 'Status',
      Occasion: '',
    });
    demandAccepted(answer.ResponseCode, answer.ResponseDescription);
    return { conversationId: answer.ConversationID };
  }

  private password({ shortcode, keys }: DarajaAccount): { BusinessShortCode: string; Password: string; Timestamp: string } {
    const stamp = nairobiStamp(this.clock.now());
    return {
      BusinessShortCode: shortcode,
      Password: Buffer.from(shortcode + keys.passkey + stamp).toString('base64'),
      Timestamp: stamp,
    };
  }

  /** A token that Daraja has forgotten before its hour is over is renewed once. */
  private async call<Schema extends z.ZodType>(
    account: DarajaAccount,
    path: string,
    schema: Schema,
    body: object,
  ): Promise<z.infer<Schema>> {
    const post = async (token: string): Promise<z.infer<Schema>> => {
      const init = {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      };
      return this.fetch(account.environment, path, schema, init);
    };
    try {
      return await post(await this.token(account));
    } catch (error) {
      if (!(error instanceof RailRefused) || error.code !== INVALID_TOKEN) throw error;
      return post(await this.freshToken(account));
    }
  }

  private async token(account: DarajaAccount): Promise<string> {
    const kept = this.tokens.get(nameOf(account));
    return kept && kept.until > this.clock.now().getTime() ? kept.token : this.freshToken(account);
  }

  private async freshToken(account: DarajaAccount): Promise<string> {
    const { consumerKey, consumerSecret } = account.keys;
    const basic = Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64');
    const answer = await this.fetch(account.environment, '/oauth/v1/generate?grant_type=client_credentials', Token, {
      headers: { authorization: `Basic ${basic}` },
    });
    this.tokens.set(nameOf(account), {
      token: answer.access_token,
      until: this.clock.now().getTime() + answer.expires_in * 1000 - MARGIN_MS,
    });
    return answer.access_token;
  }

  private async fetch<Schema extends z.ZodType>(
    environment: Environment,
    path: string,
    schema: Schema,
    init: RequestInit,
  ): Promise<z.infer<Schema>> {
    const response = await fetch(new URL(path, this.urls[environment]), {
      ...init,
      redirect: 'error',
      signal: AbortSignal.timeout(this.timeoutMs),
    }).catch((error: unknown) => {
      throw new RailAway('M-Pesa can’t be reached.', neverSent(error));
    });
    const said = await response.json().catch(() => null);
    if (response.ok) {
      const parsed = schema.safeParse(said);
      if (parsed.success) return parsed.data;
    }
    const problem = Problem.safeParse(said).data;
    if (problem) throw new RailRefused(problem.errorCode, problem.errorMessage);
    // Wrong keys are answered without a body.
    if (response.status === 400 || response.status === 401)
      throw new RailRefused(String(response.status), 'M-Pesa rejected these keys.');
    throw new RailAway(`M-Pesa’s answer could not be read (${response.status}).`, response.status === 429);
  }
}

function nameOf({ environment, keys }: DarajaAccount): string {
  return `${environment} ${keys.consumerKey} ${keys.consumerSecret}`;
}

function demandAccepted(code: string, description: string): void {
  if (!/^0+$/.test(code)) throw new RailRefused(code, description);
}
