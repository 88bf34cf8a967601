import { decodeCursor, toPage } from '../../../../kernel/page.js';
import { plainReference } from '../../../../kernel/references.js';
import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import { newId } from '../../../../kernel/id.js';
import { CHEQUE_AGES } from '../cheque.rules.js';
import { ISSUER } from '../../receiving/adapters/payment.sql.js';
import type { ChequeAges, ChequeDeposit, ChequeLine, ChequeStore } from '../../ports.js';

const STATE = `case when p.state in ('bounced', 'reversed') then p.state when b.cleared_on is not null then 'cleared' when b.id is not null then 'banked' else 'in-hand' end`;
/** A slip that was undone shows its cheques as they stand now. */
const FROM = `fees_payments p left join fees_cheque_bankings b on b.school_id = p.school_id and b.payment_id = p.id and b.undone_on is null
  left join fees_cheque_deposits d on d.school_id = b.school_id and d.id = b.deposit_id
  left join lateral (select f.value, f.issuer, ${ISSUER} as bank from fees_payment_references f where f.school_id = p.school_id and f.payment_id = p.id and f.scheme = 'cheque' limit 1) f on true
  cross join lateral (select coalesce(json_agg(r.number order by r.number), '[]') as numbers, coalesce(json_agg(r.student_id order by r.number), '[]') as students
    from fees_receipts r where r.school_id = p.school_id and r.payment_id = p.id) r
  where p.method = 'cheque' and p.state in ('posted', 'bounced', 'reversed')`;
/** `$1` is today. */
const LINE = `select p.id as "paymentId", coalesce(f.value, '') as number, coalesce(f.bank, '') as bank, p.amount_minor as "amountMinor", p.received_on as "receivedOn", $1::date - p.received_on as days,
  p.payer_name as "payerName", r.students as "studentIds", r.numbers as "receiptNumbers", ${STATE} as state, d.id as "depositId", d.slip_number as "slipNumber", d.banked_on as "bankedOn",
  b.cleared_on as "clearedOn", p.ended_on as "endedOn", p.ended_why as "endedWhy"`;
const IN_HAND = `p.state = 'posted' and not exists (select 1 from fees_cheque_bankings b where b.school_id = p.school_id and b.payment_id = p.id and b.undone_on is null)`;
const STEP = `case ${CHEQUE_AGES.map((days, n) => `when $1::date - p.received_on <= ${days} then ${n}`).join(' ')} else ${CHEQUE_AGES.length} end`;
const AGES = `(select json_agg(json_build_object('count', coalesce(x.count, 0), 'minor', coalesce(x.minor, 0)) order by n) from generate_series(0, ${CHEQUE_AGES.length}) n
  left join (select ${STEP} as step, count(*)::int as count, sum(p.amount_minor)::bigint as minor from fees_payments p where p.method = 'cheque' and ${IN_HAND} group by 1) x on x.step = n) as ages`;

export class PostgresChequeStore implements ChequeStore {
  async list(
    { text, state, from, to }: Parameters<ChequeStore['list']>[0],
    today: string,
    cursor: string | null,
    limit: number,
  ): ReturnType<ChequeStore['list']> {
    const [at, id] = cursor === null ? [null, null] : decodeCursor(cursor, 2);
    const rows = await query<ChequeLine & { ages: ChequeAges }>(
      'fees.cheques.list',
      `${LINE}, ${AGES} from ${FROM}
          and ($2::text is null or f.value = $3 or f.issuer = $3 or p.payer_name ilike '%' || $4 || '%' or exists (select 1 from fees_receipts x where x.school_id = p.school_id and x.payment_id = p.id and x.number = upper($2)))
          and ($5::text is null or ${STATE} = $5) and ($6::date is null or p.received_on >= $6) and ($7::date is null or p.received_on <= $7)
          and ($8::date is null or (p.received_on, p.id) < ($8, $9::uuid))
        order by p.received_on desc, p.id desc limit $10`,
      [today, text, text && plainReference(text), text?.replace(/[\\%_]/g, '\\$&') ?? null, state, from, to, at, id, limit + 1],
    );
    return { ...toPage(rows, limit, (row) => [row.receivedOn, row.paymentId]), ages: rows[0]?.ages ?? null };
  }

