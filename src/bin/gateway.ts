import { Agent, createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createProxyServer, type ProxyServer } from 'httpxy';
import type { AddressInfo } from 'node:net';
import { isLoopback } from '../platform/http/loopback.js';
import { LISTENING } from '../platform/http/patience.js';
import { StopReason } from './launcher/stop-reason.js';

/** A process that answers for a host; `release` says that this request needs it no longer. */
export interface Upstream {
  acquire(): Promise<{ port: number; release: () => void }>;
}

type Scheme = 'http' | 'https';

/** `core` for the domain itself, a school for its subdomain, null for what nobody serves. */
export type Lookup = (subdomain: string | null) => Promise<Upstream | null>;

export interface Gateway {
  port: number;
  /** Where the network is answered; the same port, unless it is over TLS. */
  networkPort: number;
  /** Until this is called every request is told that the start is still under way. */
  open(lookup: Lookup): void;
  close(): Promise<void>;
}

/** A school on a machine of its own: the whole network may ask, by any name that the machine has. */
export interface SingleSchool {
  subdomain: string;
  owns(host: string | undefined): boolean;
  /** Certificate and key in PEM, and the port for them; without, the network is answered in plain http. */
  tls: { cert: string; key: string; port: number } | null;
}

export interface GatewayOptions {
  domain?: string;
  single?: SingleSchool | null;
}

const DROPPED = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'upgrade',
  'proxy-authorization',
];

/**
 * The one port of the local launcher. It listens on the loopback addresses only, unless one school has the machine
 * for itself. @throws StopReason when the port is taken.
 */
export async function openGateway(port: number, options: GatewayOptions = {}): Promise<Gateway> {
  const { domain = 'localhost', single = null } = options;
  // As many connections as are asked for: with a limit, a few hundred slow senders would make all others wait.
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 64 });
  const proxy = createProxyServer({ xfwd: false, proxyTimeout: 0, agent });
  let lookup: Lookup | null = null;
  const over = (scheme: Scheme) => (req: IncomingMessage, res: ServerResponse) =>
    void serve(req, res, { proxy, lookup, domain, single, scheme });
  const plain = await listenTwice(() => createServer(LISTENING, over('http')), port, single !== null && !single.tls);
  const secured = single?.tls ? await listenTwice(tlsServer(single.tls, over('https')), single.tls.port, true) : plain;
  return {
    port: portOf(plain),
    networkPort: portOf(secured),
    open: (found) => (lookup = found),
    close: async () => {
      await Promise.all([...new Set([...plain, ...secured])].map(closeServer));
      agent.destroy();
    },
  };
}

function tlsServer({ cert, key }: { cert: string; key: string }, handle: RequestListener): () => Server {
  return () => createTlsServer({ ...LISTENING, cert, key }, handle);
}

/** For the addresses of both versions of IP: those of the whole machine, or the loopback ones. */
async function listenTwice(make: () => Server, port: number, network: boolean): Promise<Server[]> {
  const first = await listen(make(), port, network ? '0.0.0.0' : '127.0.0.1');
  return [first, ...(await listenIfPossible(make(), portOf([first]), network ? '::' : '::1'))];
}

function portOf([first]: readonly Server[]): number {
  return (first!.address() as AddressInfo).port;
}

async function listen(server: Server, port: number, host: string): Promise<Server> {
  server.listen({ port, host, ipv6Only: host === '::' });
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new StopReason(`Port ${port} is in use by another program. Stop it, or choose another port with AIMS_PORT.`);
    if (code === 'EACCES')
      throw new StopReason(`Port ${port} may not be used by this user. Choose one above 1023 with AIMS_PORT.`);
    throw error;
  }
}

/** Browsers try ::1 first for *.localhost; a machine without IPv6 does without. */
async function listenIfPossible(server: Server, port: number, host: string): Promise<Server[]> {
  try {
    return [await listen(server, port, host)];
  } catch (error) {
    if (error instanceof StopReason) throw error;
    return [];
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), 1_500);
  await closed;
  clearTimeout(force);
}

interface Context {
  proxy: ProxyServer<IncomingMessage, ServerResponse>;
  lookup: Lookup | null;
  domain: string;
  single: SingleSchool | null;
  scheme: Scheme;
}

