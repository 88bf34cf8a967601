import { request, type OutgoingHttpHeaders } from 'node:http';

export interface RawAnswer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
}

/** A request with exactly these headers and nothing a browser would add; `url` may end in `.localhost`, which Node does not resolve. */
export function raw(
  method: string,
  url: string,
  headers: OutgoingHttpHeaders = {},
  body = '',
  signal?: AbortSignal,
): Promise<RawAnswer> {
  const { host, port } = new URL(url);
  const path = url.slice(url.indexOf(host) + host.length) || '/';
  return new Promise((resolve, reject) => {
    const length = body ? { 'content-length': Buffer.byteLength(body) } : {};
    const options = {
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { host, ...length, ...headers },
      ...(signal ? { signal } : {}),
    };
    const req = request(options, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () =>
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    req.on('error', reject);
    req.end(body);
  });
}

export function cookieOf(browser: { cookies: Map<string, string> }): string {
  return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}
