import type { Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Conflict } from '../../../kernel/errors.js';
import type { NetworkReversal } from '../../fees/index.js';
import type { LedgerApi } from '../../finance/index.js';
import type { AccountStore, SuspenseItem, SuspenseStore } from '../ports.js';
import { SCHEME } from '../reference.js';

export interface TakenAwayParts {
  audit: AuditTrail;
  ledger: Pick<LedgerApi, 'account' | 'post'>;
  accounts: Pick<AccountStore, 'find'>;
  suspense: Pick<SuspenseStore, 'takeAway'>;
}

/** The money is neither somebody's nor the school's any more: it leaves suspense and the account of the number that had it, on the day on which the network took it. Joins the caller's transaction. */
export async function takenAway(
  { audit, ledger, accounts, suspense }: TakenAwayParts,
  actor: Actor,
  item: SuspenseItem,
  { code, on }: NetworkReversal,
): Promise<void> {
  const { id, transId, amountMinor, state } = item;
  const [account, held] = [await accounts.find(item.accountId), await ledger.account('suspense')];
  const { entryId, again } = await ledger.post(actor, {
    source: { kind: 'suspense-reversal', key: `${SCHEME}:${code}` },
    valueOn: on,
    by: 'rail',
    memo: `M-Pesa ${transId}, reversed by M-Pesa as ${code}`,
    lines: [
      { accountId: held.id, amountMinor },
      { accountId: account!.ledgerAccountId, amountMinor: -amountMinor },
    ],
  });
  if (again) throw new Conflict('This M-Pesa reversal is already in the books.');
  await suspense.takeAway(id, { code, on, entryId, byName: actor.name });
  await audit.record(actor, {
    action: 'payments.suspense.take-away',
    entity: 'payments_suspense',
    entityId: id,
    label: transId,
    before: { state },
    after: { state: 'taken-back', code, on, entryId },
  });
}
