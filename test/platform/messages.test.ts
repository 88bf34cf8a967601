import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import express from 'express';
import { messagesOf } from '../../src/platform/http/messages.js';

describe('A request and its answer', () => {
  it('are born as this app’s own, with all that Express and Node give them, and stay what they are', async () => {
    const app = express();
    const born: unknown[] = [];
    app.use((req, res) => {
      born.push(Object.getPrototypeOf(req), Object.getPrototypeOf(res));
      res.status(201).json({
        path: req.path,
        wants: req.get('x-wish'),
        theirs: req.app === app,
        kinds: [req instanceof IncomingMessage, res instanceof ServerResponse],
      });
    });
    const made = messagesOf(app);
    const server = createServer(made, (req, res) => {
      born.push(Object.getPrototypeOf(req), Object.getPrototypeOf(res));
      app(req, res);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const answer = await asked((server.address() as AddressInfo).port);
      assert.equal(answer, '{"path":"/here","wants":"rain","theirs":true,"kinds":[true,true]}');
      const own = [made.IncomingMessage!.prototype, made.ServerResponse!.prototype];
      assert.ok(
        born.length === 4 && born.every((one, index) => one === own[index % 2]),
        'a changed prototype makes every look-up on the message slow',
      );
    } finally {
      server.close();
    }
  });
});

function asked(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/here?now=1', agent: false, headers: { 'x-wish': 'rain' } }, (res) => {
      let text = '';
      res
        .setEncoding('utf8')
        .on('data', (piece: string) => (text += piece))
        .on('end', () => (res.statusCode === 201 ? resolve(text) : reject(new Error(text))));
    }).on('error', reject);
  });
}
