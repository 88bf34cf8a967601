import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Actor } from '../../../src/kernel/actor.js';
import { RuleBroken } from '../../../src/kernel/errors.js';
import {
  demandMayTakeOver,
  demandOwnerFor,
  demandOwnerRemains,
  demandRoleChange,
  matrixRefusal,
} from '../../../src/modules/identity/roles/limits.rules.js';
import { pauseAfter } from '../../../src/modules/identity/accounts/lock-out.rules.js';
import { maskLogin, parseLogin } from '../../../src/modules/identity/accounts/login.rules.js';
import { Matrix } from '../../../src/modules/identity/roles/matrix.rules.js';
import { passwordProblem } from '../../../src/modules/identity/accounts/password.rules.js';
import { isAlive } from '../../../src/modules/identity/sign-in/session.rules.js';
import type { Permission, RoleName } from '../../../src/platform/module.js';

const READ: Permission = {
  key: 'students.read',
  label: 'Read',
  group: 'Students',
  roles: ['owner', 'administrator', 'registrar', 'teacher', 'guardian'],
};
const CHANGE: Permission = {
  key: 'students.change',
  label: 'Change',
  group: 'Students',
  roles: ['owner', 'administrator', 'registrar'],
};
const RECEIVE: Permission = {
  key: 'payments.record',
  label: 'Take payments',
  group: 'Money',
  roles: ['owner', 'bursar'],
  guarded: 'money',
};
const matrix = new Matrix([READ, CHANGE, RECEIVE], [], 0);

function as(...roles: RoleName[]): Actor {
  return {
    userId: roles.join('+'),
    name: 'Somebody',
    person: null,
    roles,
    permissions: matrix.held(roles).permissions,
    ip: null,
    requestId: null,
  };
}
const code = (work: () => void): string | null => {
  try {
    work();
    return null;
  } catch (error) {
    assert.ok(error instanceof RuleBroken);
    return error.code;
  }
};

test('cells of the matrix: who may grant what to whom', () => {
  const cases: [actor: Actor, permission: Permission, role: RoleName, grant: boolean, code: string | null][] = [
    [as('owner'), RECEIVE, 'head', true, null],
    [as('owner'), RECEIVE, 'bursar', false, null],
    [as('administrator'), RECEIVE, 'head', true, 'owner-only'],
    [as('administrator'), RECEIVE, 'bursar', false, 'owner-only'],
    [as('bursar'), RECEIVE, 'teacher', true, 'owner-only'],
    [as('administrator'), CHANGE, 'teacher', true, null],
    [as('teacher'), CHANGE, 'librarian', true, 'not-held'],
    [as('teacher'), CHANGE, 'registrar', false, 'not-held'],
    [as('owner'), CHANGE, 'guardian', true, 'families-no-staff-rights'],
    [as('owner'), CHANGE, 'student', true, 'families-no-staff-rights'],
    [as('owner'), READ, 'guardian', true, null],
    [as('owner'), READ, 'owner', false, 'owner-keeps-all'],
  ];
  for (const [actor, permission, role, grant, expected] of cases) {
    assert.equal(
      matrixRefusal(actor, permission, role, grant)?.code ?? null,
      expected,
      `${actor.roles.join()} ${grant} ${permission.key} ${role}`,
    );
  }
});

test('roles of people: who may give which', () => {
  const cases: [actor: Actor, had: RoleName[], wanted: RoleName[], code: string | null, self?: boolean][] = [
    [as('owner'), ['teacher'], ['owner'], null],
    [as('administrator'), ['teacher'], ['registrar'], null],
    [as('administrator'), ['teacher'], ['owner'], 'owner-only'],
    [as('administrator'), ['teacher'], ['bursar'], 'owner-only'],
    [as('administrator'), ['bursar'], ['teacher'], 'owner-only'],
    [as('administrator'), ['owner'], ['owner', 'teacher'], 'owner-only'],
    [as('teacher'), [], ['registrar'], 'not-held'],
    [as('registrar'), [], ['guardian'], null],
    [as('owner'), ['teacher'], ['teacher', 'guardian'], 'staff-or-family'],
    [as('owner'), ['teacher'], [], 'no-role'],
    [as('administrator'), ['administrator'], ['administrator', 'registrar'], 'not-upward', true],
    [as('owner'), ['owner'], ['owner', 'bursar'], 'not-upward', true],
    [as('administrator'), ['administrator', 'teacher'], ['administrator'], null, true],
  ];
  for (const [actor, roles, wanted, expected, self] of cases) {
    const holder = { userId: self ? actor.userId! : 'another', roles };
    assert.equal(
      code(() => demandRoleChange(actor, holder, wanted, matrix)),
      expected,
      `${actor.roles.join()}: ${roles.join()} to ${wanted.join()}`,
    );
  }
});

