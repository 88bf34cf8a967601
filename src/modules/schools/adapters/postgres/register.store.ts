import { newId } from '../../../../kernel/id.js';
import { query, unit } from '../../../../platform/db/index.js';
import type { RegisteredSchool, SchoolEntry, SchoolRegister } from '../../index.js';

export class PostgresSchoolRegister implements SchoolRegister {
  list(): Promise<RegisteredSchool[]> {
    return query<RegisteredSchool>(
      'schools.list',
      `select s.id, s.subdomain, s.name, s.country, s.town, s.state, s.created_at as "createdAt",
          coalesce(d.running, false) as running, d.started_at as "startedAt", d.next_job_at as "nextJobAt"
        from schools s left join schools_deployments d on d.school_id = s.id order by s.name, s.id`,
    );
  }

  async enter(school: SchoolEntry): Promise<void> {
    await unit(async () => {
      await query(
        'schools.enter',
        `insert into schools (id, subdomain, name, country, town) values ($1, $2, $3, $4, $5)
          on conflict (id) do update set name = excluded.name, country = excluded.country, town = excluded.town`,
        [school.id, school.subdomain, school.name, school.country, school.town],
      );
      await query('schools.enter-deployment', 'insert into schools_deployments (id, school_id) values ($1, $2) on conflict do nothing', [newId(), school.id]);
    });
  }

  async noteRunning(schoolId: string, running: boolean, nextJobAt: Date | null): Promise<void> {
    await query(
      'schools.note-running',
      `update schools_deployments set running = $2, next_job_at = $3,
          started_at = case when $2 then now() else started_at end, stopped_at = case when $2 then stopped_at else now() end
        where school_id = $1`,
      [schoolId, running, nextJobAt],
    );
  }
}
