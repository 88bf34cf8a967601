import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, describe, it } from 'node:test';
import { fire } from '../../bench/load/fire.js';
import { wire, type LoadOrder } from '../../bench/load/load.js';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));
after(() => servers.forEach((server) => server.closeAllConnections()));

async function against(listener: RequestListener, over: Partial<LoadOrder> = {}): Promise<LoadOrder> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    clients: 3,
    ms: 150,
    status: 200,
    shots: [{ request: wire('GET', '/a', { host: 'test' }), marker: 'hello' }],
    ...over,
  };
}

describe('the load generator', () => {
  it('counts whole answers and their bytes, also those that come in chunks', async () => {
    let answered = 0;
    const order = await against((req, res) => {
      answered += 1;
      if (req.url === '/chunked') {
        res.write('hel');
        setTimeout(() => res.end('lo there'), 1);
      } else res.end('hello there');
    });
    const result = await fire({
      ...order,
      shots: [...order.shots, { request: wire('GET', '/chunked', { host: 'test' }), marker: 'there' }],
    });
    assert.ok(answered > 10);
    assert.ok(result.perSecond > 10 && result.p50Ms <= result.p99Ms);
    assert.ok(result.bytes >= 11 && result.bytes < 60);
  });

  it('sends what a form sends', async () => {
    const bodies: string[] = [];
    const order = await against((req, res) => {
      req.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      req.on('end', () => res.writeHead(303, { location: '/' }).end());
    });
    await fire({
      ...order,
      status: 303,
      shots: [{ request: wire('POST', '/login', { host: 'test' }, 'login=a&password=b'), marker: 'location: /' }],
    });
    assert.equal(bodies[0], 'login=a&password=b');
  });

  it('stops at an answer of another status', async () => {
    const order = await against((_req, res) => res.writeHead(503).end('hello, busy'));
    await assert.rejects(fire(order), /GET \/a HTTP\/1\.1 was answered 503/);
  });

  it('stops at an answer that lacks what must be in it', async () => {
    const order = await against((_req, res) => void res.end('something else'));
    await assert.rejects(fire(order), /lacks "hello"/);
  });

  it('stops when the other side hangs up', async () => {
    const order = await against((_req, res) => void res.destroy());
    await assert.rejects(fire(order), /closed|reset/i);
  });
});
