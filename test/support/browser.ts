import { request } from 'node:http';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Where a redirect leads to. */
  location: string | null;
  body: Buffer;
  html: string;
  json<T = Record<string, unknown>>(): T;
}

export type Fields = Record<string, string | string[] | undefined>;

/** A person at a browser without JavaScript: keeps cookies, sends forms as pages do. */
export class Browser {
  readonly cookies = new Map<string, string>();
  private readonly origin: string;
  private readonly host: string;

  constructor(
    private readonly port: number,
    publicUrl: string,
  ) {
    this.origin = publicUrl;
    this.host = new URL(publicUrl).host;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, null, headers);
  }

  /** As htmx asks for a part of a page. */
  fragment(path: string): Promise<Answer> {
    return this.get(path, { 'hx-request': 'true', 'hx-request-type': 'partial' });
  }

  /** Sends a form with the token and the mark of the page at `from` (the same path when left out). */
  async submit(path: string, fields: Fields, from = path): Promise<Answer> {
    const page = await this.get(from);
    const hidden = {
      _csrf: hiddenValue(page.html, '_csrf'),
      _once: hiddenValue(page.html, '_once'),
      _read: hiddenValue(page.html, '_read'),
    };
    return this.post(path, { ...hidden, ...fields });
  }

  async post(path: string, fields: Fields, headers: Record<string, string> = {}): Promise<Answer> {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields))
      for (const one of [value].flat()) if (one !== undefined) body.append(name, one);
    return this.send('POST', path, Buffer.from(body.toString()), {
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    });
  }

  async upload(
    path: string,
    files: { field: string; name: string; type: string; body: Buffer }[],
    fields: Record<string, string> = {},
  ): Promise<Answer> {
    const boundary = `----aims${Math.random().toString(16).slice(2)}`;
    const parts: Buffer[] = [];
    for (const [name, value] of Object.entries(fields))
      parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
    for (const file of files) {
      parts.push(
        Buffer.from(
          `--${boundary}\r\nContent-Disposition: form-data; name="${file.field}"; filename="${file.name}"\r\nContent-Type: ${file.type}\r\n\r\n`,
        ),
        file.body,
        Buffer.from('\r\n'),
      );
    }
    parts.push(Buffer.from(`--${boundary}--\r\n`));
    return this.send('POST', path, Buffer.concat(parts), { 'content-type': `multipart/form-data; boundary=${boundary}` });
  }

  async signIn(login: string, password: string): Promise<Answer> {
    const answer = await this.submit('/login', { login, password });
    if (answer.status !== 303 && answer.status !== 302)
      throw new Error(`Sign-in of ${login} was answered ${answer.status}: ${answer.html.slice(0, 400)}`);
    return answer;
  }

  async token(login: string, password: string): Promise<string> {
    const answer = await this.json('POST', '/api/auth/token', { login, password });
    return answer.json<{ access_token: string }>().access_token;
  }

  json(method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(method, path, body === undefined ? null : Buffer.from(JSON.stringify(body)), {
      'content-type': 'application/json',
      ...headers,
    });
  }

  send(method: string, path: string, body: Buffer | null, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const own: Record<string, string> = {
        host: this.host,
        ...(cookie ? { cookie } : {}),
        ...(method === 'GET' ? {} : { origin: this.origin }),
      };
      const req = request(
        {
          host: '127.0.0.1',
          port: this.port,
          method,
          path,
          headers: { ...own, ...headers, ...(body ? { 'content-length': String(body.length) } : {}) },
        },
        (res) => {
          const chunks: Buffer[] = [];
          res.on('data', (chunk: Buffer) => chunks.push(chunk));
          res.on('error', reject);
          res.on('end', () => {
            for (const line of res.headers['set-cookie'] ?? []) this.keep(line);
            const whole = Buffer.concat(chunks);
            const text = whole.toString('utf8');
            resolve({
              status: res.statusCode ?? 0,
              headers: res.headers,
              location: res.headers.location ?? null,
              body: whole,
              html: text,
              json: <T>() => JSON.parse(text) as T,
            });
          });
        },
      );
      req.on('error', reject);
      req.end(body ?? undefined);
    });
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    const gone = attributes.some((attribute) => /^\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(attribute));
    if (gone || pair.slice(at + 1) === '') this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(at + 1));
  }
}

/** The value of a hidden field, unescaped. */
export function hiddenValue(html: string, name: string): string | undefined {
  const tag = html.match(new RegExp(`<input[^>]*name="${name}"[^>]*>`))?.[0];
  return tag
    ?.match(/value="([^"]*)"/)?.[1]
    ?.replaceAll('&#39;', "'")
    .replaceAll('&#34;', '"')
    .replaceAll('&amp;', '&');
}
