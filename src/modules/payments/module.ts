import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { Get, Module } from '../../platform/module.js';
import { AUDIT } from '../../platform/http/ports.js';
import { enqueue } from '../../platform/jobs/index.js';
import { deriveKey } from '../../platform/keys.js';
import { ownKey } from '../../platform/link/keys.js';
import { payeeSet } from '../../platform/link/payees.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { CLOCK, LOG, UNIT } from '../../platform/tokens.js';
import { APPROVAL_KINDS, APPROVALS } from '../approvals/index.js';
import { INSTALMENTS, PAY_PAGES, PAY_WAYS, PAYING, TAKING_BACK, UNMATCHED_MONEY } from '../fees/index.js';
import { ACCOUNT_USES, LEDGER, LEDGER_CHECKS, type AccountUse } from '../finance/index.js';
import { SCHOOL } from '../school/index.js';
import { StudentChanged, StudentEnrolled, StudentLeft, STUDENTS, StudentsMerged, STUDENT_TIES } from '../students/index.js';
import { ACTS } from './acts.js';
import { HttpDaraja } from './daraja/adapters/http-daraja.js';
import { PgAccountStore } from './accounts/adapters/account.store.js';
import { notesOfRails, phonesOfRails, railData } from './adapters/own-data.js';
import { PgPaymentCheck } from './messages/adapters/check.store.js';
import { PgMessageStore } from './messages/adapters/message.store.js';
import { PgPlatformInbox } from './messages/adapters/platform-inbox.store.js';
import { PgPromptStore } from './prompts/adapters/prompt.store.js';
import { PgClaimStore, PgLinkStore, PgQuestionStore } from './messages/adapters/proof.store.js';
import { PgSuspenseStore } from './suspense/adapters/suspense.store.js';
import { hashOf, LinkTokens, newToken } from './accounts/adapters/secrets.js';
import { accountRoutes } from './accounts/adapters/accounts.routes.js';
import { lookingRoutes } from './messages/adapters/looking.routes.js';
import { inboxCalls } from './messages/adapters/inbox-calls.js';
import type { PaymentPages } from './adapters/pages.js';
import { payRoutes } from './links/adapters/pay.routes.js';
import { linkRoutes, promptRoutes } from './prompts/adapters/prompts.routes.js';
import { reversalRoutes, suspenseRoutes } from './suspense/adapters/suspense.routes.js';
import { offers } from './adapters/offers.js';
import { RailAccounts } from './accounts/accounts.js';
import { BillLinks, PAYS_OWN } from './links/bill-links.js';
import { Booking } from './messages/booking.js';
import { PaymentChecks } from './messages/checks.js';
import { Hearing } from './messages/hearing.js';
import { Looking } from './messages/looking.js';
import { PayLinks } from './links/links.js';
import { payWays } from './accounts/pay-ways.js';
import { Payees } from './payees.js';
import { Prompts } from './prompts/prompts.js';
import { NetworkReversals, REVERSAL_APPROVES } from './suspense/reversals.js';
import { Settling } from './messages/settling.js';
import { ShownCodes } from './suspense/shown-codes.js';
import { Suspense } from './suspense/suspense.js';
import { PaymentTies } from './ties.js';
import {
  ACCOUNT_STORE,
  CLAIM_STORE,
  DARAJA,
  LINK_STORE,
  MESSAGE_STORE,
  PAYMENT_CHECK_STORE,
  PLATFORM_INBOX,
  PROMPT_STORE,
  QUESTION_STORE,
  SUSPENSE_STORE,
  type AccountStore,
} from './ports.js';

const SETTLE = 'payments.settle';
const PAYEES = 'payments.put-payees';
/** After these somebody else can be paid for, or under another number. */
const PAYEES_CHANGE = [StudentEnrolled, StudentChanged, StudentLeft, StudentsMerged].map((event) => event.eventName);

