import { query } from '../../../../platform/db/index.js';
import type { Aside, AsideStore } from '../../ports.js';

const LATEST = 20;
const LATEST_REFUNDS = 5;

const ASIDE = `select
  (select coalesce(json_agg(x), '[]') from (
    select id, head_id as "headId", from_term_id as "fromTermId", to_term_id as "toTermId", from_on as "fromOn", to_on as "toOn" from fees_subscriptions where student_id = $1 order by created_at) x) as subscriptions,
  (select coalesce(json_agg(x), '[]') from (
    select a.state, k.name as "kindName" from fees_awards a join fees_award_kinds k on k.school_id = a.school_id and k.id = a.kind_id
      where a.student_id = $1 order by a.created_at desc, a.id desc limit ${LATEST}) x) as awards,
  (select coalesce(json_agg(x), '[]') from (
    select id, amount_minor as "amountMinor", asked_on as "askedOn", state from fees_refunds where student_id = $1 order by created_at desc, id desc limit ${LATEST_REFUNDS}) x) as refunds,
  (select coalesce(json_agg(x), '[]') from (
    select id, family, expires_on as "expiresOn" from fees_statement_links
      where student_id = $1 and revoked_at is null and expires_on >= $2 order by created_at desc limit ${LATEST}) x) as links,
  (select count(*)::int from fees_former_receipts where student_id = $1) as former`;

export class PostgresAsideStore implements AsideStore {
  async ofStudent(studentId: string, today: string): Promise<Aside> {
    const [row] = await query<Aside>('fees.aside', ASIDE, [studentId, today]);
    return row!;
  }
}
