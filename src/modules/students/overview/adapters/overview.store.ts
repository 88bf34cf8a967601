import { REGISTER } from '../../../../kernel/kept.js';
import { Cached, query } from '../../../../platform/db/index.js';
import type { OverviewStore, Overview } from '../../ports.js';
import { MISSING } from '../../register/adapters/student-list.sql.js';

const HERE = "s.put_aside_at is null and s.status in ('active', 'suspended')";

export class PostgresOverviewStore implements OverviewStore {
  /** Counted again after a change of the register only: every first page shows it. */
  private readonly kept = new Cached<Overview>(REGISTER, async () => {
    const [[counts], classes, moves] = await Promise.all([this.counts(), this.classes(), this.moves()]);
    return { ...counts!, classes, moves, countedAt: new Date() };
  });

  async overview(since: string): Promise<Overview> {
    const overview = await this.kept.get();
    return { ...overview, moves: overview.moves.filter(({ on }) => on >= since) };
  }

  async missing(): Promise<Overview['missing']> {
    return (await this.kept.get()).missing;
  }

  private counts(): Promise<Omit<Overview, 'classes' | 'moves' | 'countedAt'>[]> {
    const missing = Object.entries(MISSING).map(
      ([what, condition]) => `'${what}', count(*) filter (where ${HERE} and ${condition})::int`,
    );
    return query(
      'students.overview.counts',
      `select count(*) filter (where ${HERE})::int as here, count(*) filter (where ${HERE} and s.sex = 'F')::int as girls,
          count(*) filter (where ${HERE} and s.sex = 'M')::int as boys, count(*) filter (where ${HERE} and s.boarding = 'boarder')::int as boarders,
          count(*) filter (where s.put_aside_at is null and s.status = 'expected')::int as expected,
          count(*) filter (where s.put_aside_at is null and s.status = 'suspended')::int as suspended,
          count(*) filter (where s.put_aside_at is not null and s.merged_into_id is null)::int as aside,
          jsonb_build_object(${missing.join(', ')}) as missing
        from students s`,
    );
  }

  private classes(): Promise<Overview['classes']> {
    return query(
      'students.overview.classes',
      `select s.class_id as "classId", count(*) filter (where s.sex = 'F')::int as girls, count(*) filter (where s.sex = 'M')::int as boys
        from students s where ${HERE} and s.class_id is not null group by s.class_id`,
    );
  }

  /** The newest first; a step that was taken back counts for nothing. */
  private moves(): Promise<Overview['moves']> {
    return query(
      'students.overview.moves',
      `select s.id, s.surname, s.first_name as "firstName", s.stream_id as "streamId", c.to_status as status, c.reason, c.on_day as "on"
        from students_status_changes c join students s on s.school_id = c.school_id and s.id = c.student_id
        where s.put_aside_at is null and c.undoes_id is null and s.status = c.to_status
          and c.to_status in ('active', 'withdrawn', 'transferred', 'graduated') and c.reason not in ('served', 'lifted')
        order by c.on_day desc, c.created_at desc limit 8`,
    );
  }
}
