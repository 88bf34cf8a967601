import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { Clock } from '../../../kernel/clock.js';
import { Conflict, Invalid, RuleBroken, Stale } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { ApprovalKind, ApprovalRequest, ApprovalsApi, Translate } from '../../approvals/index.js';
import type { Account as LedgerAccount, LedgerApi } from '../../finance/index.js';
import type { SchoolApi } from '../../school/index.js';
import { CURRENCY, paidTo, type AccountDetails, type RailAccount, type RailKeys } from './account.rules.js';
import { changesOf, type Change } from './changes.rules.js';
import { addressProblem } from '../daraja/daraja.rules.js';
import { RailAway, RailRefused, type AccountStore, type Daraja, type PlatformInbox } from '../ports.js';

const KIND = 'payments.account';

/** As a form brings them: what is left empty stays as it was. */
export interface WrittenKeys {
  consumerKey: string;
  consumerSecret: string;
  passkey: string;
  initiatorName: string;
  initiatorCredential: string;
}

export interface AccountParts {
  unit: Unit;
  audit: AuditTrail;
  clock: Clock;
  store: AccountStore;
  daraja: Daraja;
  approvals: ApprovalsApi;
  ledger: Pick<LedgerApi, 'accounts' | 'banks'>;
  school: Pick<SchoolApi, 'profile'>;
  inbox: PlatformInbox | null;
  /** Whether money that nobody has paid may stand in the books: in demo schools alone. */
  practice: boolean;
  newToken(): string;
  hash(token: string): string;
  /** Where the platform hears calls for a token: `…/api/callbacks/{token}`. */
  addressOf(token: string): string;
  /** An account is in use from now on: the platform is to know whom one can pay for. */
  changed(): Promise<void>;
}

/** An account without its secrets. */
export type ShownAccount = Omit<RailAccount, 'keys' | 'token' | 'pending'> & {
  hasInitiator: boolean;
  changes: AccountDetails | null;
};

/** Numbers of the school that are paid to. Each change takes two people; keys are never shown again. */
export class RailAccounts {
  constructor(private readonly parts: AccountParts) {}

  async list(actor: Actor): Promise<ShownAccount[]> {
    demand(actor, 'payments.read');
    return (await this.parts.store.list()).map(shown);
  }

  async find(actor: Actor, id: string): Promise<ShownAccount & { requestId: string | null }> {
    demand(actor, 'payments.read');
    const open = await this.parts.approvals.openFor({ kind: KIND, id });
    return { ...shown(await this.demandAccount(id)), requestId: open[0]?.id ?? null };
  }

  get practice(): boolean {
    return this.parts.practice;
  }

  /** Accounts of the books that may hold what comes in. */
  async ledgerAccounts(): Promise<readonly LedgerAccount[]> {
    const { ledger } = this.parts;
    return [
      ...(await ledger.accounts()).filter((one) => one.active && one.role === 'clearing.mobile'),
      ...(await ledger.banks()),
    ];
  }

  /** It is there at once and asks nothing of anybody until a second person agrees. */
  add(actor: Actor, details: AccountDetails, written: WrittenKeys): Promise<string> {
    demand(actor, 'payments.setup');
    const { unit, store } = this.parts;
    return unit(async () => {
      await this.demandPossible(details);
      const keys = mergedKeys(null, written);
      const account: RailAccount = {
        id: newId(),
        ...details,
        keys,
        token: this.parts.newToken(),
        state: 'waiting',
        pending: { ...details, keys },
        registeredAt: null,
        pulledAt: null,
        triedAt: null,
        triedSays: null,
        version: 1,
      };
      await store.insert(account);
      await this.ask(actor, account.id, null, account, `${details.name}, ${paidTo(details)}, is used for payments.`);
      return account.id;
    });
  }

  change(actor: Actor, id: string, details: AccountDetails, written: WrittenKeys, version: number): Promise<void> {
    demand(actor, 'payments.setup');
    return this.parts.unit(async () => {
      const account = await this.demandAccount(id);
      await this.demandPossible(details);
      const pending = { ...details, keys: mergedKeys(account.keys, written) };
      await this.save({ ...account, pending, version });
      await this.ask(actor, id, account, pending, `The number ${paidTo(account)} has been changed.`);
    });
  }

