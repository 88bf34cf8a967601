import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { S3Settings } from '../../../src/platform/files/index.js';

interface S3rverServer {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}
type S3rverClass = new (options: object) => S3rverServer;

export const ACCESS_KEY = 'AIMSTESTKEY';
export const SECRET_KEY = 'a-secret-that-only-the-test-knows';

export interface TestS3 {
  settings: S3Settings;
  /** Requests that reached the server behind the signature check. */
  passed: string[];
  stop(): Promise<void>;
}

/** A real S3-compatible server. It believes every signature, so requests pass a SigV4 check of ours first. */
export async function startS3(bucket = 'school-media'): Promise<TestS3> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'aims-s3-'));
  const S3rver = createRequire(import.meta.url)('s3rver') as S3rverClass;
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  const { port } = await server.run();
  const passed: string[] = [];
  const front = http.createServer((req, res) => {
    const problem = checkSignature(req);
    if (problem) return refuse(req, res, problem);
    passed.push(`${req.method} ${req.url}`);
    forward(req, res, port);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const address = front.address() as AddressInfo;
  return {
    settings: {
      endpoint: `http://127.0.0.1:${address.port}`,
      region: 'eu-central',
      bucket,
      accessKey: ACCESS_KEY,
      secretKey: SECRET_KEY,
    },
    passed,
    async stop() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Claim {
  accessKey: string;
  scope: string[];
  signedHeaders: string[];
  signature: string;
  date: string;
  payloadHash: string;
  query: URLSearchParams;
  expiresSeconds: number;
}

function checkSignature(req: http.IncomingMessage): string | null {
  const url = new URL(req.url ?? '/', 'http://local');
  const claim = url.searchParams.has('X-Amz-Signature') ? fromQuery(url) : fromHeader(req, url);
  if (!claim) return 'AccessDenied';
  if (claim.accessKey !== ACCESS_KEY) return 'InvalidAccessKeyId';
  const age = (Date.now() - instantOf(claim.date)) / 1000;
  if (age < -900 || age > claim.expiresSeconds) return 'AccessDenied';
  if (!claim.signedHeaders.includes('host')) return 'AccessDenied';
  const given = Buffer.from(claim.signature, 'hex');
  const right = signatureOf(req, url, claim);
  return given.length === right.length && timingSafeEqual(given, right) ? null : 'SignatureDoesNotMatch';
}

function fromHeader(req: http.IncomingMessage, url: URL): Claim | null {
  const found = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/.exec(
    req.headers.authorization ?? '',
  );
  if (!found) return null;
  const [accessKey = '', ...scope] = found[1]!.split('/');
  const date = String(req.headers['x-amz-date'] ?? '');
  const payloadHash = String(req.headers['x-amz-content-sha256'] ?? '');
  return {
    accessKey,
    scope,
    signedHeaders: found[2]!.split(';'),
    signature: found[3]!,
    date,
    payloadHash,
    query: url.searchParams,
    expiresSeconds: 900,
  };
}

function fromQuery(url: URL): Claim | null {
  const query = new URLSearchParams(url.searchParams);
  query.delete('X-Amz-Signature');
  const [accessKey = '', ...scope] = (query.get('X-Amz-Credential') ?? '').split('/');
  return {
    accessKey,
    scope,
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: url.searchParams.get('X-Amz-Signature') ?? '',
    date: query.get('X-Amz-Date') ?? '',
    payloadHash: query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
    query,
    expiresSeconds: Number(query.get('X-Amz-Expires')),
  };
}

function signatureOf(req: http.IncomingMessage, url: URL, claim: Claim): Buffer {
  const headers = claim.signedHeaders
    .map(
      (name) =>
        `${name}:${String(req.headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}\n`,
    )
    .join('');
  const query = [...claim.query]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const pathname = url.pathname
    .split('/')
    .map((segment) => encode(decodeURIComponent(segment)))
    .join('/');
  const request = [req.method, pathname, query, headers, claim.signedHeaders.join(';'), claim.payloadHash].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', claim.date, claim.scope.join('/'), createHash('sha256').update(request).digest('hex')].join(
    '\n',
  );
  const key = claim.scope.reduce<Buffer>((secret, part) => hmac(secret, part), Buffer.from(`AWS4${SECRET_KEY}`));
  return hmac(key, toSign);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function instantOf(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function refuse(req: http.IncomingMessage, res: http.ServerResponse, code: string): void {
  req.resume();
  res.writeHead(403, { 'content-type': 'application/xml' });
  res.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

/** Without the signature, which the server behind would look up among its own accounts. */
function forward(req: http.IncomingMessage, res: http.ServerResponse, port: number): void {
  const url = new URL(req.url ?? '/', 'http://local');
  for (const name of [...url.searchParams.keys()]) if (name.startsWith('X-Amz-')) url.searchParams.delete(name);
  const headers = { ...req.headers };
  delete headers.authorization;
  const behind = http.request(
    { host: '127.0.0.1', port, method: req.method, path: url.pathname + url.search, headers },
    (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    },
  );
  behind.on('error', () => res.destroy());
  req.pipe(behind);
}
