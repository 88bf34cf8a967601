import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { readSheet } from '../../../src/platform/sheets/reading/read.js';
import type { FromChild } from '../../../src/platform/sheets/messages.js';
import { Sink } from '../../../src/platform/sheets/writing/sink.js';
import { SheetRefused } from '../../../src/platform/sheets/reading/refused.js';
import { refusalOf, withFile } from '../../support/sheets/read.js';
import { row, workbookOf } from '../../support/sheets/workbook.js';

const csv = (rows: number) => `Surname,First name\n${'Doe,Jane\n'.repeat(rows)}`;
const book = (rows: number) =>
  workbookOf({
    sheets: [
      { name: 'S', rows: row(1, ['Surname', 'Born']) + Array.from({ length: rows }, (_u, i) => row(i + 2, ['Doe', i])).join('') },
    ],
  });

describe('the reading process', () => {
  it('sends the next batch when the last has been taken, at most 1,000 rows at once', async () => {
    const sizes: number[] = [];
    let inside = 0;
    await withFile(csv(5000), 'x', (path) =>
      readSheet({ path, name: 'x' }, {}, async (rows) => {
        inside += 1;
        assert.equal(inside, 1);
        sizes.push(rows.length);
        await sleep(20);
        inside -= 1;
      }),
    );
    assert.deepEqual(sizes, [1000, 1000, 1000, 1000, 1000]);
  });

  it('has at most two batches on their way', async () => {
    const sent: FromChild[] = [];
    const sink = new Sink((message) => void sent.push(message), Infinity);
    const filling = (async () => {
      for (let i = 1; i <= 4000; i += 1) await sink.row({ sheet: 'S', row: i, cells: ['x'] });
    })();
    for (const expected of [2, 3, 4]) {
      await sleep(10);
      assert.equal(sent.length, expected);
      sink.taken();
    }
    await filling;
  });

  it('ends when the receiver fails, and the failure comes out', async () => {
    let calls = 0;
    const failing = withFile(csv(9000), 'x', (path) =>
      readSheet({ path, name: 'x' }, {}, async () => {
        calls += 1;
        throw new Error('the table is full');
      }),
    );
    await assert.rejects(failing, /the table is full/);
    await sleep(100);
    assert.equal(calls, 1);
  });

  it('ends on a signal', async () => {
    const stop = new AbortController();
    const reading = withFile(csv(9000), 'x', (path) =>
      readSheet({ path, name: 'x' }, { signal: stop.signal }, async () => {
        stop.abort(new Error('not any more'));
        await sleep(50);
      }),
    );
    await assert.rejects(reading, /not any more/);
  });

  it('dies alone when it grows over its memory or takes too long', async () => {
    const memory = await refusalOf(book(20_000), 'x.xlsx', { limits: { childBytes: 40e6 } });
    assert.match(memory.sentence, /too much memory/);
    const time = await refusalOf(book(50_000), 'x.xlsx', { limits: { childSeconds: 0.05 } });
    assert.match(time.sentence, /takes too long/);
  });

  it('does not count the time in which its rows are being written', async () => {
    const { rows } = await withFile(csv(3000), 'x', (path) =>
      readSheet({ path, name: 'x' }, { limits: { childSeconds: 4 } }, () => sleep(1500)),
    );
    assert.equal(rows, 3000);
  });

  it('runs at most twice at once, and others wait for their turn', async () => {
    let open = 0;
    let most = 0;
    await withFile(csv(1500), 'x', (path) =>
      Promise.all(
        Array.from({ length: 5 }, async () => {
          let counted = false;
          await readSheet(
            { path, name: 'x' },
            { onFound: () => void ((counted = true), (open += 1), (most = Math.max(most, open))) },
            () => sleep(30),
          );
          if (counted) open -= 1;
        }),
      ),
    );
    assert.ok(most <= 2, `${most} at once`);
    assert.equal(open, 0);
  });

  it('leaves this process free and small while a large file is read', async () => {
    await withFile(csv(10), 'x', (path) => readSheet({ path, name: 'x' }, {}, async () => undefined));
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const before = process.memoryUsage().rss;
    delay.enable();
    const content = `A,B,C,D\n${'some text,more text,0722481903,14/03/2014\n'.repeat(20_000)}`;
    let rows = 0;
    await withFile(content, 'x', (path) => readSheet({ path, name: 'x' }, {}, async (batch) => void (rows += batch.length)));
    assert.equal(rows, 20_000);
    assert.ok(delay.max < 100e6, `${delay.max / 1e6} ms`);
    assert.ok(process.memoryUsage().rss - before < 64e6);
  });

  it('survives any change of a few bytes: rows or one sentence, never a failure', { timeout: 120_000 }, async () => {
    const originals = [
      workbookOf({ sheets: [{ name: 'S', rows: row(1, ['Surname', 'Born']) + row(2, ['Doe', 7]) }] }),
      Buffer.from('Surname,Born\n"Doe",7\nRoe,8\n'),
    ];
    const change = fc.record({ at: fc.nat(9999), byte: fc.nat(255), cut: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...originals),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (original, changes) => {
          let bytes = Buffer.from(original);
          for (const { at, byte, cut } of changes) {
            const place = Math.floor((at / 10_000) * bytes.length);
            if (cut) bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + (byte % 8))]);
            else if (bytes.length) bytes[place] = byte;
          }
          await withFile(bytes, 'x', async (path) => {
            try {
              await readSheet({ path, name: 'x' }, {}, async () => undefined);
            } catch (error) {
              if (!(error instanceof SheetRefused)) throw error;
            }
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});
