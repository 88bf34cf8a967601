import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import express from 'express';
import { Places } from '../../src/platform/http/routes/places.js';

describe('routes by the first part of their address', () => {
  it('are found with their parameters, in the order in which they were declared; all others fall through', async (t) => {
    const places = new Places();
    places.of('/').get('/', (_req, res) => void res.send('home'));
    places.of('/fees/:id').get('/fees/new', (_req, res) => void res.send('form'));
    places.of('/fees/:id').get('/fees/:id', (req, res) => void res.send(`fee ${req.params.id}`));
    const server = createServer(express().use(places.handler, (_req, res) => void res.status(404).send('none')));
    t.after(() => server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const answers = await Promise.all(
      ['/', '/?q=1', '/fees/new', '/fees/7?x=/y', '/fees', '/FEES/7', '/other'].map(async (path) =>
        (await fetch(`http://127.0.0.1:${port}${path}`)).text(),
      ),
    );
    assert.deepEqual(answers, ['home', 'home', 'form', 'fee 7', 'none', 'none', 'none']);
  });

  it('begin with a word: a part that can be anything would be found nowhere', () => {
    assert.throws(() => new Places().of('/:school/fees'), /begins with a part that can be anything/);
  });
});