test('the last owner stays, and owners are touched by owners only', () => {
  const owner = { userId: 'o', roles: ['owner'] as RoleName[] };
  assert.equal(
    code(() => demandOwnerRemains(owner, false, 0)),
    'last-owner',
  );
  assert.equal(
    code(() => demandOwnerRemains(owner, false, 1)),
    null,
  );
  assert.equal(
    code(() => demandOwnerRemains(owner, true, 0)),
    null,
  );
  assert.equal(
    code(() => demandOwnerFor(as('administrator'), owner)),
    'owner-only',
  );
  assert.equal(
    code(() => demandOwnerFor(as('owner'), owner)),
    null,
  );
});

test('an account is taken over only by somebody who may do all that it may', () => {
  const bursar = { userId: 'b', roles: ['bursar'] as RoleName[] };
  assert.equal(
    code(() => demandMayTakeOver(as('administrator'), bursar, matrix)),
    'not-held',
  );
  assert.equal(
    code(() => demandMayTakeOver(as('owner'), bursar, matrix)),
    null,
  );
  assert.equal(
    code(() => demandMayTakeOver(as('registrar'), { userId: 'g', roles: ['guardian'] }, matrix)),
    null,
  );
});

test('the school’s changes lie over what the modules gave', () => {
  const changed = new Matrix(
    [READ, CHANGE],
    [
      { role: 'teacher', permission: 'students.change', granted: true },
      { role: 'teacher', permission: 'students.read', granted: false },
      { role: 'teacher', permission: 'gone.since', granted: true },
    ],
    3,
  );
  assert.deepEqual([...changed.held(['teacher']).permissions], ['students.change']);
  assert.equal(changed.held(['teacher', 'registrar']).permissions.size, 2);
  assert.equal(matrix.held(['bursar']).guarded, true);
  assert.equal(matrix.held(['registrar']).guarded, false);
});

const common = new Set(
  readFileSync(new URL('../../../src/modules/identity/accounts/adapters/common-passwords.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean),
);

test('passwords: long enough, not common, not the school, not oneself; any characters will do', () => {
  const words = { school: ['Kilimani Academy', 'Nairobi, Kenya', 'kilimani'], person: ['Joseph Kiptoo', 'jkiptoo'] };
  assert.ok(common.size >= 900);
  const refused = [
    'short',
    '1234567',
    '12345678',
    'password',
    'Password1!',
    'P@ssw0rd',
    'qwertyuiop',
    'kilimani',
    'Kilimani2026',
    'KilimaniAcademy!',
    'nairobi254',
    'josephkiptoo',
    'Kiptoo123',
    'aaaaaaaaaa',
    'abababab',
    'iloveyou2',
    'asdfghjkl',
    'manchester1',
    'x'.repeat(201),
  ];
  for (const password of refused) assert.ok(passwordProblem(password, common, words), password);
  const taken = [
    'correct horse battery staple',
    'mti mrefu sana',
    'zxq7!mvp',
    'x7'.repeat(4) + 'kqv',
    'ọ̀rọ̀ ìgbà kan',
    'a'.repeat(10) + 'bcd'.repeat(18),
    '🦒🌳🌧️ na mvua',
  ];
  for (const password of taken) assert.equal(passwordProblem(password, common, words), null, password);
});

test('logins in any common spelling are one login', () => {
  for (const text of ['0722 481 903', '+254722481903', '254722481903', '722481903'])
    assert.deepEqual(parseLogin(text, 'KE'), { kind: 'phone', value: '+254722481903' });
  assert.deepEqual(parseLogin(' Head@School.Example ', 'KE'), { kind: 'email', value: 'head@school.example' });
  for (const text of ['', 'head', 'a@b', 'a@b.c', 'two@at@signs.example', '12', "x'--@y.example;"])
    assert.equal(parseLogin(text, 'KE'), null, text);
  assert.equal(maskLogin({ kind: 'email', value: 'head@school.example' }), 'he…@school.example');
});

test('pauses grow from one minute to an hour', () => {
  assert.deepEqual([1, 4, 5, 6, 7, 11, 50].map(pauseAfter), [0, 0, 60, 120, 240, 3600, 3600]);
});

test('sessions: idle 30 minutes, 15 with money or health, 12 hours at most', () => {
  assert.ok(isAlive({ minutes: 719, idleMinutes: 29 }, false));
  assert.ok(!isAlive({ minutes: 719, idleMinutes: 30 }, false));
  assert.ok(!isAlive({ minutes: 720, idleMinutes: 0 }, false));
  assert.ok(!isAlive({ minutes: 20, idleMinutes: 15 }, true));
  assert.ok(isAlive({ minutes: 20, idleMinutes: 14.9 }, true));
});