async function serve(
  req: IncomingMessage,
  res: ServerResponse,
  { proxy, lookup, domain, single, scheme }: Context,
): Promise<void> {
  const host = hostOf(req, domain, single);
  if (host === undefined) return answer(res, 404, NOBODY);
  if (host === null && pathOf(req) === '/healthz') return health(res, lookup !== null);
  if (!lookup) return answer(res, 503, STARTING);
  try {
    const upstream = await lookup(host);
    if (!upstream) return answer(res, 404, NOBODY);
    setForwarded(req, scheme);
    await pass(req, res, proxy, upstream);
  } catch {
    answer(res, 503, AWAY);
  }
}

/** A process that has just died may not be known to be dead yet: what never reached it is asked once more. */
async function pass(
  req: IncomingMessage,
  res: ServerResponse,
  proxy: Context['proxy'],
  upstream: Upstream,
  retries = 2,
): Promise<void> {
  const { port, release } = await upstream.acquire();
  res.once('close', release);
  if (res.destroyed) return release();
  try {
    await proxy.web(req, res, { target: { protocol: 'http:', host: '127.0.0.1', port } });
  } catch (error) {
    const unreached = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' && (req.method === 'GET' || req.method === 'HEAD');
    if (!unreached || retries === 0) throw error;
    await sleep(100);
    await pass(req, res, proxy, upstream, retries - 1);
  }
}

/**
 * The subdomain, null for the domain itself, undefined for a foreign or unreadable host. Where a school has the
 * machine for itself, all names of the machine are the school, and only `localhost` is still the platform: for
 * whoever sits at the machine, which the other end of the connection says. A header can say anything.
 */
function hostOf(req: IncomingMessage, domain: string, single: SingleSchool | null): string | null | undefined {
  const name = (req.headers.host ?? '').toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
  if (!isLoopback(req.socket.remoteAddress))
    return single && isNetworkName(name, domain) && single.owns(name) ? single.subdomain : undefined;
  if (name === domain || (!single && (name === '127.0.0.1' || name === '[::1]'))) return null;
  const subdomain = name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : '';
  if (/^[a-z][a-z0-9-]{2,39}$/.test(subdomain)) return subdomain;
  return single?.owns(name) ? single.subdomain : undefined;
}

/** Names that only the machine itself has for itself lead nobody else in. */
function isNetworkName(name: string, domain: string): boolean {
  return name !== domain && !name.endsWith(`.${domain}`) && name !== '[::1]' && !isLoopback(name);
}

function pathOf(req: IncomingMessage): string {
  return (req.url ?? '').split('?', 1)[0]!;
}

/** What the next process believes about the request is said by us alone. */
function setForwarded(req: IncomingMessage, scheme: Scheme): void {
  for (const name of DROPPED) delete req.headers[name];
  req.headers['x-forwarded-for'] = req.socket.remoteAddress ?? '';
  req.headers['x-forwarded-host'] = req.headers.host ?? '';
  req.headers['x-forwarded-proto'] = scheme;
  if (/upgrade/i.test(req.headers.connection ?? '')) req.headers.connection = 'keep-alive';
}

function health(res: ServerResponse, open: boolean): void {
  const body = JSON.stringify({ status: 'ok', ready: open });
  res
    .writeHead(200, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
}

interface Words {
  title: string;
  text: string;
}
const NOBODY: Words = {
  title: 'No school here',
  text: 'No school has this address. Check the spelling, or ask the school for its address.',
};
const STARTING: Words = { title: 'AIMS is starting', text: 'This takes a few seconds. Reload the page in a moment.' };
const AWAY: Words = { title: 'This school is temporarily unavailable', text: 'Nothing is lost. Reload the page in a moment.' };
const RETRY_SECONDS = 3;

function answer(res: ServerResponse, status: number, words: Words): void {
  if (res.destroyed) return;
  if (res.headersSent) return void res.destroy();
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${words.title}</title><main><h1>${words.title}</h1><p>${words.text}</p></main></html>`;
  res.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'content-security-policy': "default-src 'none'",
    'cache-control': 'no-store',
    ...(status === 503 ? { 'retry-after': String(RETRY_SECONDS) } : {}),
  });
  res.end(body);
}
