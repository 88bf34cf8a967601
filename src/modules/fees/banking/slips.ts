import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Conflict, Invalid, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { Account, LedgerApi } from '../../finance/index.js';
import type { SchoolApi } from '../../school/index.js';
import { demandBank } from './bank.rules.js';
import type { BankSlip, SlipCorrection, SlipStore, TillStore } from '../ports.js';
import { REVERSE } from '../reversals/reversals.js';

export interface SlipParts {
  unit: Unit;
  audit: AuditTrail;
  store: SlipStore;
  tills: Pick<TillStore, 'holdOpen'>;
  ledger: Pick<LedgerApi, 'accounts' | 'banks' | 'post' | 'reverseAll'>;
  school: Pick<SchoolApi, 'today'>;
}

export type NamedSlip = BankSlip & {
  account: Account | null;
  corrections: (SlipCorrection & { from: Account | null; to: Account | null })[];
  banks: readonly Account[];
};

/** Slips of the bank that were wrong: never brought there, or written for another bank. Until the bank has said that it has the money. */
export class Slips {
  constructor(private readonly parts: SlipParts) {}

  async find(actor: Actor, id: string): Promise<NamedSlip> {
    demand(actor, 'fees.payments.read');
    const slip = await this.parts.store.find(id);
    if (!slip) throw new Missing('slip');
    const [accounts, corrections] = [await this.parts.ledger.accounts(), await this.parts.store.corrections(id)];
    const named = (accountId: string): Account | null => accounts.find((one) => one.id === accountId) ?? null;
    return {
      ...slip,
      account: named(slip.accountId),
      corrections: corrections.map((one) => ({ ...one, from: named(one.fromAccountId), to: named(one.toAccountId) })),
      banks: await this.parts.ledger.banks(),
    };
  }

  /** Its cheques are in hand again, its cash in the till that is open still, else in the safe. @throws RuleBroken once the bank has said something of a cheque on it */
  undo(actor: Actor, id: string, reason: string): Promise<BankSlip> {
    demand(actor, REVERSE);
    const { unit, store, tills, ledger, audit, school } = this.parts;
    return unit(async () => {
      const seen = await this.demandSlip(await store.find(id));
      // Before the slip: whoever counts the till holds it first too.
      const backInTill = seen.sessionId !== null && (await tills.holdOpen(seen.sessionId));
      const slip = await this.demandSlip(await store.hold(id));
      if (slip.depositId) await this.demandUntouched(slip.depositId);
      await ledger.reverseAll(actor, [slip.entryId, ...(await store.corrections(id)).map((one) => one.entryId)], reason);
      await store.undo(id, { on: await school.today(), by: actor.name, why: reason, backInTill });
      await audit.record(actor, {
        action: 'fees.slip.undo',
        entity: 'fee-bank-slip',
        entityId: id,
        label: slip.number,
        before: { amountMinor: slip.amountMinor, accountId: slip.accountId },
        after: { backInTill },
        reason,
      });
      return slip;
    });
  }

  /** The money went to another bank of the school: it moves there in the books today. @throws Invalid when it stands there already */
  correct(actor: Actor, id: string, accountId: string, reason: string): Promise<BankSlip> {
    demand(actor, REVERSE);
    const { unit, store, ledger, audit, school } = this.parts;
    return unit(async () => {
      const slip = await this.demandSlip(await store.hold(id));
      if (accountId === slip.accountId) throw new Invalid({ accountId: 'It is already on this account' });
      demandBank(accountId, await ledger.banks());
      if (slip.depositId && (await store.chequesOf(slip.depositId)).some((one) => !one.posted))
        throw new RuleBroken('came-back', CAME_BACK);
      const today = await school.today();
      const lines = [
        { accountId, amountMinor: slip.amountMinor },
        { accountId: slip.accountId, amountMinor: -slip.amountMinor },
      ];
      const { entryId } = await ledger.post(actor, {
        source: { kind: 'fees-slip-correction', key: newId() },
        valueOn: today,
        by: 'person',
        memo: `Slip ${slip.number} moved from another bank · ${reason}`.slice(0, 200),
        lines,
      });
      await store.correct(id, {
        fromAccountId: slip.accountId,
        toAccountId: accountId,
        entryId,
        reason,
        byName: actor.name,
        correctedOn: today,
      });
      await audit.record(actor, {
        action: 'fees.slip.correct',
        entity: 'fee-bank-slip',
        entityId: id,
        label: slip.number,
        before: { accountId: slip.accountId },
        after: { accountId },
        reason,
      });
      return slip;
    });
  }

  private async demandUntouched(depositId: string): Promise<void> {
    const cheques = await this.parts.store.chequesOf(depositId);
    if (cheques.some((one) => !one.posted)) throw new RuleBroken('came-back', CAME_BACK);
    if (cheques.some((one) => one.cleared))
      throw new RuleBroken(
        'cleared',
        'The bank has cleared a cheque on this slip, so it was banked. If it went to another bank, correct the account.',
      );
  }

  private async demandSlip(slip: BankSlip | null): Promise<BankSlip> {
    if (!slip) throw new Missing('slip');
    if (slip.undoneOn) throw new Conflict('This slip has already been undone.');
    return slip;
  }
}

const CAME_BACK = 'A cheque on this slip was returned by the bank. Correct it with a manual voucher.';
