import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import { orTaken } from '../../../../platform/db/rows/taken.js';
import type { AwardKind } from '../discount.rules.js';
import type { AwardRow, AwardStore } from '../../ports.js';

const KIND =
  'id, name, method, value, most_basis_points as "mostBasisPoints", head_ids as "headIds", rank, limit_minor as "limitMinor", ask_above as "askAbove", staff_children as "staffChildren", sponsored, active, version';
const AWARD = `a.id, a.student_id as "studentId", a.kind_id as "kindId", a.sponsor_id as "sponsorId", a.value, a.from_term_id as "fromTermId", a.to_term_id as "toTermId",
  a.state, a.reason, a.by_name as "byName", a.created_at as "createdAt", a.version`;
const NAME_TAKEN = 'This name is already in use';

export class PostgresAwardStore implements AwardStore {
  kinds(): Promise<AwardKind[]> {
    return query<AwardKind>('fees.awards.kinds', `select ${KIND} from fees_award_kinds order by rank, name`);
  }

  active(): Promise<AwardRow[]> {
    return query<AwardRow>(
      'fees.awards.active',
      `select ${AWARD} from fees_awards a where a.state = 'active' order by a.created_at, a.id`,
    );
  }

  async find(id: string): Promise<AwardRow | null> {
    const [row] = await query<AwardRow>('fees.awards.one', `select ${AWARD} from fees_awards a where a.id = $1`, [id]);
    return row ?? null;
  }

  async list(
    { studentId, sponsorId }: { studentId?: string; sponsorId?: string },
    cursor: string | null,
    limit: number,
  ): Promise<Page<AwardRow> & { total: number }> {
    const [at, id] = cursor === null ? ['infinity', '00000000-0000-0000-0000-000000000000'] : decodeCursor(cursor, 2);
    const rows = await query<AwardRow & { key: string; total: number }>(
      'fees.awards.list',
      `select ${AWARD}, a.created_at::text as key, (select count(*)::int from fees_awards where sponsor_id = $2) as total from fees_awards a
        where ($1::uuid is null or a.student_id = $1) and ($2::uuid is null or a.sponsor_id = $2) and (a.created_at, a.id) < ($3::timestamptz, $4::uuid)
        order by a.created_at desc, a.id desc limit $5`,
      [studentId ?? null, sponsorId ?? null, at, id, limit + 1],
    );
    return { ...toPage(rows, limit, (row) => [row.key, row.id]), total: rows[0]?.total ?? 0 };
  }

  async insert(award: Omit<AwardRow, 'createdAt'>): Promise<void> {
    await db()('fees_awards').insert(snake(award));
  }

  async update({ id, version, ...award }: Omit<AwardRow, 'createdAt'>): Promise<boolean> {
    return (
      (await db()('fees_awards')
        .where({ id, version })
        .update({ ...snake(award), version: version + 1 })) === 1
    );
  }

  async insertKind(kind: AwardKind): Promise<void> {
    await orTaken(db()('fees_award_kinds').insert(snake(kind)).then(), 'name', NAME_TAKEN);
  }

  async updateKind({ id, version, ...kind }: AwardKind): Promise<boolean> {
    const count = await orTaken(
      db()('fees_award_kinds')
        .where({ id, version })
        .update({ ...snake(kind), version: version + 1 })
        .then(),
      'name',
      NAME_TAKEN,
    );
    return count === 1;
  }
}
