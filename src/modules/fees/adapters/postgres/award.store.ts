import { query } from '../../../../platform/db/index.js';
import type { AwardKind } from '../../domain/discount.js';
import type { AwardRow, AwardStore } from '../../ports.js';

const KIND = 'id, name, method, value, most_basis_points as "mostBasisPoints", head_ids as "headIds", rank, limit_minor as "limitMinor", sponsored, active, version';
const AWARD = `a.id, a.student_id as "studentId", a.kind_id as "kindId", a.sponsor_id as "sponsorId", a.value, a.from_term_id as "fromTermId", a.to_term_id as "toTermId",
  a.state, a.reason, a.by_name as "byName", a.created_at as "createdAt", a.version`;

export class PostgresAwardStore implements AwardStore {
  kinds(): Promise<AwardKind[]> {
    return query<AwardKind>('fees.awards.kinds', `select ${KIND} from fees_award_kinds order by rank, name`);
  }

  active(studentId?: string): Promise<AwardRow[]> {
    return query<AwardRow>('fees.awards.active', `select ${AWARD} from fees_awards a where a.state = 'active' and ($1::uuid is null or a.student_id = $1) order by a.created_at, a.id`, [studentId ?? null]);
  }
}
