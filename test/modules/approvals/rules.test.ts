import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Conflict, Forbidden } from '../../../src/kernel/errors.js';
import { systemActor, type Actor } from '../../../src/kernel/actor.js';
import { decidersOf } from '../../../src/modules/approvals/notices.js';
import { demandMayDecide, demandOpen, mayDecide, STATES } from '../../../src/modules/approvals/request.rules.js';

const person = (userId: string | null, roles: string[], ...permissions: string[]): Actor => ({
  ...systemActor(userId ?? 'job'),
  userId,
  roles,
  permissions: new Set(permissions),
});
const CHECK = 'fees.check';
const asked = { amountMinor: 5_000, askedBy: { userId: 'maker', name: 'Maker' } };

describe('who may decide', () => {
  const rule = { decideWith: CHECK, limitMinor: 10_000 };
  for (const [who, actor, request, may] of [
    ['somebody with the permission', person('head', ['head'], CHECK), asked, true],
    ['not without it', person('teacher', ['teacher']), asked, false],
    ['not who asked, permission or not', person('maker', ['head'], CHECK), asked, false],
    ['not who asked, owner or not', person('maker', ['owner'], CHECK), asked, false],
    ['an owner without the permission, as the second in a small office', person('owner', ['owner']), asked, true],
    ['up to the limit', person('head', ['head'], CHECK), { ...asked, amountMinor: 10_000 }, true],
    ['not above the limit', person('head', ['head'], CHECK), { ...asked, amountMinor: 10_001 }, false],
    ['an owner above the limit', person('owner', ['owner']), { ...asked, amountMinor: 10_001 }, true],
    ['what is not about money has no limit', person('head', ['head'], CHECK), { ...asked, amountMinor: null }, true],
    [
      'a person what a job has asked',
      person('head', ['head'], CHECK),
      { ...asked, askedBy: { userId: null, name: 'Job' } },
      true,
    ],
    ['never a job', person(null, ['system'], CHECK), asked, false],
  ] as const) {
    it(who, () => {
      assert.equal(mayDecide(actor, request, rule), may);
      if (!may) assert.throws(() => demandMayDecide(actor, request, rule), Forbidden);
    });
  }

  it('without a limit every amount is within it', () => {
    assert.ok(
      mayDecide(person('head', ['head'], CHECK), { ...asked, amountMinor: 9e12 }, { decideWith: CHECK, limitMinor: null }),
    );
  });

  it('only an open request can be decided', () => {
    for (const state of STATES) {
      if (state === 'asked') assert.doesNotThrow(() => demandOpen({ state }));
      else assert.throws(() => demandOpen({ state }), Conflict);
    }
  });
});

describe('who is told', () => {
  const holder = (userId: string, holds: boolean, owner = false) => ({
    userId,
    name: userId,
    email: `${userId}@school.test`,
    language: null,
    holds,
    owner,
  });
  const names = (people: Parameters<typeof decidersOf>[2], request = asked, limitMinor: number | null = 10_000): string[] =>
    decidersOf(request, { decideWith: CHECK, limitMinor }, people).map((one) => one.userId);

  it('those with the permission, and not who asked', () => {
    assert.deepEqual(names([holder('head', true), holder('maker', true), holder('owner', false, true)]), ['head']);
  });
  it('the owner, where nobody else is left', () => {
    assert.deepEqual(names([holder('maker', true), holder('owner', false, true)]), ['owner']);
  });
  it('the owners alone above the limit', () => {
    assert.deepEqual(names([holder('head', true), holder('owner', true, true)], { ...asked, amountMinor: 10_001 }), ['owner']);
  });
});