export const payments: Module = {
  name: 'payments',
  acts: ACTS,
  permissions: [
    {
      key: 'payments.read',
      label: 'See mobile money messages and suspense',
      group: 'Mobile money',
      roles: ['owner', 'head', 'bursar', 'auditor'],
      guarded: 'money',
    },
    {
      key: 'payments.match',
      label: 'Match suspense payments to students',
      group: 'Mobile money',
      roles: ['owner', 'bursar'],
      guarded: 'money',
    },
    {
      key: REVERSAL_APPROVES,
      label: 'Approve reversals by the mobile money operator',
      group: 'Mobile money',
      roles: ['owner', 'head', 'bursar'],
      guarded: 'money',
    },
    {
      key: 'payments.prompt',
      label: 'Send prompts to phones',
      group: 'Mobile money',
      roles: ['owner', 'bursar'],
      guarded: 'money',
    },
    {
      key: 'payments.links',
      label: 'Send families pay links',
      group: 'Mobile money',
      roles: ['owner', 'administrator', 'bursar'],
    },
    { key: PAYS_OWN, label: 'Pay for own children', group: 'Mobile money', roles: ['guardian'] },
    {
      key: 'payments.setup',
      label: 'Request changes to payment numbers',
      group: 'Mobile money',
      roles: ['owner', 'bursar'],
      guarded: 'money',
    },
    {
      key: 'payments.approve',
      label: 'Approve changes to payment numbers',
      group: 'Mobile money',
      roles: ['owner'],
      guarded: 'money',
    },
  ],
  menu: [{ group: 'Money', label: 'Mobile money', href: '/payments', icon: 'phone', can: 'payments.read', order: 30 }],

  offers,
  bind(c) {
    const get: Get = (token) => c.get(token);
    const onError = (err: unknown, where: string): void => get(LOG).error({ err }, where);
    c.bind(DARAJA).toResolvedValue((config: Config, clock: Clock) => new HttpDaraja(config.rails, clock), [CONFIG, CLOCK]);
    c.bind(ACCOUNT_STORE).toResolvedValue(
      (config: Config) => new PgAccountStore(deriveKey(config.secretKey, `payments.accounts.${config.school!.id}`)),
      [CONFIG],
    );
    c.bind(MESSAGE_STORE).toResolvedValue(() => new PgMessageStore());
    c.bind(PROMPT_STORE).toResolvedValue(() => new PgPromptStore());
    c.bind(SUSPENSE_STORE).toResolvedValue(() => new PgSuspenseStore());
    c.bind(PAYMENT_CHECK_STORE).toResolvedValue(() => new PgPaymentCheck());
    c.bind(CLAIM_STORE).toResolvedValue(() => new PgClaimStore());
    c.bind(QUESTION_STORE).toResolvedValue(() => new PgQuestionStore());
    c.bind(LINK_STORE).toResolvedValue(() => new PgLinkStore());
    c.bind(PLATFORM_INBOX).toResolvedValue(
      ({ coreDb, school }: Config) => coreDb && new PgPlatformInbox(coreDb, school!.id),
      [CONFIG],
    );
    c.bind(RailAccounts).toResolvedValue(
      () =>
        new RailAccounts({
          unit: get(UNIT),
          audit: get(AUDIT),
          clock: get(CLOCK),
          store: get(ACCOUNT_STORE),
          daraja: get(DARAJA),
          approvals: get(APPROVALS),
          ledger: get(LEDGER),
          school: get(SCHOOL),
          inbox: get(PLATFORM_INBOX),
          practice: get(CONFIG).launcher,
          newToken,
          hash: hashOf,
          addressOf: addressesOf(get),
          changed: async () => void (await enqueue(PAYEES, {}, { key: PAYEES })),
        }),
    );
    c.bind(APPROVAL_KINDS).toResolvedValue((accounts: RailAccounts) => accounts.kind, [RailAccounts]);
    c.bind(ACCOUNT_USES).toResolvedValue(
      (store: AccountStore): AccountUse => ({
        userOf: async (id) =>
          (await store.list()).find(
            (one) => (one.state !== 'off' && one.ledgerAccountId === id) || one.pending?.ledgerAccountId === id,
          )?.name ?? null,
      }),
      [ACCOUNT_STORE],
    );
    c.bind(PAY_WAYS).toResolvedValue((store: AccountStore) => payWays(store), [ACCOUNT_STORE]);
    c.bind(Hearing).toResolvedValue(
      () =>
        new Hearing({
          unit: get(UNIT),
          clock: get(CLOCK),
          accounts: get(ACCOUNT_STORE),
          messages: get(MESSAGE_STORE),
          daraja: get(DARAJA),
          inbox: get(PLATFORM_INBOX),
          onError,
        }),
    );
    c.bind(Booking).toResolvedValue(
      () =>
        new Booking({
          unit: get(UNIT),
          audit: get(AUDIT),
          clock: get(CLOCK),
          messages: get(MESSAGE_STORE),
          prompts: get(PROMPT_STORE),
          suspense: get(SUSPENSE_STORE),
          claims: get(CLAIM_STORE),
          inbox: get(PLATFORM_INBOX),
          fees: get(PAYING),
          ledger: get(LEDGER),
          students: get(STUDENTS),
        }),
    );
    c.bind(Settling).toResolvedValue(
      () =>
        new Settling({
          unit: get(UNIT),
          audit: get(AUDIT),
          clock: get(CLOCK),
          accounts: get(ACCOUNT_STORE),
          messages: get(MESSAGE_STORE),
          prompts: get(PROMPT_STORE),
          questions: get(QUESTION_STORE),
          daraja: get(DARAJA),
          hearing: get(Hearing),
          booking: get(Booking),
          addressOf: addressesOf(get),
          onError,
        }),
    );
    c.bind(Prompts).toResolvedValue(
      () =>
        new Prompts({
          unit: get(UNIT),
          audit: get(AUDIT),
          clock: get(CLOCK),
          store: get(PROMPT_STORE),
          accounts: get(ACCOUNT_STORE),
          daraja: get(DARAJA),
          students: get(STUDENTS),
          hearing: get(Hearing),
          settling: get(Settling),
          addressOf: addressesOf(get),
        }),
    );
    c.bind(Suspense).toResolvedValue(
      () =>
        new Suspense({
          unit: get(UNIT),
          audit: get(AUDIT),
          store: get(SUSPENSE_STORE),
          messages: get(MESSAGE_STORE),
          fees: get(PAYING),
          ledger: get(LEDGER),
          students: get(STUDENTS),
          approvals: get(APPROVALS),
        }),
    );
    c.bind(NetworkReversals).toResolvedValue(
      () =>
        new NetworkReversals({
          unit: get(UNIT),
          audit: get(AUDIT),
          messages: get(MESSAGE_STORE),
          suspense: get(SUSPENSE_STORE),
          accounts: get(ACCOUNT_STORE),
          fees: get(PAYING),
          takingBack: get(TAKING_BACK),
          ledger: get(LEDGER),
          approvals: get(APPROVALS),
          school: get(SCHOOL),
        }),
    );
    c.bind(APPROVAL_KINDS).toResolvedValue((reversals: NetworkReversals) => reversals.kind, [NetworkReversals]);
    c.bind(Looking).toResolvedValue(
      () =>
        new Looking({
          unit: get(UNIT),
          audit: get(AUDIT),
          accounts: get(ACCOUNT_STORE),
          store: get(SUSPENSE_STORE),
          messages: get(MESSAGE_STORE),
          fees: get(PAYING),
          students: get(STUDENTS),
          hearing: get(Hearing),
          settling: get(Settling),
        }),
    );
    c.bind(UNMATCHED_MONEY).toResolvedValue(
      () =>
        new ShownCodes({
          unit: get(UNIT),
          audit: get(AUDIT),
          clock: get(CLOCK),
          store: get(SUSPENSE_STORE),
          messages: get(MESSAGE_STORE),
          accounts: get(ACCOUNT_STORE),
          fees: get(PAYING),
          ledger: get(LEDGER),
          approvals: get(APPROVALS),
        }),
    );
    c.bind(PayLinks).toResolvedValue(() => {
      const { secretKey, school } = get(CONFIG);
      const tokens = linkTokens(secretKey, school!.id);
      const reader = { ...systemActor('Pay link'), permissions: new Set(['students.see-all']) };
      return new PayLinks({
        unit: get(UNIT),
        audit: get(AUDIT),
        clock: get(CLOCK),
        store: get(LINK_STORE),
        fees: get(PAYING),
        instalments: get(INSTALMENTS),
        students: get(STUDENTS),
        prompts: get(Prompts),
        reader,
        tokenOf: (id) => tokens.tokenOf(id),
        linkIdOf: (token) => tokens.linkIdOf(token),
      });
    });
    c.bind(BillLinks).toResolvedValue(() => {
      const { publicUrl, secretKey, school } = get(CONFIG);
      const tokens = linkTokens(secretKey, school!.id);
      return new BillLinks({
        unit: get(UNIT),
        audit: get(AUDIT),
        clock: get(CLOCK),
        store: get(LINK_STORE),
        accounts: get(ACCOUNT_STORE),
        students: get(STUDENTS),
        school: get(SCHOOL),
        addressOf: (token) => `${publicUrl}/pay/${token}`,
        tokenOf: (id) => tokens.tokenOf(id),
        linkIdOf: (token) => tokens.linkIdOf(token),
      });
    });
    c.bind(PAY_PAGES).toService(BillLinks);
    c.bind(Payees).toResolvedValue(
      () =>
        new Payees({
          inbox: get(PLATFORM_INBOX),
          accounts: get(ACCOUNT_STORE),
          students: get(STUDENTS),
          clock: get(CLOCK),
          setOf: setsOf(get(CONFIG)),
        }),
    );
    c.bind(STUDENT_TIES).toResolvedValue((prompts, links) => new PaymentTies(prompts, links), [PROMPT_STORE, LINK_STORE]);
    c.bind(LEDGER_CHECKS).toResolvedValue(
      () => new PaymentChecks(get(PAYMENT_CHECK_STORE), get(CLAIM_STORE), get(PLATFORM_INBOX), get(CLOCK)),
    );
  },

  routes(r, get) {
    const pages: PaymentPages = {
      accounts: get(RailAccounts),
      looking: get(Looking),
      suspense: get(Suspense),
      reversals: get(NetworkReversals),
      prompts: get(Prompts),
      links: get(PayLinks),
      billLinks: get(BillLinks),
      school: get(SCHOOL),
      students: get(STUDENTS),
      publicUrl: get(CONFIG).publicUrl,
      now: () => get(CLOCK).now(),
    };
    // Where no operator reports payments, there is nothing to list, to ask or to set up.
    const reported = r.where(({ mobileMoney }) => mobileMoney.tells);
    lookingRoutes(r, reported, pages);
    suspenseRoutes(reported, pages);
    reversalRoutes(reported, pages);
    accountRoutes(reported, pages);
    promptRoutes(reported, pages);
    linkRoutes(r, pages);
    payRoutes(r, pages);
    inboxCalls(r, { key: keyOf(get(CONFIG)), clock: get(CLOCK), take: () => take(get) });
  },

  work: (get) => ({
    jobs: {
      [SETTLE]: (payload) => get(Settling).settleAll((payload as { everything?: boolean }).everything ?? false),
      'payments.look': async () => {
        await get(Hearing)
          .takeInbox()
          .catch((err: unknown) => get(LOG).warn({ err }, 'the platform could not be asked for calls'));
        await get(Prompts).askAll();
        await get(Settling).settleAll();
      },
      'payments.read-lists': async () => {
        await get(Hearing).readLists();
        await get(Settling).settleAll(true);
        await get(Booking).claimPending();
      },
      [PAYEES]: () => get(Payees).put(),
    },
    cron: { 'payments.look': '* * * * *', 'payments.read-lists': '7 * * * *', [PAYEES]: '33 * * * *' },
    subscribe: [
      ...PAYEES_CHANGE.map((event) => ({
        event,
        name: `payments.payees-${event}`,
        handle: async () => void (await enqueue(PAYEES, {}, { key: PAYEES })),
      })),
    ],
    personalData: [
      railData({ currency: async () => (await get(SCHOOL).profile()).currency, paymentsOf: (id) => get(PAYING).paymentsOf(id) }),
    ],
    retention: [phonesOfRails, notesOfRails],
    atStop: async () => get(PLATFORM_INBOX)?.close(),
  }),
};

/** What came is settled by a job, so that whoever called doesn't wait for it. */
async function take(get: Get): Promise<void> {
  if ((await get(Hearing).takeInbox()) > 0) await enqueue(SETTLE, {}, { key: SETTLE });
}

function addressesOf(get: Get): (token: string) => string {
  return (token) => `${get(CONFIG).rails.callbackUrl}/api/callbacks/${token}`;
}

function linkTokens(secretKey: string, schoolId: string): LinkTokens {
  return new LinkTokens(deriveKey(secretKey, `payments.links.${schoolId}`));
}

function keyOf({ school }: Config) {
  return school?.bootstrapSecret ? ownKey(school.bootstrapSecret) : null;
}

function setsOf(config: Config) {
  const key = keyOf(config);
  return key && ((numbers: Iterable<string>) => ({ keyId: key.id, hashes: payeeSet(key, numbers) }));
}
