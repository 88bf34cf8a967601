import type { App } from '../../../app.js';
import type { Actor } from '../../../kernel/actor.js';
import { RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { Approvals } from '../../../modules/approvals/operations.js';
import { MESSAGE_STORE, nairobiTime, RailAccounts, readMessage, Settling } from '../../../modules/payments/operations.js';
import { CONFIG } from '../../../platform/settings.js';
import { CLOCK } from '../../../platform/tokens.js';
import type { Registered } from '../people/register-builder.js';

const HOUR_MS = 3_600_000;
const SHORTCODE = '247247';

/** A paybill to practise with, and what came to it lately: most with a number that somebody has, some without. */
export async function openRails(app: App, asks: Actor, agrees: Actor, registered: readonly Registered[]): Promise<void> {
  const get = app.container.get.bind(app.container);
  if (!get(CONFIG).launcher) return;
  const accounts = get(RailAccounts);
  const ledgerAccounts = await accounts.ledgerAccounts();
  const ledgerAccountId = (ledgerAccounts.find((one) => one.role === 'clearing.mobile') ?? ledgerAccounts[0]!).id;
  const details = {
    name: 'Paybill of the school',
    environment: 'sandbox',
    kind: 'paybill',
    shortcode: SHORTCODE,
    till: null,
    nominatedPhone: '+254700099001',
    ledgerAccountId,
  } as const;
  const keys = {
    consumerKey: 'demo-key',
    consumerSecret: 'demo-secret',
    passkey: 'demo-passkey',
    initiatorName: '',
    initiatorCredential: '',
  };
  const id = await accounts.add(asks, details, keys);
  const { requestId } = await accounts.find(asks, id);
  await get(Approvals).decide(agrees, requestId!, { approve: true, note: '' });
  await accounts.register(asks, id).catch((error: unknown) => {
    // Built by hand, without the platform or the stand-in for M-Pesa beside it: it can be registered later.
    if (!(error instanceof RuleBroken)) throw error;
  });
  await payments(app, id, registered);
}

async function payments(app: App, accountId: string, registered: readonly Registered[]): Promise<void> {
  const get = app.container.get.bind(app.container);
  const now = get(CLOCK).now();
  const numbers = registered.slice(0, 14).map((one) => one.number);
  const [first = '', second = '', third = ''] = registered
    .slice(20, 23)
    .map(({ family, child }) => `${child.firstName} ${family.surname}`);
  const written = [...numbers, numbers[0]!.replace(/(\d+)$/, '00$1'), first, 'TUITION TERM 3', '', second.toUpperCase(), third];
  const messages = written.map((billreference, n) => {
    const at = new Date(now.getTime() - (written.length - n) * 2 * HOUR_MS);
    const body = JSON.stringify({
      transactionId: `SK${newId().replaceAll('-', '').slice(-8).toUpperCase()}`,
      trxDate: nairobiTime(at),
      msisdn: 722_400_100 + n,
      billreference,
      amount: `${(n % 5) * 2500 + 3000}.00`,
    });
    return {
      id: newId(),
      accountId,
      source: 'list' as const,
      externalKey: `demo:${n}`,
      body,
      receivedAt: at,
      ...readMessage('list', body),
    };
  });
  await get(MESSAGE_STORE).insertAll(messages);
  await get(Settling).settleAll();
}