  /** Whether the network takes its keys. */
  async attempt(actor: Actor, id: string): Promise<string> {
    demand(actor, 'payments.setup');
    const { daraja, clock, audit, unit } = this.parts;
    const account = await this.demandAccount(id);
    const says = await daraja.tryKeys(account).then(() => '', sentenceOf);
    await unit(async () => {
      await this.save({ ...(await this.demandAccount(id)), triedAt: clock.now(), triedSays: says });
      await audit.record(actor, {
        action: 'payments.account.try',
        entity: 'payments_accounts',
        entityId: id,
        label: account.name,
        after: { works: says === '' },
      });
    });
    return says;
  }

  /** Tells the network where to call, and asks for its list. @throws RuleBroken with what it says */
  async register(actor: Actor, id: string): Promise<void> {
    demand(actor, 'payments.setup');
    const { daraja, clock, audit, unit, inbox, addressOf, hash } = this.parts;
    const account = await this.demandAccount(id);
    if (account.state !== 'on') throw new RuleBroken('waiting', 'A second person has to approve this account first.');
    if (!inbox)
      throw new RuleBroken(
        'no-platform',
        'This school has no address that M-Pesa can call. Its payment list is still read every hour.',
      );
    const base = addressOf(account.token);
    const problem = addressProblem(base, account.environment === 'production');
    if (problem) throw new RuleBroken('address', problem);
    await inbox.keepAddress(id, hash(account.token));
    try {
      await daraja.registerUrls(account, { validation: `${base}/validation`, confirmation: `${base}/confirmation` });
      await daraja.registerPull(account, { nominated: account.nominatedPhone.slice(1), callback: `${base}/pull` });
    } catch (error) {
      throw new RuleBroken('refused', sentenceOf(error));
    }
    await unit(async () => {
      await this.save({ ...(await this.demandAccount(id)), registeredAt: clock.now() });
      await audit.record(actor, {
        action: 'payments.account.register',
        entity: 'payments_accounts',
        entityId: id,
        label: account.name,
      });
    });
  }

  switchOff(actor: Actor, id: string): Promise<void> {
    demand(actor, 'payments.setup');
    const { unit, audit } = this.parts;
    return unit(async () => {
      const account = await this.demandAccount(id);
      if (account.state !== 'on') throw new Conflict('This account is not in use.');
      await this.save({ ...account, state: 'off' });
      await audit.record(actor, {
        action: 'payments.account.close',
        entity: 'payments_accounts',
        entityId: id,
        label: account.name,
        before: { state: 'on' },
        after: { state: 'off' },
      });
    });
  }

  readonly kind: ApprovalKind = {
    key: KIND,
    label: 'Payment number',
    askWith: 'payments.setup',
    decideWith: 'payments.approve',
    approve: (actor, request) => this.carryOut(actor, request),
    refuse: (_actor, { subject }) => this.putBack(subject.id),
    describe: ({ payload }, t) => ({
      title: t('Payment number'),
      lines: ((payload.changes ?? []) as Change[]).map((one) => sentenceOfChange(one, t)),
    }),
    href: ({ subject }) => `/payments/accounts/${subject.id}`,
  };

  private async carryOut(actor: Actor, { subject, askedBy }: ApprovalRequest): Promise<void> {
    const { audit, inbox, clock } = this.parts;
    const account = await this.demandAccount(subject.id);
    if (!account.pending) throw new RuleBroken('nothing', 'There is nothing more to change.');
    const { pending } = account;
    if (pending.environment === 'production' && (await inbox?.claimShortcode('mpesa-ke', pending.shortcode)) === 'foreign') {
      throw new RuleBroken('foreign', 'Another school on the platform uses this number. A number can belong to only one school.');
    }
    const moved = pending.environment !== account.environment || pending.shortcode !== account.shortcode;
    await this.save({
      ...account,
      ...pending,
      pending: null,
      state: 'on',
      ...(moved ? { registeredAt: null } : {}),
      pulledAt: moved ? clock.now() : (account.pulledAt ?? clock.now()),
      triedAt: null,
      triedSays: null,
    });
    await this.parts.changed();
    await audit.record(actor, {
      action: 'payments.account.change',
      entity: 'payments_accounts',
      entityId: account.id,
      label: pending.name,
      before: detailsOf(account),
      after: { ...detailsOf(pending), askedBy: askedBy.name },
    });
  }

  private async putBack(id: string): Promise<void> {
    await this.save({ ...(await this.demandAccount(id)), pending: null });
  }

