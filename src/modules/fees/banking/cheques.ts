import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Conflict, Invalid } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { Account, LedgerApi } from '../../finance/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { AccountHolder, StudentsApi } from '../../students/index.js';
import { demandBank } from './bank.rules.js';
import { demandBanking } from './cheque.rules.js';
import type { ChequeAges, ChequeDeposit, ChequeFilter, ChequeLine, ChequeStore, PaymentRecord, SlipStore } from '../ports.js';

export interface ChequeParts {
  unit: Unit;
  audit: AuditTrail;
  store: ChequeStore;
  slips: Pick<SlipStore, 'insert'>;
  ledger: Pick<LedgerApi, 'accounts' | 'banks' | 'post'>;
  students: Pick<StudentsApi, 'holders'>;
  school: Pick<SchoolApi, 'today'>;
}

export type Names = ReadonlyMap<string, AccountHolder>;
export type NamedDeposit = ChequeDeposit & { slipId: string; cheques: ChequeLine[]; account: Account | null; names: Names };

export interface Banking {
  paymentIds: readonly string[];
  accountId: string;
  slipNumber: string;
  bankedOn: string;
}

/** Cheques from the desk to the bank: in hand, banked on a slip, cleared; one that comes back leaves the account that it stands on. */
export class Cheques {
  constructor(private readonly parts: ChequeParts) {}

  async list(
    actor: Actor,
    filter: ChequeFilter,
    cursor: string | null,
    limit: number,
  ): Promise<Page<ChequeLine & { names: Names }> & { ages: ChequeAges | null }> {
    demand(actor, 'fees.payments.read');
    const page = await this.parts.store.list(filter, await this.parts.school.today(), cursor, limit);
    const names = await this.names(page.rows);
    return { ...page, rows: page.rows.map((row) => ({ ...row, names })) };
  }

  /** What can be banked, oldest first, and where. */
  async toBank(actor: Actor): Promise<{ cheques: ChequeLine[]; names: Names; banks: readonly Account[] }> {
    demand(actor, 'fees.receive');
    const cheques = await this.parts.store.inHand(await this.parts.school.today());
    return { cheques, names: await this.names(cheques), banks: await this.parts.ledger.banks() };
  }

  /** @throws Conflict when one of them is not in hand any more; Invalid when the bank has a slip of this number */
  async bank(actor: Actor, { paymentIds, accountId, slipNumber, bankedOn }: Banking): Promise<string> {
    demand(actor, 'fees.receive');
    const { unit, store, slips, ledger, audit, school } = this.parts;
    demandBanking({ bankedOn, slipNumber, paymentIds }, await school.today());
    demandBank(accountId, await ledger.banks());
    return unit(async () => {
      const held = await store.hold(paymentIds);
      // What somebody else banked while this waited is seen only now.
      if (held.length !== new Set(paymentIds).size || (await store.areBanked(paymentIds)))
        throw new Conflict('One of these cheques is no longer in hand. Check the list again.');
      const id = newId();
      const amountMinor = held.reduce((sum, one) => sum + one.amountMinor, 0);
      const lines = [
        { accountId, amountMinor },
        ...held.map((one) => ({ accountId: one.accountId, amountMinor: -one.amountMinor, memo: one.number })),
      ];
      const { entryId } = await ledger.post(actor, {
        source: { kind: 'fees-cheque-deposit', key: id },
        valueOn: bankedOn,
        dayField: 'bankedOn',
        by: 'person',
        memo: `Cheques to the bank, slip ${slipNumber}`,
        lines,
      });
      await store.insertDeposit(
        { id, accountId, slipNumber, bankedOn, amountMinor, entryId, byName: actor.name },
        held.map((one) => one.id),
      );
      await slips.insert({ id: newId(), accountId, number: slipNumber, amountMinor, depositId: id, movementId: null });
      await audit.record(actor, {
        action: 'fees.cheques.bank',
        entity: 'fee-cheque-deposit',
        entityId: id,
        label: slipNumber,
        after: { amountMinor, bankedOn, cheques: held.map((one) => one.number) },
      });
      return id;
    });
  }

  async deposit(actor: Actor, id: string): Promise<NamedDeposit> {
    demand(actor, 'fees.payments.read');
    const found = await this.parts.store.findDeposit(id, await this.parts.school.today());
    if (!found) throw new Missing('slip');
    return {
      ...found,
      account: (await this.parts.ledger.accounts()).find((one) => one.id === found.accountId) ?? null,
      names: await this.names(found.cheques),
    };
  }

  /** The bank has the money for good. Nothing is booked: it stands on the bank's account since it was banked. */
  async clear(actor: Actor, depositId: string, paymentIds: readonly string[], on: string): Promise<void> {
    demand(actor, 'fees.verify');
    const { unit, store, audit, school } = this.parts;
    if (paymentIds.length === 0) throw new Invalid({ cheques: 'Choose the cheques that cleared' });
    if (on > (await school.today())) throw new Invalid({ clearedOn: 'This date is in the future' });
    await unit(async () => {
      const deposit = await store.findDeposit(depositId, on);
      if (!deposit) throw new Missing('slip');
      if (on < deposit.bankedOn) throw new Invalid({ clearedOn: 'This is before the cheques were banked. Choose a later date' });
      if ((await store.clear(depositId, paymentIds, on, actor.name)) !== new Set(paymentIds).size)
        throw new Conflict('One of these cheques has cleared or bounced since.');
      await audit.record(actor, {
        action: 'fees.cheques.clear',
        entity: 'fee-cheque-deposit',
        entityId: depositId,
        label: deposit.slipNumber,
        after: { on, paymentIds },
      });
    });
  }

  /** Before the entry of a cheque is mirrored: its money leaves the bank, if it went there. Joins the caller's transaction, who holds the payment. */
  async leaveBank(
    actor: Actor,
    { id, accountId, amountMinor }: Pick<PaymentRecord, 'id' | 'accountId' | 'amountMinor'>,
    memo: string,
  ): Promise<void> {
    const { store, ledger, school } = this.parts;
    const bankId = await store.bankOf(id);
    if (!bankId) return;
    const lines = [
      { accountId, amountMinor },
      { accountId: bankId, amountMinor: -amountMinor },
    ];
    const { entryId } = await ledger.post(actor, {
      source: { kind: 'fees-cheque-return', key: id },
      valueOn: await school.today(),
      by: 'rail',
      memo: `Cheque returned by the bank · ${memo}`.slice(0, 200),
      lines,
    });
    await store.noteReturned(id, entryId);
  }

  private async names(cheques: readonly Pick<ChequeLine, 'studentIds'>[]): Promise<Names> {
    const ids = [...new Set(cheques.flatMap((one) => one.studentIds))];
    return new Map(ids.length > 0 ? (await this.parts.students.holders(ids)).map((one) => [one.id, one]) : []);
  }
}
