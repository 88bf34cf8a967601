import pg from 'pg';
import type { HeldOrder, Orders } from '../../ports.js';
import type { Connection } from '../../ports.js';

interface Row {
  id: string;
  runId: string;
  schoolId: string;
}

/** Of one school's orders the older one comes first: nobody removes what somebody else is still making. */
const TAKE = `select o.id, o.run_id as "runId", r.school_id as "schoolId"
  from provisioning_orders o join provisioning_runs r on r.id = o.run_id
  where o.due_at <= clock_timestamp()
    and not exists (select 1 from provisioning_orders e join provisioning_runs q on q.id = e.run_id where q.school_id = r.school_id and e.id < o.id)
  order by o.due_at, o.id for update of o skip locked limit 1`;

/**
 * An order is held by a transaction that has its row locked and stays open while the work goes on: whoever is
 * killed lets go of it with the connection, and nobody has to guess from a clock whether they still live.
 */
export class PgOrders implements Orders {
  private readonly pool: pg.Pool;

  constructor(core: Connection, most: number) {
    // Idle in a transaction for as long as the longest step takes: that is what holding means here.
    const options = '-c idle_in_transaction_session_timeout=0';
    this.pool = new pg.Pool({
      ...core,
      options,
      max: most,
      idleTimeoutMillis: 60_000,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      application_name: 'aims-provisioner',
    });
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async take(): Promise<HeldOrder | null> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<Row>(TAKE);
      if (rows[0]) return held(client, rows[0]);
      await client.query('rollback');
      client.release();
      return null;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async nextDueIn(): Promise<number | null> {
    const { rows } = await this.pool.query<{ ms: number | null }>(
      'select (extract(epoch from min(due_at) - clock_timestamp()) * 1000)::float8 as ms from provisioning_orders',
    );
    return rows[0]?.ms ?? null;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

function held(client: pg.PoolClient, { id, runId, schoolId }: Row): HeldOrder {
  const release: HeldOrder['release'] = async (again) => {
    try {
      if (again)
        await client.query("update provisioning_orders set due_at = clock_timestamp() + $2 * interval '1 ms' where id = $1", [
          id,
          again.inMs,
        ]);
      else await client.query('delete from provisioning_orders where id = $1', [id]);
      await client.query('commit');
      client.release();
    } catch (error) {
      // Its connection is gone, and the order with it: somebody takes it anew.
      client.release(true);
      throw error;
    }
  };
  return { runId, schoolId, release };
}