  inHand(today: string): Promise<ChequeLine[]> {
    return query<ChequeLine>(
      'fees.cheques.in-hand',
      `${LINE} from ${FROM} and p.state = 'posted' and b.id is null order by p.received_on, p.id limit 300`,
      [today],
    );
  }

  hold(paymentIds: readonly string[]): ReturnType<ChequeStore['hold']> {
    return query(
      'fees.cheques.hold',
      `with held as (select p.* from fees_payments p where p.id = any($1::uuid[]) and p.method = 'cheque' order by p.id for update)
        select p.id, p.account_id as "accountId", p.amount_minor as "amountMinor",
            (select concat_ws(' ', nullif(${ISSUER}, ''), f.value) from fees_payment_references f where f.school_id = p.school_id and f.payment_id = p.id and f.scheme = 'cheque' limit 1) as number
          from held p where p.state = 'posted' order by p.id`,
      [paymentIds],
    );
  }

  async areBanked(paymentIds: readonly string[]): Promise<boolean> {
    return (
      (
        await query(
          'fees.cheques.banked',
          'select 1 from fees_cheque_bankings where payment_id = any($1::uuid[]) and undone_on is null limit 1',
          [paymentIds],
        )
      ).length > 0
    );
  }

  async insertDeposit(deposit: ChequeDeposit, paymentIds: readonly string[]): Promise<void> {
    await db()('fees_cheque_deposits').insert(snake(deposit));
    await db()('fees_cheque_bankings').insert(
      paymentIds.map((paymentId) => snake({ id: newId(), depositId: deposit.id, paymentId })),
    );
  }

  async findDeposit(id: string, today: string): ReturnType<ChequeStore['findDeposit']> {
    const [row] = await query<ChequeDeposit & { slipId: string }>(
      'fees.cheques.deposit',
      `select d.id, s.account_id as "accountId", d.slip_number as "slipNumber", d.banked_on as "bankedOn", d.amount_minor as "amountMinor", d.entry_id as "entryId", d.by_name as "byName", s.id as "slipId"
        from fees_cheque_deposits d join fees_bank_slips s on s.school_id = d.school_id and s.deposit_id = d.id where d.id = $1`,
      [id],
    );
    return row
      ? {
          ...row,
          cheques: await query<ChequeLine>(
            'fees.cheques.of-deposit',
            `${LINE} from ${FROM} and exists (select 1 from fees_cheque_bankings x where x.school_id = p.school_id and x.payment_id = p.id and x.deposit_id = $2) order by f.issuer, f.value`,
            [today, id],
          ),
        }
      : null;
  }

  async clear(depositId: string, paymentIds: readonly string[], on: string, byName: string): Promise<number> {
    const rows = await query(
      'fees.cheques.clear',
      `update fees_cheque_bankings b set cleared_on = $3, cleared_by = $4 from (select p.school_id, p.id from fees_payments p where p.id = any($2::uuid[]) and p.state = 'posted' order by p.id for share) p
        where p.school_id = b.school_id and p.id = b.payment_id and b.deposit_id = $1 and b.undone_on is null and b.cleared_on is null returning b.id`,
      [depositId, paymentIds, on, byName],
    );
    return rows.length;
  }

  async bankOf(paymentId: string): Promise<string | null> {
    const [row] = await query<{ id: string }>(
      'fees.cheques.bank-of',
      'select s.account_id as id from fees_cheque_bankings b join fees_bank_slips s on s.school_id = b.school_id and s.deposit_id = b.deposit_id where b.payment_id = $1 and b.undone_on is null',
      [paymentId],
    );
    return row?.id ?? null;
  }

  async noteReturned(paymentId: string, entryId: string): Promise<void> {
    await query(
      'fees.cheques.returned',
      'update fees_cheque_bankings set returned_entry_id = $2 where payment_id = $1 and undone_on is null',
      [paymentId, entryId],
    );
  }
}