  /** Whoever agrees sees each thing that becomes different; of keys only that they were written anew. */
  private async ask(
    actor: Actor,
    id: string,
    before: RailAccount | null,
    after: AccountDetails & { keys: RailKeys },
    summary: string,
  ): Promise<void> {
    const books = await this.parts.ledger.accounts();
    const nameOf = (accountId: string): string => {
      const found = books.find((one) => one.id === accountId);
      return found ? `${found.code} ${found.name}` : '';
    };
    const changes = changesOf(before, after, nameOf);
    if (changes.length === 0) throw new Invalid([{ field: '', message: 'Nothing was changed: these are the current settings' }]);
    await this.parts.approvals.ask(actor, {
      kind: KIND,
      subject: { kind: KIND, id },
      reason: 'The school’s money goes to this number.',
      summary,
      payload: { changes },
    });
  }

  private async save(account: RailAccount): Promise<void> {
    if (!(await this.parts.store.update(account))) throw new Stale();
  }

  private async demandPossible({ ledgerAccountId, environment }: AccountDetails): Promise<void> {
    if (environment === 'sandbox' && !this.parts.practice)
      throw new Invalid({
        environment: 'Only a demo school can use the sandbox: test payments would appear in the books as real money',
      });
    if ((await this.parts.school.profile()).currency !== CURRENCY)
      throw new RuleBroken('currency', 'M-Pesa in Kenya pays in Kenyan shillings, which is not this school’s currency.');
    if (!(await this.ledgerAccounts()).some((one) => one.id === ledgerAccountId))
      throw new Invalid({ ledgerAccountId: 'Choose a ledger account' });
  }

  private async demandAccount(id: string): Promise<RailAccount> {
    const account = await this.parts.store.find(id);
    if (!account) throw new Missing('mobile-account');
    return account;
  }
}

/** What is written in a box takes the place of what was there; an initiator needs both of its boxes. */
function mergedKeys(kept: RailKeys | null, written: WrittenKeys): RailKeys {
  const missing = (['consumerKey', 'consumerSecret', 'passkey'] as const).filter((name) => !(written[name] || kept?.[name]));
  if (missing.length > 0) throw new Invalid(missing.map((field) => ({ field, message: 'Copy it from the operator’s portal' })));
  if (Boolean(written.initiatorName) !== Boolean(written.initiatorCredential))
    throw new Invalid({ initiatorCredential: 'Enter both the name and its credential, or neither' });
  const initiator = written.initiatorName
    ? { name: written.initiatorName, credential: written.initiatorCredential }
    : (kept?.initiator ?? null);
  return {
    consumerKey: written.consumerKey || kept!.consumerKey,
    consumerSecret: written.consumerSecret || kept!.consumerSecret,
    passkey: written.passkey || kept!.passkey,
    initiator,
  };
}

function shown({ keys, token: _token, pending, ...account }: RailAccount): ShownAccount {
  return { ...account, hasInitiator: keys.initiator !== null, changes: pending && detailsOf(pending) };
}

function detailsOf({
  name,
  environment,
  kind,
  shortcode,
  till,
  nominatedPhone,
  ledgerAccountId,
}: AccountDetails): AccountDetails {
  return { name, environment, kind, shortcode, till, nominatedPhone, ledgerAccountId };
}

/** What the network said, for whoever asked it. */
export function sentenceOf(error: unknown): string {
  if (error instanceof RailRefused || error instanceof RailAway) return error.message;
  throw error;
}

function sentenceOfChange({ what, from, to }: Change, t: Translate): string {
  const words: Record<Change['what'], string> = {
    name: t('Name'),
    kind: t('Kind'),
    shortcode: t('Paybill, or store number of the till'),
    till: t('Till number'),
    environment: t('Money'),
    ledgerAccountId: t('Ledger account'),
    nominatedPhone: t('Phone registered with the operator for this number'),
    consumerKey: t('Consumer key'),
    consumerSecret: t('Consumer secret'),
    passkey: t('Passkey'),
    initiator: t('Initiator'),
  };
  const values: Record<string, string> = {
    paybill: t('a paybill'),
    till: t('a till'),
    production: t('real money'),
    sandbox: t('sandbox, no money moves'),
    '': t('none'),
  };
  const said = (value: string): string =>
    what === 'kind' || what === 'environment' || value === '' ? (values[value] ?? value) : value;
  if (to === undefined) return t('{{what}}: changed (kept secret)', { what: words[what] });
  return from === undefined
    ? t('{{what}}: {{to}}', { what: words[what], to: said(to) })
    : t('{{what}}: {{from}} → {{to}}', { what: words[what], from: said(from), to: said(to) });
}
