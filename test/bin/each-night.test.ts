import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { eachNight, msUntil } from '../../src/bin/launcher/each-night.js';
import { StopReason } from '../../src/bin/launcher/stop-reason.js';

const HOUR = 3_600_000;

describe('the time at which demo schools are built anew', () => {
  it('is the next one of the day, tomorrow when it has passed', () => {
    assert.equal(msUntil('02:30', new Date(2026, 10, 25, 1, 30)), HOUR);
    assert.equal(msUntil('02:30', new Date(2026, 10, 25, 2, 30)), 24 * HOUR);
    assert.equal(msUntil('00:00', new Date(2026, 11, 31, 23, 59)), 60_000);
  });

  it('is refused when it is no time', () => {
    for (const text of ['', '2:30', '24:00', '02:60', 'night', '02:30:00'])
      assert.throws(() => msUntil(text, new Date()), StopReason, text);
  });

  it('comes each day, also after a night that failed, until it is stopped', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: new Date(2026, 10, 25, 2, 0) });
    const troubles: unknown[] = [];
    let nights = 0;
    const stop = eachNight(
      '02:30',
      () => (++nights === 1 ? Promise.reject(new Error('no room')) : Promise.resolve()),
      (error) => troubles.push(error),
    );
    const pass = async (ms: number): Promise<void> => {
      mock.timers.tick(ms);
      await new Promise((resolve) => setImmediate(resolve));
    };
    await pass(HOUR / 2);
    assert.deepEqual([nights, troubles.length], [1, 1]);
    await pass(24 * HOUR);
    assert.deepEqual([nights, troubles.length], [2, 1]);
    stop();
    await pass(48 * HOUR);
    assert.equal(nights, 2);
    mock.timers.reset();
  });
});
