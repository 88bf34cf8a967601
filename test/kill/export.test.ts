import assert from 'node:assert/strict';
import { readdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import JSZip from 'jszip';
import { admitMany } from '../support/people/learners.js';
import { aStage, onlyChildOf } from '../support/process.js';
import { countRows } from '../support/database/sql.js';
import { until, untilNobodyWrites, untilSomebodyWaits } from '../support/waiting.js';

const CHILDREN = 60;
const LONG_AGO = new Date(Date.now() - 7 * 3_600_000);

describe('a process that is killed while it packs everything that a school holds', () => {
  const stage = aStage('owner');
  before(() => admitMany(stage.school, CHILDREN));

  it('in the middle of its file: nobody is offered the half, and after the restart there is one that is whole', async () => {
    await stage.admin.query('begin');
    await stage.admin.query('lock table students_status_changes in access exclusive mode');
    await order();
    await untilSomebodyWaits(stage.admin);
    await until(async () => below('uploads').length > 0, 'Nothing of it has been written');
    await nothingToFetch();
    await stage.kill();
    await stage.admin.query('rollback');
    assert.equal(below('uploads').length, 1, 'half of it lies on the disk');
    await stage.restart();
    await wholeInTheEnd();
  });

  for (const delay of [0, 200]) {
    it(`${delay} ms in: the same`, async () => {
      await order();
      await stage.untilNewest('exports', 'state', ['making', 'done']);
      await pause(delay);
      await stage.restart();
      await wholeInTheEnd();
    });
  }

  it('when its file is whole and the order doesn’t say so yet: that file goes, another comes', async () => {
    await stage.admin.query(
      `create function held() returns trigger language plpgsql as 'begin perform pg_advisory_xact_lock(77); return new; end'`,
    );
    await stage.admin.query(
      `create trigger held before update on exports for each row when (new.state = 'done') execute function held()`,
    );
    await stage.admin.query('select pg_advisory_lock(77)');
    await order();
    await untilSomebodyWaits(stage.admin);
    const [{ id }] = (
      await stage.admin.query<{ id: string }>(
        "select id from files where purpose = 'exports.whole' and deleted_at is null order by created_at desc limit 1",
      )
    ).rows as [{ id: string }];
    await stage.kill();
    await stage.admin.query('select pg_advisory_unlock(77)');
    await untilNobodyWrites(stage.admin);
    await stage.admin.query('drop function held cascade');
    await stage.restart();
    await wholeInTheEnd();
    assert.equal((await stage.person().get(`/files/${id}`)).status, 404);
  });

  it('when its own process alone dies, pages go on and it begins again', async () => {
    await stage.admin.query('begin');
    await stage.admin.query('lock table students_status_changes in access exclusive mode');
    await order();
    await untilSomebodyWaits(stage.admin);
    process.kill(await onlyChildOf(stage.tenant.pid), 'SIGKILL');
    await stage.admin.query('rollback');
    assert.equal((await stage.person().get('/exports')).status, 200);
    await wholeInTheEnd();
  });

  it('what the killed ones left half written on the disk is swept', async () => {
    for (const folder of ['uploads', 'files/.parts']) for (const name of below(folder)) utimesSync(name, LONG_AGO, LONG_AGO);
    await stage.school.run(() =>
      stage.school.app.jobs['files.sweep']!({}, { id: '1', attempt: 1, maxAttempts: 1, signal: new AbortController().signal }),
    );
    assert.deepEqual([...below('uploads'), ...below('files/.parts')], []);
    const known = new Set(
      (await stage.admin.query<{ object_key: string }>('select object_key from files')).rows.map((row) => row.object_key),
    );
    const strays = below('files')
      .map((name) => path.relative(path.join(stage.school.app.config.data, 'files'), name))
      .filter((name) => !name.startsWith('.') && !known.has(name.split(path.sep).join('/')));
    assert.deepEqual(strays, []);
  });

  async function order(): Promise<void> {
    // What was made before is no answer to this order.
    await stage.admin.query("update exports set state = 'over', file_id = null where state = 'done'");
    await stage.admin.query("update files set deleted_at = now() where purpose = 'exports.whole' and deleted_at is null");
    assert.equal((await stage.person().submit('/exports', {})).location, '/exports');
  }

  async function nothingToFetch(): Promise<void> {
    assert.equal((await stage.person().get('/exports.zip')).status, 404);
    assert.doesNotMatch((await stage.person().get('/exports')).html, /href="\/exports\.zip"/);
  }

  async function wholeInTheEnd(): Promise<void> {
    await stage.untilNewest('exports', 'state', ['done', 'failed']);
    const { rows } = await stage.admin.query<{ state: string; n: number }>(
      "select state, count(*)::int as n from exports where state <> 'over' group by 1",
    );
    assert.deepEqual(rows, [{ state: 'done', n: 1 }]);
    assert.equal(
      await countRows(
        stage.school.database,
        "files f where purpose = 'exports.whole' and deleted_at is null and exists (select 1 from exports e where e.file_id = f.id)",
      ),
      1,
    );
    assert.equal(
      await countRows(stage.school.database, "files where purpose = 'exports.whole' and deleted_at is null"),
      1,
      'and no other',
    );
    const answer = await stage.person().get('/exports.zip');
    assert.equal(answer.status, 200);
    const files = await JSZip.loadAsync(answer.body, { checkCRC32: true });
    assert.ok(files.file('index.html'), 'what comes last is there');
    const students = parse(await files.file('tables/students.csv')!.async('string'), { columns: true, bom: true }) as unknown[];
    assert.equal(students.length, CHILDREN);
    assert.deepEqual(
      Object.keys(files.files).filter((name) => name.startsWith('files/exports')),
      [],
      'no export within the export',
    );
  }

  function below(folder: string): string[] {
    const root = path.join(stage.school.app.config.data, folder);
    try {
      return readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name));
    } catch {
      return [];
    }
  }
});
