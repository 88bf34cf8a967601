import { newId } from '../../../src/kernel/id.js';
import { Approvals } from '../../../src/modules/approvals/approvals.js';
import { RailAccounts } from '../../../src/modules/payments/accounts/accounts.js';
import { PayLinks } from '../../../src/modules/payments/links/links.js';
import { Settling } from '../../../src/modules/payments/messages/settling.js';
import { readMessage } from '../../../src/modules/payments/messages/message.rules.js';
import { ACCOUNT_STORE, MESSAGE_STORE, PROMPT_STORE, SUSPENSE_STORE } from '../../../src/modules/payments/ports.js';
import { openBooks } from '../books.js';
import type { Stage, Visit } from '../stage.js';

interface Ids {
  account: string;
  item: string;
  message: string;
  student: string;
  prompt: string;
  token: string;
}

/** Payments, as the bursar sees them, and the page of a family that pays by a link. */
export const paymentsVisits: Record<string, Visit> = {
  'payments/index': (stage) => arranged(stage, () => '/payments?number=SKVISIT001'),
  'payments/suspense/index': (stage) => arranged(stage, () => '/payments/suspense'),
  'payments/suspense/show': (stage) => arranged(stage, ({ item }) => `/payments/suspense/${item}`),
  'payments/suspense/reject': (stage) => arranged(stage, ({ item }) => `/payments/suspense/${item}/rejection`),
  'payments/suspense/reopen': (stage) => arranged(stage, ({ item }) => `/payments/suspense/${item}/reopening`),
  'payments/messages/index': (stage) => arranged(stage, () => '/payments/messages'),
  'payments/messages/show': (stage) => arranged(stage, ({ message }) => `/payments/messages/${message}`),
  'payments/messages/reverse': (stage) => arranged(stage, ({ message }) => `/payments/messages/${message}/reversal`),
  'payments/prompts/index': (stage) => arranged(stage, () => '/payments/prompts'),
  'payments/prompts/new': (stage) => arranged(stage, ({ student }) => `/payments/prompts/new?student=${student}`),
  'payments/prompts/show': (stage) => arranged(stage, ({ prompt }) => `/payments/prompts/${prompt}`),
  'payments/accounts/index': (stage) => arranged(stage, () => '/payments/accounts'),
  'payments/accounts/new': (stage) => arranged(stage, () => '/payments/accounts/new'),
  'payments/accounts/show': (stage) => arranged(stage, ({ account }) => `/payments/accounts/${account}`),
  'payments/accounts/edit': (stage) => arranged(stage, ({ account }) => `/payments/accounts/${account}/edit`),
  'payments/links/show': (stage) => arranged(stage, ({ student }) => `/payments/links/${student}`),
  'payments/pay/show': (stage) => arranged(stage, ({ token }) => `/pay/${token}`),
  'payments/pay/prompt': (stage) => arranged(stage, ({ token, prompt }) => `/pay/${token}/prompts/${prompt}`),
};

async function arranged(stage: Stage, pathOf: (ids: Ids) => string): Promise<string> {
  const { school } = stage;
  const student = await stage.id('students');
  return school.run(async () => {
    const actor = school.office;
    await openBooks(school);
    const account = (await school.get(ACCOUNT_STORE).list())[0]?.id ?? (await anAccount(stage));
    const transId = `SK${newId().slice(-8).toUpperCase()}`;
    const body = JSON.stringify({
      transactionId: transId,
      trxDate: '2026-11-20T09:30:00Z',
      msisdn: 722000111,
      billreference: 'KARIUKI-ODUYA WILHELMINA',
      amount: '12500.00',
    });
    const message = newId();
    await school.get(MESSAGE_STORE).insertAll([
      {
        id: message,
        accountId: account,
        source: 'list',
        externalKey: transId,
        body,
        receivedAt: new Date(),
        ...readMessage('list', body),
      },
    ]);
    await school.get(Settling).settleAll();
    const item = (await school.get(SUSPENSE_STORE).ofTransaction(transId))!.id;
    const { token } = await school.get(PayLinks).give(actor, student);
    const link = (await school.get(PayLinks).open(token)).link.id;
    const prompt = newId();
    const at = new Date();
    await school.get(PROMPT_STORE).insert({
      id: prompt,
      accountId: account,
      studentId: student,
      shares: [],
      linkId: link,
      amountMinor: 1_250_000,
      phone: '+254722481903',
      reference: 'KA0034',
      state: 'failed',
      merchantRequestId: null,
      checkoutRequestId: null,
      resultCode: '1032',
      transId: null,
      paymentId: null,
      byUserId: null,
      byName: 'Pay link',
      askedAt: at,
      changedAt: at,
    });
    return pathOf({ account, item, message, student, prompt, token });
  });
}

async function anAccount({ school }: Stage): Promise<string> {
  const accounts = school.get(RailAccounts);
  const asker = { ...school.office, userId: newId(), name: 'Bursar' };
  const owner = { ...school.office, userId: newId(), name: 'Owner', roles: ['owner'] };
  const details = {
    name: 'Paybill of the school',
    environment: 'sandbox',
    kind: 'paybill',
    shortcode: '247247',
    till: null,
    nominatedPhone: '+254722000111',
    ledgerAccountId: (await accounts.ledgerAccounts())[0]!.id,
  } as const;
  const id = await accounts.add(asker, details, {
    consumerKey: 'k',
    consumerSecret: 's',
    passkey: 'p',
    initiatorName: '',
    initiatorCredential: '',
  });
  const { requestId } = await accounts.find(school.office, id);
  await school.get(Approvals).decide(owner, requestId!, { approve: true, note: '' });
  return id;
}
