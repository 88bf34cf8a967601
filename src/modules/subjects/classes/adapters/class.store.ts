import { Stale } from '../../../../kernel/errors.js';
import { REGISTER } from '../../../../kernel/kept.js';
import { Cached, changed, db, query } from '../../../../platform/db/index.js';
import type { ClassList, SchoolClass, Stream } from '../../index.js';
import type { Size } from '../classes.rules.js';
import type { ClassStore } from '../../ports.js';
import { orTaken } from '../../../../platform/db/rows/taken.js';

const KEY = 'subjects.classes';
const CLASS_TAKEN = 'Another class already has this name';
const STREAM_TAKEN = 'This class already has a stream with this name';

export class PostgresClassStore implements ClassStore {
  private readonly cached = new Cached<ClassList>(KEY, readClassList);

  list(): Promise<ClassList> {
    return this.cached.get();
  }

  async insertClass(row: SchoolClass & { code: string }): Promise<void> {
    await orTaken(
      db()('subjects_classes')
        .insert({ ...classRow(row), id: row.id, code: row.code })
        .then(),
      'name',
      CLASS_TAKEN,
    );
    await changed(KEY);
  }

  async updateClass(row: SchoolClass): Promise<void> {
    const count = await orTaken(
      db()('subjects_classes')
        .where({ id: row.id, version: row.version })
        .update({ ...classRow(row), version: row.version + 1 })
        .then(),
      'name',
      CLASS_TAKEN,
    );
    if (count === 0) throw new Stale();
    await changed(KEY);
  }

  async insertStream(row: Stream): Promise<void> {
    await orTaken(
      db()('subjects_streams')
        .insert({ ...streamRow(row), id: row.id })
        .then(),
      'name',
      STREAM_TAKEN,
    );
    await changed(KEY);
  }

  async updateStream(row: Stream): Promise<void> {
    const count = await orTaken(
      db()('subjects_streams')
        .where({ id: row.id, version: row.version })
        .update({ ...streamRow(row), version: row.version + 1 })
        .then(),
      'name',
      STREAM_TAKEN,
    );
    if (count === 0) throw new Stale();
    await changed(KEY);
  }

  private readonly keptSizes = new Cached<Map<string, Size>>(REGISTER, async () => {
    const rows = await query<{ streamId: string; girls: number; boys: number }>(
      'subjects.sizes',
      `select stream_id as "streamId", count(*) filter (where sex = 'F')::int as girls, count(*) filter (where sex = 'M')::int as boys
        from students where status in ('active', 'suspended') and put_aside_at is null and stream_id is not null group by stream_id`,
    );
    return new Map(rows.map(({ streamId, girls, boys }) => [streamId, { girls, boys }]));
  });

  sizes(): Promise<Map<string, Size>> {
    return this.keptSizes.get();
  }

  async placedIn(streamIds: readonly string[]): Promise<number> {
    const [row] = await query<{ count: number }>(
      'subjects.placed',
      `select count(*)::int as count from students where stream_id = any($1::uuid[]) and put_aside_at is null
        and status in ('applicant', 'expected', 'active', 'suspended')`,
      [streamIds],
    );
    return row!.count;
  }

  async lockStream(id: string): Promise<void> {
    await query('subjects.lock-stream', 'select 1 from subjects_streams where id = $1 for update', [id]);
  }
}

async function readClassList(): Promise<ClassList> {
  const classes = await query<SchoolClass>(
    'subjects.classes',
    `select id, name, short_name as "shortName", level, position as "order", next_class_id as "nextClassId", ranked, active,
        version from subjects_classes order by position, name`,
  );
  const streams = await query<Stream>(
    'subjects.streams',
    `select s.id, s.class_id as "classId", s.name, c.name || ' ' || s.name as label, s.position as "order", s.capacity,
        s.class_teacher_id as "classTeacherId", s.room, s.campus, s.active and c.active as active, s.version
      from subjects_streams s join subjects_classes c on c.school_id = s.school_id and c.id = s.class_id
      order by c.position, c.name, s.position, s.name`,
  );
  return { classes, streams: streams.map((stream) => ({ ...stream, label: stream.label.trim() })) };
}

function classRow(row: SchoolClass): Record<string, unknown> {
  return {
    name: row.name,
    short_name: row.shortName,
    level: row.level,
    position: row.order,
    next_class_id: row.nextClassId,
    ranked: row.ranked,
    active: row.active,
  };
}

function streamRow(row: Stream): Record<string, unknown> {
  return {
    class_id: row.classId,
    name: row.name,
    position: row.order,
    capacity: row.capacity,
    class_teacher_id: row.classTeacherId,
    room: row.room,
    campus: row.campus,
    active: row.active,
  };
}
