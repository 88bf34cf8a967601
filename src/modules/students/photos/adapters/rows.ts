import { RuleBroken } from '../../../../kernel/errors.js';
import { query } from '../../../../platform/db/index.js';

/** A child as far as its photo goes. */
export interface Photographed {
  id: string;
  admissionNo: string;
  paymentNo: string;
  label: string;
  name: string;
  photo: string | null;
  version: number;
}

const LABEL = `s.admission_no || ', ' || s.surname || ' ' || s.first_name as label`;

/** Read once for a whole archive: a name leads to a number by its spelling, for which there is no index. */
export function photographed(): Promise<Photographed[]> {
  return query<Photographed>(
    'students.photos.everybody',
    `select s.id, s.admission_no as "admissionNo", s.payment_no as "paymentNo", ${LABEL}, concat_ws(' ', s.surname, s.first_name, s.middle_name) as name, s.photo_file_id as photo, s.version
      from students s where s.put_aside_at is null and s.merged_into_id is null and s.erased_at is null`,
    [],
  );
}

/** What was written and what stood there before, for the way back. */
export interface PhotoTrace {
  photo: string;
  former: string | null;
  version: number;
  updatedAt: string;
}

/** @throws RuleBroken when the register has changed since the check */
export async function setPhotos(wanted: readonly { studentId: string; photo: string; add: boolean }[]): Promise<PhotoTrace[]> {
  const held = await query<{
    id: string;
    label: string;
    gone: boolean;
    former: string | null;
    version: number;
    updatedAt: string;
  }>(
    'students.photos.hold',
    `select s.id, ${LABEL}, s.put_aside_at is not null or s.merged_into_id is not null or s.erased_at is not null as gone,
        s.photo_file_id as former, s.version, s.updated_at::text as "updatedAt"
      from students s where s.id = any($1::uuid[]) order by s.id for update`,
    [wanted.map((one) => one.studentId)],
  );
  const now = new Map(held.map((one) => [one.id, one]));
  const traces = wanted.map(({ studentId, photo, add }): PhotoTrace => {
    const found = now.get(studentId);
    if (!found || found.gone)
      throw new RuleBroken('changed', `${found?.label ?? 'A student'} is no longer in the register. Check the file again.`);
    if (add && found.former)
      throw new RuleBroken('changed', `${found.label} has had a photo added since the check. Check the file again.`);
    return { photo, former: found.former, version: found.version, updatedAt: found.updatedAt };
  });
  await query(
    'students.photos.set',
    `update students s set photo_file_id = x.photo, version = s.version + 1, updated_at = now() from unnest($1::uuid[], $2::uuid[]) as x(id, photo) where s.id = x.id`,
    [wanted.map((one) => one.studentId), wanted.map((one) => one.photo)],
  );
  return traces;
}

export async function photosNow(studentIds: readonly string[]): Promise<Map<string, { photo: string | null; label: string }>> {
  const rows = await query<{ id: string; photo: string | null; label: string }>(
    'students.photos.now',
    `select s.id, s.photo_file_id as photo, ${LABEL} from students s where s.id = any($1::uuid[])`,
    [studentIds],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** A row that nobody has touched since is as it was to the last column; another keeps what came after, but for the photo. */
export async function putBack(lines: readonly (PhotoTrace & { studentId: string })[]): Promise<void> {
  await query(
    'students.photos.put-back',
    `update students s set photo_file_id = x.former,
        version = case when s.version = x.version + 1 then x.version else s.version + 1 end,
        updated_at = case when s.version = x.version + 1 then x.updated_at else now() end
      from unnest($1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[]) as x(id, former, version, updated_at) where s.id = x.id`,
    [
      lines.map((line) => line.studentId),
      lines.map((line) => line.former),
      lines.map((line) => line.version),
      lines.map((line) => line.updatedAt),
    ],
  );
}
