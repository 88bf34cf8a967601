import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ResendMail {
  from: string;
  to: string[];
  subject: string;
  text: string;
  html?: string;
  attachments?: { filename: string; content: string; content_type: string }[];
}

export interface TestResend {
  url: string;
  /** Messages that were sent: a repeated idempotency key is answered again but not sent again. */
  sent: ResendMail[];
  requests: number;
  /** Answers to the next requests, before the ordinary ones. */
  next: { status: number; name: string; headers?: Record<string, string>; afterMs?: number }[];
  stop(): Promise<void>;
}

export const RESEND_KEY = 're_test_key';

/** Speaks the documented protocol of POST /emails: key, user agent, idempotency, errors as `{ statusCode, name, message }`. */
export async function startResend(): Promise<TestResend> {
  const known = new Map<string, { body: string; id: string }>();
  const state: TestResend = { url: '', sent: [], requests: 0, next: [], stop };
  const server = http.createServer((req, res) => void answer(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;

  async function answer(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
    state.requests += 1;
    const body = await text(req);
    const planned = state.next.shift();
    if (planned?.afterMs) await new Promise((resolve) => setTimeout(resolve, planned.afterMs));
    if (planned && planned.status >= 400) return problem(res, planned.status, planned.name, planned.headers);
    if (req.method !== 'POST' || req.url !== '/emails') return problem(res, 404, 'not_found');
    if (!req.headers['user-agent']) return problem(res, 403, 'missing_user_agent');
    if (!req.headers.authorization) return problem(res, 401, 'missing_api_key');
    if (req.headers.authorization !== `Bearer ${RESEND_KEY}`) return problem(res, 403, 'invalid_api_key');
    take(res, body, String(req.headers['idempotency-key'] ?? ''));
  }

  function take(res: http.ServerResponse, body: string, key: string): void {
    const earlier = known.get(key);
    if (earlier && earlier.body !== body) return problem(res, 409, 'invalid_idempotent_request');
    const mail = JSON.parse(body) as ResendMail;
    if (!mail.from || !Array.isArray(mail.to) || !mail.subject) return problem(res, 422, 'missing_required_field');
    const id = earlier?.id ?? `id-${state.sent.length}`;
    if (!earlier) state.sent.push(mail);
    if (key) known.set(key, { body, id });
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id }));
  }

  function stop(): Promise<void> {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  }
}

function problem(res: http.ServerResponse, status: number, name: string, headers: Record<string, string> = {}): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers });
  res.end(JSON.stringify({ statusCode: status, name, message: `This is ${name}` }));
}
