import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { HttpDaraja } from '../../../../src/modules/payments/daraja/adapters/http-daraja.js';
import type { DarajaAccount } from '../../../../src/modules/payments/accounts/account.rules.js';
import {
  addressProblem,
  centsOf,
  fromNairobi,
  nairobiStamp,
  promptedShillings,
} from '../../../../src/modules/payments/daraja/daraja.rules.js';
import { meaningOf } from '../../../../src/modules/payments/daraja/results.rules.js';
import { RailAway, RailRefused, type Push } from '../../../../src/modules/payments/ports.js';
import { LocalDaraja } from '../../../../src/bin/local-daraja/local-daraja.js';

const KEYS = {
  consumerKey: 'key',
  consumerSecret: 'secret',
  passkey: 'bfb279f9aa9bdbcf158e97dd71a467cd',
  initiator: { name: 'apiop', credential: 'c2VhbGVk' },
};
const ACCOUNT: DarajaAccount = { environment: 'sandbox', kind: 'paybill', shortcode: '600134', till: null, keys: KEYS };
const PUSH: Push = {
  shillings: 1500,
  phone: '254722000111',
  reference: 'KA0034',
  description: 'School fees',
  callbackUrl: 'http://localhost:9/api/callbacks/ab12/stk',
};

describe('amounts, times and codes of M-Pesa', () => {
  it('amounts are decimal text, read to the cent or not at all', () => {
    const read = { '5.00': 500, '5': 500, '1500.5': 150_050, '10.05': 1005 };
    for (const [text, cents] of Object.entries(read)) assert.equal(centsOf(text), cents, text);
    for (const text of ['0', '0.00', '-5', '1e2', '1.005', 'NaN', '', '٥', '5,000', 'KES 5', null, undefined, {}])
      assert.equal(centsOf(text), null, String(text));
  });

  it('a prompt asks for whole shillings, rounded up', () => {
    for (const [cents, shillings] of [
      [100, 1],
      [101, 2],
      [150_050, 1501],
      [120_000, 1200],
    ] as const)
      assert.equal(promptedShillings(cents), shillings);
  });

  it('times are Nairobi’s, whatever stands behind them', () => {
    const at = new Date('2026-11-25T06:30:15Z');
    assert.equal(nairobiStamp(at), '20261125093015');
    for (const text of ['20261125093015', 20261125093015, '2026-11-25 09:30:15', '2026-11-25T09:30:15Z'])
      assert.equal(fromNairobi(text)?.getTime(), at.getTime(), String(text));
    for (const text of ['20261325093015', '2026-11-25', 'yesterday', null]) assert.equal(fromNairobi(text), null, String(text));
  });

  it('codes are sentences; one that nobody has described is a neutral failure', () => {
    assert.deepEqual(
      [meaningOf('0').kind, meaningOf('1032').kind, meaningOf('4999').kind, meaningOf('77777').kind],
      ['paid', 'failed', 'busy', 'failed'],
    );
    assert.match(meaningOf('1').sentence, /not enough money/);
    assert.equal(meaningOf('17').sentence, meaningOf('26').sentence);
  });

  it('addresses carry none of the words that Daraja refuses', () => {
    assert.equal(addressProblem('https://aims.example/api/callbacks/ab12/c2b/confirmation', true), null);
    for (const url of [
      'https://aims.example/mpesa',
      'https://safaricom.example/x',
      'https://a.example/QUERY',
      'https://a.example/sql',
      'https://a.example/x.exe',
      'https://a.example/cmd',
    ])
      assert.match(addressProblem(url, true)!, /does not accept an address with the word/, url);
    assert.match(addressProblem('http://aims.example/x', true)!, /https/);
    assert.equal(addressProblem('http://localhost/x', false), null);
  });
});

