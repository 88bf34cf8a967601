import type { Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { Clock } from '../../../kernel/clock.js';
import { Conflict } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { LedgerApi } from '../../finance/index.js';
import type { Message } from '../messages/message.rules.js';
import type { SuspenseItem, SuspenseStore } from '../ports.js';
import { SCHEME } from '../reference.js';

export interface IntoSuspenseParts {
  audit: AuditTrail;
  clock: Clock;
  ledger: Pick<LedgerApi, 'account' | 'post'>;
  suspense: Pick<SuspenseStore, 'insert'>;
}

/** Money as its message tells of it, the day on which it was paid, and the account of the books that holds it. */
export type HeldMoney = Pick<Message, 'id' | 'accountId' | 'billRef' | 'payerName' | 'payerPhone'> & {
  transId: string;
  amountMinor: number;
  paidOn: string;
  ledgerAccountId: string;
};

/** The school has money and owes it to somebody: an entry, and a row that people work on. Joins the caller's transaction. @returns its id */
export async function intoSuspense(
  { audit, clock, ledger, suspense }: IntoSuspenseParts,
  actor: Actor,
  money: HeldMoney,
  { why, takenBack }: { why: string; takenBack?: { paymentId: string; reason: string } },
): Promise<string> {
  const { transId, amountMinor, paidOn, ledgerAccountId, billRef, payerName, payerPhone, accountId, id: messageId } = money;
  const held = await ledger.account('suspense');
  const { entryId, again } = await ledger.post(actor, {
    source: { kind: 'suspense', key: `${SCHEME}:${transId}` },
    valueOn: paidOn,
    by: 'rail',
    memo: `M-Pesa ${transId}, not matched yet`,
    lines: [
      { accountId: ledgerAccountId, amountMinor },
      { accountId: held.id, amountMinor: -amountMinor },
    ],
  });
  if (again) throw new Conflict('This money is already being booked. Try again in a moment.', 'in_progress');
  const id = newId();
  await suspense.insert({
    id,
    accountId,
    messageId,
    transId,
    amountMinor,
    paidOn,
    billRef,
    payerName,
    payerPhone,
    why,
    state: 'open',
    entryId,
    paymentId: null,
    takenBackId: takenBack?.paymentId ?? null,
    reversalCode: null,
    reversedOn: null,
    reversalEntryId: null,
    seenBy: null,
    reason: takenBack?.reason ?? '',
    byName: takenBack ? actor.name : '',
    createdAt: clock.now(),
    settledAt: null,
  });
  await audit.record(actor, {
    action: 'payments.suspense.receive',
    entity: 'payments_suspense',
    entityId: id,
    label: transId,
    after: { amountMinor, billRef },
    ...(takenBack ? { reason: takenBack.reason } : {}),
  });
  return id;
}

/** It waits for its child again, where it waited before. */
export async function takeUpAgain(
  { audit, suspense }: { audit: AuditTrail; suspense: Pick<SuspenseStore, 'reopen'> },
  actor: Actor,
  { id, transId, state }: SuspenseItem,
  reason: string,
): Promise<void> {
  await suspense.reopen(id, { reason, byName: actor.name });
  await audit.record(actor, {
    action: 'payments.suspense.reopen',
    entity: 'payments_suspense',
    entityId: id,
    label: transId,
    before: { state },
    after: { state: 'open' },
    reason,
  });
}
