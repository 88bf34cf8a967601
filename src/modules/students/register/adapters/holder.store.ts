import { ofIds } from '../../../../platform/db/index.js';
import { naming } from '../../../../platform/people-shown.js';
import type { AccountHolder } from '../../index.js';
import type { HolderStore } from '../../ports.js';
import { PHOTO_SHOWN } from './student-list.sql.js';

const HOLDER = `s.id, s.admission_no as "admissionNo", s.payment_no as "paymentNo", s.surname, s.first_name as "firstName", s.middle_name as "middleName",
  s.sex, s.status, s.class_id as "classId", s.stream_id as "streamId", ${PHOTO_SHOWN} as "photoFileId", s.born_on as "bornOn", s.boarding`;

const HOLDERS = ofIds(
  'students.holders',
  (ids) => `select ${HOLDER} from students s where s.id ${ids} and s.put_aside_at is null order by s.sort_name, s.id`,
);

const SIBLINGS = ofIds(
  'students.holders.siblings',
  (ids) => `select ties.of_id as "ofId", ${HOLDER} from (
      select distinct mine.school_id, mine.student_id as of_id, theirs.student_id as id
        from students_guardianships mine
        join students_guardianships theirs on theirs.school_id = mine.school_id and theirs.guardian_id = mine.guardian_id
        where mine.student_id ${ids} and theirs.student_id <> mine.student_id and mine.relationship <> 'sponsor' and theirs.relationship <> 'sponsor'
    ) ties join students s on s.school_id = ties.school_id and s.id = ties.id
    where s.put_aside_at is null order by s.sort_name, s.id`,
);

export class PostgresHolderStore implements HolderStore {
  async holders(ids: readonly string[]): Promise<AccountHolder[]> {
    return naming(await HOLDERS<AccountHolder>(ids), (row) => row.id);
  }

  async siblingsOf(ids: readonly string[]): Promise<Map<string, AccountHolder[]>> {
    const rows = naming(await SIBLINGS<AccountHolder & { ofId: string }>(ids), (row) => row.id);
    const found = new Map<string, AccountHolder[]>(ids.map((id) => [id, []]));
    for (const { ofId, ...holder } of rows) found.get(ofId)!.push(holder);
    return found;
  }
}
