import assert from 'node:assert/strict';
import os from 'node:os';
import { test } from 'node:test';
import type { Request } from 'express';
import { placeOf } from '../../src/platform/http/routes/guard.js';
import { machineNames, OwnNames } from '../../src/platform/http/own-names.js';

const names = (addresses: string[] = ['192.168.1.20', '[fd00::20]']) => new OwnNames(['shule.lan'], () => addresses);

test('a machine is called by its addresses, its names and the name that the operator gave, with any port', () => {
  const own = names();
  for (const host of [
    '192.168.1.20',
    '192.168.1.20:3000',
    '[fd00::20]:3000',
    '127.0.0.1:3000',
    'shule.lan',
    'SHULE.lan:80',
    machineNames()[0]!,
  ]) {
    assert.equal(own.owns(host), true, host);
  }
  for (const host of ['192.168.1.21', 'evil.example', 'shule.lan.evil.example', '192.168.1.20.evil.example', '', undefined]) {
    assert.equal(own.owns(host), false, String(host));
  }
});

test('a new address of the router counts within seconds, and the old one no longer', () => {
  let now = 0;
  let addresses = ['192.168.1.20'];
  const own = new OwnNames(
    [],
    () => addresses,
    () => now,
  );
  assert.equal(own.owns('192.168.1.20'), true);
  addresses = ['192.168.1.77'];
  now = 6_000;
  assert.equal(own.owns('192.168.1.77'), true);
  assert.equal(own.owns('192.168.1.20'), false);
});

test('the name for phones is the first word of the host name with .local', () => {
  assert.deepEqual(machineNames('StaffRoom.school.example'), ['staffroom.school.example', 'staffroom', 'staffroom.local']);
  assert.deepEqual(machineNames('bad name'), []);
  assert.ok(Array.isArray(machineNames(os.hostname())));
});

test('a form may only come from the very name that it is sent to', () => {
  const place = placeOf('http://192.168.1.20:3000', names());
  const asked = (host: string) => place.originFor({ headers: { host } } as Request);
  assert.equal(asked('shule.lan:3000'), 'http://shule.lan:3000');
  assert.notEqual(asked('shule.lan:3000'), 'http://192.168.1.20:3000');
  const fixed = placeOf('https://kilimani.aimsgo.com', null);
  assert.equal(fixed.owns('192.168.1.20'), false);
  assert.equal(fixed.originFor({ headers: { host: 'evil.example' } } as Request), 'https://kilimani.aimsgo.com');
});
