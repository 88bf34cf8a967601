import { newId } from '../../../../kernel/id.js';
import { paperReference } from '../../../../kernel/references.js';
import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import { orTaken } from '../../../../platform/db/rows/taken.js';
import type { BankSlip, SlipCorrection, SlipStore } from '../../ports.js';

const TAKEN = 'This bank already has a slip with this number';
const SLIP = `select s.id, s.account_id as "accountId", s.number, s.amount_minor as "amountMinor", s.deposit_id as "depositId", s.movement_id as "movementId", m.session_id as "sessionId",
  coalesce(d.entry_id, m.entry_id) as "entryId", s.undone_on as "undoneOn", s.undone_by as "undoneBy", s.undone_why as "undoneWhy"
  from fees_bank_slips s left join fees_cheque_deposits d on d.school_id = s.school_id and d.id = s.deposit_id left join fees_till_movements m on m.school_id = s.school_id and m.id = s.movement_id`;

export class PostgresSlipStore implements SlipStore {
  async insert(slip: Parameters<SlipStore['insert']>[0]): Promise<void> {
    await orTaken(
      db()('fees_bank_slips')
        .insert(snake({ ...slip, value: paperReference(slip.number) }))
        .then(),
      'slipNumber',
      TAKEN,
    );
  }

  find(id: string): Promise<BankSlip | null> {
    return one('find', 's.id = $1', id);
  }

  hold(id: string): Promise<BankSlip | null> {
    return one('hold', 's.id = $1 for update of s', id);
  }

  ofDeposit(depositId: string): Promise<BankSlip | null> {
    return one('of-deposit', 's.deposit_id = $1', depositId);
  }

  corrections(slipId: string): Promise<SlipCorrection[]> {
    return query<SlipCorrection>(
      'fees.slips.corrections',
      `select from_account_id as "fromAccountId", to_account_id as "toAccountId", entry_id as "entryId", reason, by_name as "byName", corrected_on as "correctedOn" from fees_slip_corrections where slip_id = $1 order by id`,
      [slipId],
    );
  }

  async correct(slipId: string, correction: SlipCorrection): Promise<void> {
    await orTaken(
      db()('fees_bank_slips').where({ id: slipId }).update({ account_id: correction.toAccountId }).then(),
      'accountId',
      TAKEN,
    );
    await db()('fees_slip_corrections').insert(snake({ id: newId(), slipId, ...correction }));
  }

  async undo(
    slipId: string,
    { on, by, why, backInTill }: { on: string; by: string; why: string; backInTill: boolean },
  ): Promise<void> {
    await query(
      'fees.slips.undo',
      'update fees_bank_slips set undone_on = $2, undone_by = $3, undone_why = $4, back_in_till = $5 where id = $1',
      [slipId, on, by, why, backInTill],
    );
    await query(
      'fees.slips.undo-bankings',
      'update fees_cheque_bankings b set undone_on = $2 from fees_bank_slips s where s.id = $1 and b.school_id = s.school_id and b.deposit_id = s.deposit_id',
      [slipId, on],
    );
  }

  chequesOf(depositId: string): ReturnType<SlipStore['chequesOf']> {
    return query(
      'fees.slips.cheques',
      `select p.id as "paymentId", p.state = 'posted' as posted, b.cleared_on is not null as cleared from fees_payments p join fees_cheque_bankings b on b.school_id = p.school_id and b.payment_id = p.id
        where b.deposit_id = $1 and b.undone_on is null order by p.id for update of p`,
      [depositId],
    );
  }
}

async function one(name: string, where: string, value: string): Promise<BankSlip | null> {
  return (await query<BankSlip>(`fees.slips.${name}`, `${SLIP} where ${where}`, [value]))[0] ?? null;
}