describe('Daraja over HTTP', () => {
  let now = new Date('2026-11-25T06:30:00Z');
  const clock = { now: () => now };
  const local = new LocalDaraja({
    shortcodes: [{ shortcode: '600134', passkey: KEYS.passkey, consumerKey: 'key', consumerSecret: 'secret' }],
    now: clock.now,
    initiator: 'apiop',
  });
  let url: string;
  let daraja: HttpDaraja;
  before(async () => {
    url = await local.listen();
    daraja = new HttpDaraja({ sandbox: url, production: url }, clock);
  });
  after(() => local.close());

  const refuses = (work: Promise<unknown>, words: RegExp) =>
    assert.rejects(work, (error) => error instanceof RailRefused && words.test(error.message));

  it('one token serves for its hour and is renewed before it ends, or when it is forgotten', async () => {
    await daraja.queryPush(ACCOUNT, (await daraja.push(ACCOUNT, PUSH)).checkoutRequestId);
    assert.equal(local.tokensGiven, 1);
    now = new Date(now.getTime() + 3_590_000);
    await daraja.push(ACCOUNT, { ...PUSH, phone: '254722000112' });
    assert.equal(local.tokensGiven, 2);
    local.forgetTokens();
    await daraja.push(ACCOUNT, { ...PUSH, phone: '254722000113' });
    assert.equal(local.tokensGiven, 3);
  });

  it('wrong keys, a wrong passkey and prompts that the real one refuses are refused in words', async () => {
    await refuses(daraja.tryKeys({ ...ACCOUNT, keys: { ...KEYS, consumerSecret: 'wrong' } }), /rejected these keys/);
    await refuses(daraja.push({ ...ACCOUNT, keys: { ...KEYS, passkey: 'wrong' } }, PUSH), /Wrong credentials/);
    const phone = '254722000120';
    const wrong: [Partial<Push>, RegExp][] = [
      [{ shillings: 10.5 }, /Amount/],
      [{ shillings: 0 }, /Amount/],
      [{ reference: 'KA/2026/00345' }, /AccountReference/],
      [{ description: 'Fees of term two' }, /TransactionDesc/],
      [{ phone: '0722000111' }, /PhoneNumber/],
      [{ callbackUrl: 'https://aims.example/mpesa/x' }, /CallBackURL/],
    ];
    for (const [part, words] of wrong) await refuses(daraja.push(ACCOUNT, { ...PUSH, phone, ...part }), words);
    await refuses(daraja.push(ACCOUNT, PUSH), /Unable to lock subscriber/);
  });

  it('a prompt is open until the phone answers; its query says how it ended and carries no receipt', async () => {
    const { checkoutRequestId } = await daraja.push(ACCOUNT, { ...PUSH, phone: '254722000130' });
    assert.equal(await daraja.queryPush(ACCOUNT, checkoutRequestId), null);
    await local.answer(local.prompts.at(-1)!, { code: 1032, callback: false });
    assert.deepEqual(await daraja.queryPush(ACCOUNT, checkoutRequestId), { code: '1032', text: 'Request cancelled by user' });
    await refuses(daraja.queryPush(ACCOUNT, 'ws_CO_nobody'), /does not exist/);
  });

  it('addresses are registered once, plain http not in production', async () => {
    const base = 'https://aims.example/api/callbacks/ab12/c2b';
    await daraja.registerUrls(ACCOUNT, { validation: `${base}/validation`, confirmation: `${base}/confirmation` });
    assert.equal(local.urls.get('600134')!.confirmation, `${base}/confirmation`);
    const real = new LocalDaraja({ production: true });
    const strict = new HttpDaraja({ sandbox: url, production: await real.listen() }, clock);
    const account = { ...ACCOUNT, environment: 'production' as const };
    await refuses(
      strict.registerUrls(account, { validation: 'http://aims.example/v', confirmation: 'http://aims.example/c' }),
      /ConfirmationURL/,
    );
    await strict.registerUrls(account, { validation: 'https://aims.example/v', confirmation: 'https://aims.example/c' });
    await refuses(
      strict.registerUrls(account, { validation: 'https://aims.example/v', confirmation: 'https://aims.example/c' }),
      /already registered/,
    );
    await real.close();
  });

  it('payments of the last two days are listed page by page, whichever way they came', async () => {
    await daraja.registerPull(ACCOUNT, { nominated: '254722000111', callback: 'https://aims.example/p' });
    await daraja.registerPull(ACCOUNT, { nominated: '254722000111', callback: 'https://aims.example/p' });
    for (let n = 0; n < 30; n += 1) await local.payTo('600134', { amount: `${n + 1}.00`, billRef: `KA${n}` }, { confirm: false });
    const span = { from: new Date(now.getTime() - 48 * 3_600_000), to: now };
    const [first, second, third] = [
      await daraja.pull(ACCOUNT, { ...span, offset: 0 }),
      await daraja.pull(ACCOUNT, { ...span, offset: 25 }),
      await daraja.pull(ACCOUNT, { ...span, offset: 30 }),
    ];
    assert.deepEqual([first.length, second.length, third.length], [25, 5, 0]);
    assert.equal((first[0] as { amount: string }).amount, '1.00');
  });

  it('nobody there is not the same as an answer: whether anything was asked is told apart', async () => {
    const gone = new LocalDaraja();
    const nobody = new HttpDaraja({ sandbox: await gone.listen(), production: url }, clock);
    await gone.close();
    await assert.rejects(nobody.push(ACCOUNT, PUSH), (error) => error instanceof RailAway && error.neverAsked);
  });
});
