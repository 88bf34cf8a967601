import { newId } from '../../../../kernel/id.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { Prompt, PromptState } from '../prompt.rules.js';
import type { PromptStore } from '../../ports.js';

const PROMPT = `select id, account_id as "accountId", student_id as "studentId", link_id as "linkId", amount_minor as "amountMinor", phone, reference, state, merchant_request_id as "merchantRequestId",
  checkout_request_id as "checkoutRequestId", result_code as "resultCode", trans_id as "transId", payment_id as "paymentId", by_user_id as "byUserId", by_name as "byName", asked_at as "askedAt", changed_at as "changedAt",
  (select coalesce(json_agg(json_build_object('studentId', s.student_id, 'amountMinor', s.amount_minor) order by s.n), '[]') from payments_prompt_shares s where s.school_id = p.school_id and s.prompt_id = p.id) as shares
  from payments_prompts p`;
/** `$` is the place of a child's id among the values. */
const FOR_CHILD = ($: string): string =>
  `(p.student_id = ${$} or exists (select 1 from payments_prompt_shares s where s.school_id = p.school_id and s.prompt_id = p.id and s.student_id = ${$}))`;

export class PgPromptStore implements PromptStore {
  async insert({ shares, ...prompt }: Prompt): Promise<void> {
    await db()('payments_prompts').insert(snake(prompt));
    if (shares.length > 0)
      await db()('payments_prompt_shares').insert(shares.map((one, n) => snake({ id: newId(), promptId: prompt.id, n, ...one })));
  }

  find(id: string): Promise<Prompt | null> {
    return one('find', 'id = $1', [id]);
  }

  ofCheckout(accountId: string, checkoutRequestId: string): Promise<Prompt | null> {
    return one('of-checkout', 'account_id = $1 and checkout_request_id = $2', [accountId, checkoutRequestId]);
  }

  ofTransaction(transId: string): Promise<Prompt | null> {
    return one('of-transaction', 'trans_id = $1', [transId]);
  }

  unpaid(accountId: string, reference: string, since: Date): Promise<Prompt[]> {
    return query(
      'payments.prompt.unpaid',
      `${PROMPT} where account_id = $1 and reference = $2 and asked_at >= $3 and payment_id is null order by asked_at`,
      [accountId, reference, since],
    );
  }

  lastTo(phone: string): Promise<Prompt | null> {
    return one('last-to', 'phone = $1 order by asked_at desc limit 1', [phone]);
  }

  async holdPhone(phone: string): Promise<void> {
    await query('payments.prompt.hold-phone', 'select pg_advisory_xact_lock(4731, hashtext($1))', [phone]);
  }

  open(from: Date, to: Date): Promise<Prompt[]> {
    const states = "state in ('asking', 'asked', 'unknown', 'receipt-awaited')";
    return query('payments.prompt.open', `${PROMPT} where asked_at between $1 and $2 and ${states} order by asked_at limit 200`, [
      from,
      to,
    ]);
  }

  async change(id: string, { at, ...change }: { state: PromptState; at: Date }): Promise<void> {
    await db()('payments_prompts')
      .where({ id })
      .update({ ...snake(change), changed_at: at });
  }

  hold(id: string): Promise<Prompt | null> {
    return one('hold', 'id = $1 for update', [id]);
  }

  async countOf(studentId: string): Promise<number> {
    return (
      await query<{ n: number }>(
        'payments.prompt.count',
        `select count(*)::int as n from payments_prompts p where ${FOR_CHILD('$1')}`,
        [studentId],
      )
    )[0]!.n;
  }

  async holders(studentIds: readonly string[]): Promise<string[]> {
    const rows = await query<{ id: string }>(
      'payments.prompt.holders',
      `select x.id from unnest($1::uuid[]) as x(id) where exists (select 1 from payments_prompts p where ${FOR_CHILD('x.id')})`,
      [studentIds],
    );
    return rows.map((row) => row.id);
  }

  async moveStudent(fromStudentId: string, toStudentId: string): Promise<void> {
    await query('payments.prompt.move-shares', 'update payments_prompt_shares set student_id = $2 where student_id = $1', [
      fromStudentId,
      toStudentId,
    ]);
    await query('payments.prompt.move', 'update payments_prompts set student_id = $2 where student_id = $1', [
      fromStudentId,
      toStudentId,
    ]);
  }

  async page(studentId: string | null, cursor: string | null, limit: number): Promise<Page<Prompt>> {
    const [at, id] = cursor ? decodeCursor(cursor, 2) : [null, null];
    const rows = await query<Prompt>(
      'payments.prompt.page',
      `${PROMPT} where ($1::timestamptz is null or (asked_at, id) < ($1, $2::uuid)) and ($3::uuid is null or ${FOR_CHILD('$3')}) order by asked_at desc, id desc limit $4`,
      [at, id, studentId, limit + 1],
    );
    return toPage(rows, limit, (row) => [row.askedAt.toISOString(), row.id]);
  }
}

async function one(name: string, where: string, values: unknown[]): Promise<Prompt | null> {
  return (await query<Prompt>(`payments.prompt.${name}`, `${PROMPT} where ${where}`, values))[0] ?? null;
}
