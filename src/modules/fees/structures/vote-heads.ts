import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Invalid, RuleBroken, Stale } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { INCOME_ACCOUNTS, type Account, type LedgerApi } from '../../finance/index.js';
import type { SchoolApi } from '../../school/index.js';
import { isCharged, kindOf, LAST_PRIORITY, type HeadKind, type UsualFee, type VoteHead } from './vote-head.rules.js';
import type { HeadStore } from '../ports.js';

export type HeadDetails = Omit<VoteHead, 'id' | 'active' | 'version'>;

/** Where the charges of a kind may end: income in an income account, what goes back or on in a liability. */
const ACCOUNT_OF: Record<HeadKind, Account['kind']> = {
  income: 'income',
  deposit: 'liability',
  'for-others': 'liability',
  grant: 'income',
};

export class VoteHeads {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: HeadStore,
    private readonly ledger: Pick<LedgerApi, 'accounts'>,
    private readonly school: Pick<SchoolApi, 'pack'>,
  ) {}

  async list(actor: Actor): Promise<readonly VoteHead[]> {
    demand(actor, 'fees.read');
    return this.store.list();
  }

  async find(actor: Actor, id: string): Promise<VoteHead> {
    const head = (await this.list(actor)).find((one) => one.id === id);
    if (!head) throw new Missing('vote-head');
    return head;
  }

  /** Accounts that a head of each kind may use. */
  async accounts(): Promise<Account[]> {
    const usable = new Set<string | null>([null, 'fees', 'caution', 'for-others', 'grants']);
    return (await this.ledger.accounts()).filter(
      (one) => one.active && usable.has(one.role) && Object.values(ACCOUNT_OF).includes(one.kind),
    );
  }

  /** What schools of the country usually charge for, and whether this one does already. */
  async usual(actor: Actor): Promise<{ fee: UsualFee; kind: HeadKind; charged: boolean }[]> {
    const heads = await this.list(actor);
    return (await this.school.pack()).fees.map((fee) => ({ fee, kind: kindOf(fee), charged: isCharged(fee, heads) }));
  }

  /** Those of them that have been chosen, after what is there; what the school charges already is passed over. @returns how many are new */
  addUsual(actor: Actor, codes: readonly string[]): Promise<number> {
    demand(actor, 'fees.setup');
    return this.unit(async () => {
      const accounts = await this.accounts();
      const last = Math.max(0, ...(await this.list(actor)).map((head) => head.priority));
      const wanted = (await this.usual(actor)).filter(({ fee, charged }) => codes.includes(fee.code) && !charged);
      for (const [n, { fee, kind }] of wanted.entries()) {
        const { code, name, frequency, mandatory } = fee;
        await this.add(actor, {
          code,
          name,
          kind,
          frequency,
          mandatory,
          accountId: accountFor(fee, accounts),
          priority: Math.min(last + n + 1, LAST_PRIORITY),
        });
      }
      return wanted.length;
    });
  }

  add(actor: Actor, details: HeadDetails): Promise<string> {
    demand(actor, 'fees.setup');
    return this.unit(async () => {
      await this.demandAccount(details);
      const head: VoteHead = { id: newId(), ...details, active: true, version: 1 };
      await this.store.insert(head);
      await this.audit.record(actor, {
        action: 'fees.head.add',
        entity: 'vote-head',
        entityId: head.id,
        label: `${head.code} ${head.name}`,
        after: details,
      });
      return head.id;
    });
  }

  change(actor: Actor, id: string, details: HeadDetails & { version: number }): Promise<void> {
    return this.save(actor, id, 'fees.head.change', async (now) => {
      await this.demandAccount(details);
      return { ...now, ...details };
    });
  }

  /** What is charged already stays; new structures and bills go without it. */
  close(actor: Actor, id: string): Promise<void> {
    return this.save(actor, id, 'fees.head.close', (now) => Promise.resolve({ ...now, active: false }));
  }

  reopen(actor: Actor, id: string): Promise<void> {
    return this.save(actor, id, 'fees.head.reopen', (now) => Promise.resolve({ ...now, active: true }));
  }

  private save(actor: Actor, id: string, action: string, change: (now: VoteHead) => Promise<VoteHead>): Promise<void> {
    demand(actor, 'fees.setup');
    return this.unit(async () => {
      const before = await this.find(actor, id);
      const after = await change(before);
      if (!(await this.store.update(after))) throw new Stale();
      await this.audit.record(actor, {
        action,
        entity: 'vote-head',
        entityId: id,
        label: `${after.code} ${after.name}`,
        before: auditOf(before),
        after: auditOf(after),
      });
    });
  }

  private async demandAccount({ kind, accountId }: HeadDetails): Promise<void> {
    const account = (await this.accounts()).find((one) => one.id === accountId);
    if (!account || account.kind !== ACCOUNT_OF[kind])
      throw new Invalid({
        accountId:
          ACCOUNT_OF[kind] === 'income' ? 'Choose an income account' : 'Choose a liability: this money is not the school’s',
      });
  }
}

/** The account of the role, or of what the income is for; without one of its own it is school fees. @throws RuleBroken before the books are open */
function accountFor({ books }: UsualFee, accounts: readonly Account[]): string {
  const role = books === 'deposit' ? 'caution' : books === 'for-others' ? 'for-others' : 'fees';
  const own = books in INCOME_ACCOUNTS ? INCOME_ACCOUNTS[books as keyof typeof INCOME_ACCOUNTS] : null;
  const account = accounts.find((one) => one.code === own && one.kind === 'income') ?? accounts.find((one) => one.role === role);
  if (!account)
    throw new RuleBroken('books-closed', 'Open the school’s books first: each vote head posts to one of their accounts.');
  return account.id;
}

function auditOf({ id: _id, version: _version, ...head }: VoteHead): object {
  return head;
}
