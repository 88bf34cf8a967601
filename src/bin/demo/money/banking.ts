import type { App } from '../../../app.js';
import type { Actor } from '../../../kernel/actor.js';
import { addDays } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/id.js';
import { LEDGER } from '../../../modules/finance/index.js';
import { Journals } from '../../../modules/finance/operations.js';
import { SCHOOL } from '../../../modules/school/index.js';

const FRIDAY = 5;

/** The cash of each week goes to the bank on its Friday; that of a week that is not over lies in the safe. */
export async function bankCash(
  app: App,
  actor: Actor,
  taken: readonly { receivedOn: string; amountMinor: number }[],
): Promise<void> {
  const get = app.container.get.bind(app.container);
  const today = await get(SCHOOL).today();
  const weeks = new Map<string, number>();
  for (const { receivedOn, amountMinor } of taken)
    weeks.set(fridayOf(receivedOn), (weeks.get(fridayOf(receivedOn)) ?? 0) + amountMinor);
  const [bank, cash] = [await get(LEDGER).account('bank'), await get(LEDGER).account('cash')];
  const row = { memo: '', costCentreId: null };
  for (const [valueOn, minor] of [...weeks].filter(([friday]) => friday < today).sort()) {
    const rows = [
      { ...row, accountId: bank.id, debitMinor: minor, creditMinor: null },
      { ...row, accountId: cash.id, debitMinor: null, creditMinor: minor },
    ];
    await get(Journals).post(actor, { key: newId(), valueOn, memo: 'Cash of the week to the bank', rows });
  }
}

function fridayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
  return addDays(day, (FRIDAY - weekday + 7) % 7);
}
