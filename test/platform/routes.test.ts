import assert from 'node:assert/strict';
import { it } from 'node:test';
import { z } from 'zod';
import { command } from '../../src/kernel/shapes/command.js';
import { token } from '../../src/kernel/shapes/tokens.js';
import type { Places } from '../../src/platform/http/routes/places.js';
import type { Declared } from '../../src/platform/http/routes/declared.js';
import { Routes } from '../../src/platform/http/routes/routes.js';

const change = command({ key: 'a.change', can: 'a.use', act: 'Changed', on: 'a' }, token('Nothing'), async () => undefined);

it('what comes before pages comes before each of them, however it is declared, and one after the other', () => {
  const declared: Declared[] = [];
  const nowhere = { of: () => new Proxy({}, { get: () => () => undefined }) } as unknown as Places;
  const seen: string[] = [];
  const noting = (name: string, routes: Routes): Routes =>
    routes.wrapped((handler, method) => {
      seen.push(`${name} ${method} ${declared.at(-1)!.path}`);
      return handler;
    });
  const inner = noting('inner', noting('outer', new Routes(nowhere, declared, 'a', [])));
  inner.get('/get', 'a.use', () => undefined);
  inner.post('/post', 'a.use', () => undefined);
  inner.post('/command', change, () => undefined);
  inner.upload('/upload', 'a.use', () => undefined, () => undefined); // prettier-ignore
  inner.where(() => true).get('/where', 'a.use', () => undefined);
  inner.form({ path: '/form', can: 'a.use', view: 'a/form', schema: z.object({}), save: async () => ({ to: '/' }) });
  inner.form({ path: '/form-command', command: change, view: 'a/form', schema: z.object({}), save: async () => ({ to: '/' }) });
  inner.list({ path: '/list', can: 'a.use', view: 'a/list', filter: z.object({}), load: async () => ({ rows: [], next: null }) });
  inner.sheet({ path: '/sheet', can: 'a.use', name: 'a', columns: [], rows: async () => [] } as never);
  inner.pdf({ path: '/pdf', can: 'a.use', filename: () => 'a.pdf', load: async () => ({}), draw: {} as never });
  const wanted = declared.flatMap(({ method, path }) => [`inner ${method} ${path}`, `outer ${method} ${path}`]);
  assert.deepEqual(seen, wanted);
  assert.equal(declared.length, 13);
});
