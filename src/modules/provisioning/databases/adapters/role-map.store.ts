import type pg from 'pg';
import { OfAnotherSchool } from '../ownership.rules.js';
import type { Connection, RoleMap } from '../../ports.js';
import { exists, withClient } from './client.store.js';

export class PgRoleMap implements RoleMap {
  async assign(owner: Connection, roles: readonly string[], schoolId: string): Promise<void> {
    await asTableOwner(owner, async (client) => {
      if (
        await exists(client, 'select 1 from app.schools_by_role where role_name = any($1) and school_id <> $2', [roles, schoolId])
      )
        throw new OfAnotherSchool();
      await client.query('insert into app.schools_by_role select r, $2 from unnest($1::name[]) r on conflict do nothing', [
        roles,
        schoolId,
      ]);
    });
  }

  async isAssigned(owner: Connection, roles: readonly string[], schoolId: string): Promise<boolean> {
    return asTableOwner(owner, async (client) => {
      const { rows } = await client.query('select 1 from app.schools_by_role where role_name = any($1) and school_id = $2', [
        roles,
        schoolId,
      ]);
      return rows.length === roles.length;
    });
  }
}

function asTableOwner<Result>(owner: Connection, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  return withClient(owner, async (client) => {
    await client.query('set role aims_owner');
    return work(client);
  });
}
