import type { Actor } from '../../../kernel/actor.js';
import type { PayingApi } from '../../fees/index.js';
import { referenceOf } from '../reference.js';

/** A slip that shows a code with another sum, or was turned down, gives the code up to the money that came. */
export async function releaseSlip(fees: Pick<PayingApi, 'paymentOf' | 'giveUp'>, actor: Actor, transId: string): Promise<void> {
  const shown = await fees.paymentOf(referenceOf(transId));
  if (shown?.state === 'provisional' || shown?.state === 'rejected')
    await fees.giveUp(actor, shown.paymentId, 'The payment with this code had a different amount and has its own receipt.');
}
