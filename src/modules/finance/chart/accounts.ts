import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Invalid, RuleBroken, Stale } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { isBank, type Account, type AccountKind, type BankFacts } from './account.rules.js';
import { demandBankable } from './bank.rules.js';
import type { AccountUse, Chart, ChartStore, StatementStore } from '../ports.js';

export interface Naming {
  code: string;
  name: string;
}

export interface AccountDetails extends Naming, BankFacts {
  atBank: boolean;
}

/** The school's own chart: it names everything, and adds and switches off what the product itself doesn't need. */
export class Accounts {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: ChartStore,
    private readonly statements: Pick<StatementStore, 'balances'>,
    private readonly uses: readonly AccountUse[],
  ) {}

  async chart(actor: Actor): Promise<Chart> {
    demand(actor, 'finance.read');
    return this.store.chart();
  }

  async find(actor: Actor, id: string): Promise<Account> {
    const account = (await this.chart(actor)).accounts.find((one) => one.id === id);
    if (!account) throw new Missing('account');
    return account;
  }

  add(actor: Actor, details: AccountDetails & { kind: AccountKind; fundId: string | null }): Promise<string> {
    demand(actor, 'finance.setup');
    return this.unit(async () => {
      const account: Account = { id: newId(), ...details, role: null, active: true, version: 1 };
      demandBankable(account);
      await this.store.insertAccount(account);
      await this.audit.record(actor, {
        action: 'finance.account.add',
        entity: 'account',
        entityId: account.id,
        label: labelOf(account),
        after: { ...auditOf(account), kind: account.kind, fundId: account.fundId },
      });
      return account.id;
    });
  }

  /** @throws RuleBroken when it becomes a bank, or stops being one, under those who book to it */
  change(
    actor: Actor,
    id: string,
    { code, name, atBank, bankName, bankBranch, bankNumber, version }: AccountDetails & { version: number },
  ): Promise<void> {
    demand(actor, 'finance.setup');
    return this.unit(async () => {
      const now = await this.find(actor, id);
      const after = { ...now, code, name, atBank, bankName, bankBranch, bankNumber, version };
      demandBankable(after);
      if (now.atBank && !atBank) await this.demandUnused(id);
      if (now.atBank !== atBank) await this.demandFree(id, 'atBank');
      await this.save(actor, id, () => after, 'finance.account.change');
    });
  }

  /** Only an account that is empty, and that nothing books to, can be switched off. @throws RuleBroken */
  close(actor: Actor, id: string, on: string): Promise<void> {
    return this.unit(async () => {
      const account = await this.find(actor, id);
      if (account.role !== null)
        throw new RuleBroken('in-use', 'AIMS posts to this account, so it can be renamed but not switched off.');
      const balance = (await this.statements.balances(on)).find((one) => one.accountId === id)?.balanceMinor ?? 0;
      if (balance !== 0) throw new RuleBroken('not-empty', 'This account has a balance. Move it with a journal voucher first.');
      await this.demandFree(id);
      await this.save(actor, id, (now) => ({ ...now, active: false }), 'finance.account.close');
    });
  }

  reopen(actor: Actor, id: string): Promise<void> {
    return this.save(actor, id, (now) => ({ ...now, active: true }), 'finance.account.reopen');
  }

  addCostCentre(actor: Actor, { code, name }: Naming): Promise<void> {
    demand(actor, 'finance.setup');
    return this.unit(async () => {
      const id = newId();
      await this.store.insertGroup('cost-centre', { id, code, name, active: true });
      await this.audit.record(actor, {
        action: 'finance.cost-centre.add',
        entity: 'cost-centre',
        entityId: id,
        label: `${code} ${name}`,
        after: { code, name },
      });
    });
  }

  /** What is booked stays what it was. */
  private async demandUnused(id: string): Promise<void> {
    if (await this.store.holdUsed(id))
      throw new Invalid({
        atBank:
          'Money has been booked to this bank account, so it must stay a bank account. You can switch it off once its balance is zero.',
      });
  }

  private async demandFree(id: string, field?: string): Promise<void> {
    for (const use of this.uses) {
      const user = await use.userOf(id);
      if (user) throw new RuleBroken('in-use', `The ${user} posts to this account. Choose another account there first.`, field);
    }
  }

  private save(actor: Actor, id: string, change: (now: Account) => Account, action: string): Promise<void> {
    demand(actor, 'finance.setup');
    return this.unit(async () => {
      const before = await this.find(actor, id);
      const after = change(before);
      if (!(await this.store.updateAccount(after))) throw new Stale();
      await this.audit.record(actor, {
        action,
        entity: 'account',
        entityId: id,
        label: labelOf(after),
        before: auditOf(before),
        after: auditOf(after),
      });
    });
  }
}

function labelOf({ code, name }: Naming): string {
  return `${code} ${name}`;
}

function auditOf(account: Account): object {
  const { code, name, active, atBank, bankName, bankBranch, bankNumber } = account;
  return { code, name, active, ...(isBank(account) && { atBank, bankName, bankBranch, bankNumber }) };
}
