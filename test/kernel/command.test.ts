import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemActor, type Actor } from '../../src/kernel/actor.js';
import type { AuditEntry } from '../../src/kernel/audit.js';
import { actsOf, command, runner, type Doing } from '../../src/kernel/shapes/command.js';
import { AUDIT, PUBLISH, token, UNIT } from '../../src/kernel/shapes/tokens.js';

interface Bell {
  rung: number;
}
const BELL = token<Bell>('Bell');
const FACTS = { key: 'bell.ring', can: 'bell.use', act: 'Rang the bell', on: 'bell' } as const;

function tower() {
  const bell: Bell = { rung: 0 };
  const entries: AuditEntry[] = [];
  const units: string[] = [];
  const parts = new Map<unknown, unknown>([
    [BELL, bell],
    [PUBLISH, async () => undefined],
    [AUDIT, { record: async (_actor: Actor, entry: AuditEntry) => void entries.push(entry) }],
    [
      UNIT,
      async (work: () => Promise<unknown>) => {
        units.push('begun');
        const result = await work();
        units.push('committed');
        return result;
      },
    ],
  ]);
  return { bell, entries, units, run: runner((asked) => parts.get(asked) as never) };
}

const ringer: Actor = { ...systemActor('Ringer'), roles: ['head'], permissions: new Set(['bell.use']) };
const ring = command(FACTS, BELL, async (bell, { note }: Doing, times: number) => {
  bell.rung += times;
  await note({ entityId: null, after: { times } });
  return bell.rung;
});

describe('a command', () => {
  it('is done in one transaction, and written down under its own name', async () => {
    const { run, entries, units } = tower();
    assert.equal(await run(ringer, ring, 3), 3);
    assert.deepEqual(units, ['begun', 'committed']);
    assert.deepEqual(entries, [{ entityId: null, after: { times: 3 }, action: 'bell.ring', entity: 'bell' }]);
  });

  it('is not begun for somebody without its permission', async () => {
    const { run, bell, units } = tower();
    const stranger = { ...ringer, permissions: new Set<string>() };
    assert.throws(() => run(stranger, ring, 1), /don’t have access/);
    assert.deepEqual([bell.rung, units], [0, []]);
  });

  it('may be started by the product itself only where it says so', async () => {
    const { run, bell } = tower();
    assert.throws(() => run(systemActor('Clock'), ring, 1), /don’t have access/);
    const strike = command({ ...FACTS, system: true }, BELL, async (one, { note }: Doing) => {
      one.rung += 1;
      await note({ entityId: null });
    });
    await run(systemActor('Clock'), strike, undefined);
    assert.equal(bell.rung, 1);
  });

  it('that says nothing of what it did is rolled back', async () => {
    const { run, units } = tower();
    const silence = command(FACTS, BELL, async (bell) => {
      bell.rung += 1;
    });
    await assert.rejects(run(ringer, silence, undefined), /bell\.ring does not say what it did/);
    assert.deepEqual(units, ['begun']);
    const idle = command(FACTS, BELL, async (_bell, { nothingToDo }: Doing) => nothingToDo());
    await run(ringer, idle, undefined);
  });

  it('gives the audit its words', () => {
    assert.deepEqual(actsOf('Bells', [ring]), { area: 'Bells', words: { 'bell.ring': 'Rang the bell' } });
  });
});
