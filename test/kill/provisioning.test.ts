import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { schoolNames } from '../../src/modules/provisioning/operations.js';
import { aPlatform, type PlatformUnderTest } from '../support/core.js';
import { connect, testCluster } from '../support/database.js';
import type { MainProcess } from '../support/process.js';
import { aVerifiedSchool, begin, runListedSchools, startProvisioner, stateOf, untilRun } from '../support/provisioning.js';
import { until, untilSomebodyWaits } from '../support/waiting.js';

const STEPS = ['record', 'database', 'secrets', 'start', 'fill', 'answer'];
/** Before a step has begun, when it is done and not yet written down, and between the last step and the end. */
const MOMENTS = [
  ...STEPS.flatMap(
    (step) =>
      [
        [step, 'running'],
        [step, 'done'],
      ] as const,
  ),
  ['run', 'done'] as const,
];
const GATE = 4_711;

describe('a provisioner that is killed', () => {
  let platform: PlatformUnderTest;
  let schools: ReturnType<typeof runListedSchools>;
  let admin: pg.Client;
  let id: string;
  const provisioners: MainProcess[] = [];
  before(async () => {
    platform = await aPlatform();
    schools = runListedSchools(platform);
    admin = await platform.database.admin();
    await admin.query(GATES);
    id = await aVerifiedSchool(platform, 'killed-often');
    await begin(platform, id);
  });
  after(async () => {
    for (const one of provisioners) await one.stop('SIGKILL');
    await schools?.stop();
    await admin?.end();
    await platform?.stop();
  });

  for (const [step, state] of MOMENTS) {
    it(`as ${step} turns to ${state}: nothing is written down of it`, async () => {
      await closeGate(step, state);
      const provisioner = await start();
      await untilSomebodyWaits(admin);
      await provisioner.stop('SIGKILL');
      await openGate();
      assert.notEqual(await written(step), state);
    });

    if (step !== 'database' || state !== 'running') continue;
    for (const ms of [5, 30, 100, 250]) {
      it(`${ms} ms into making the database`, async () => {
        // A fast machine would have made it, and the steps behind it, before the kill.
        await closeGate('database', 'done');
        const provisioner = await start();
        await until(async () => (await written('database')) !== 'waiting', 'The database was never begun');
        await pause(ms);
        await provisioner.stop('SIGKILL');
        await openGate();
      });
    }
  }

  it('another one opens the school, once', async () => {
    await admin.query('truncate test_gate');
    await start();
    await untilRun(platform, id, 'done');
    await wholeAndOnce(id, 'killed-often');
  });

  it('among ten orders at once and beside another one: each school is opened, once', async () => {
    const [first] = [await start(), await start()];
    const names = Array.from({ length: 10 }, (_, n) => `at-once-${n}`);
    const ids = await Promise.all(names.map((name) => aVerifiedSchool(platform, name)));
    await Promise.all(ids.map((one) => begin(platform, one)));
    await until(async () => (await stepsDone(ids)) >= 12, 'Nobody took the orders');
    await first.stop('SIGKILL');
    for (const one of ids) await untilRun(platform, one, 'done', 120_000);
    for (const [n, one] of ids.entries()) await wholeAndOnce(one, names[n]!);
  });

  async function start(): Promise<MainProcess> {
    const provisioner = await startProvisioner(platform);
    provisioners.push(provisioner);
    return provisioner;
  }

  async function written(step: string): Promise<string> {
    const { rows } = await admin.query<{ state: string }>(
      step === 'run'
        ? 'select state from provisioning_runs where school_id = $1'
        : 'select s.state from provisioning_steps s join provisioning_runs r on r.id = s.run_id where r.school_id = $1 and s.name = $2',
      step === 'run' ? [id] : [id, step],
    );
    return rows[0]!.state;
  }

  async function closeGate(name: string, state: string): Promise<void> {
    await admin.query('truncate test_gate');
    await admin.query('insert into test_gate values ($1, $2)', [name, state]);
    await admin.query('select pg_advisory_lock($1)', [GATE]);
  }

  /** Whoever still waits is ended before: a server would finish the statement of a client that died while it waited. */
  async function openGate(): Promise<void> {
    await admin.query(
      "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    await admin.query('select pg_advisory_unlock($1)', [GATE]);
  }

  async function stepsDone(ids: string[]): Promise<number> {
    const { rows } = await admin.query<{ n: number }>(
      "select count(*)::int as n from provisioning_steps s join provisioning_runs r on r.id = s.run_id where r.school_id = any($1) and s.state = 'done'",
      [ids],
    );
    return rows[0]!.n;
  }

  async function wholeAndOnce(school: string, subdomain: string): Promise<void> {
    const { database, roles } = schoolNames(subdomain);
    const { rows } = await admin.query(
      `select (select count(*)::int from pg_database where datname = $2) as databases,
          (select count(*)::int from pg_roles where rolname = any($3)) as roles,
          (select count(*)::int from provisioning_runs where school_id = $1) as runs,
          (select count(*)::int from provisioning_steps s join provisioning_runs r on r.id = s.run_id where r.school_id = $1 and s.state = 'done') as steps,
          (select count(*)::int from schools_transitions where school_id = $1 and to_state = 'ready') as openings`,
      [school, database, Object.values(roles)],
    );
    assert.deepEqual(rows[0], { databases: 1, roles: 4, runs: 1, steps: STEPS.length, openings: 1 }, subdomain);
    assert.equal(await stateOf(platform, school), 'ready');
    const { admin: superuser } = await testCluster();
    const inside = await connect({ ...superuser, database });
    const owners = await inside.query('select email from identity_users').finally(() => inside.end());
    assert.deepEqual(
      owners.rows.map((row: { email: string }) => row.email),
      ['grace@lakeview.test'],
      subdomain,
    );
    const page = await schools.deployer.running.get(school)!.browser().get('/login');
    assert.equal(page.status, 200);
    await until(
      async () =>
        (
          await admin.query(
            'select 1 from provisioning_orders o join provisioning_runs r on r.id = o.run_id where r.school_id = $1',
            [school],
          )
        ).rows.length === 0,
      'The order is still there',
    );
  }
});

/** Whoever writes down what `test_gate` names waits there for the test. */
const GATES = `
  create table test_gate (name text, state text);
  create function test_wait_at_gate() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      if new.state is distinct from old.state and exists (select 1 from test_gate g where g.name = coalesce(to_jsonb(new) ->> 'name', 'run') and g.state = new.state) then
        perform pg_advisory_xact_lock(${GATE});
      end if;
      return new;
    end $$;
  create trigger test_gate before update on provisioning_steps for each row execute function test_wait_at_gate();
  create trigger test_gate before update on provisioning_runs for each row execute function test_wait_at_gate();`;
