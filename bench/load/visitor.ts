import { request } from 'node:http';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** A browser, as far as the bench needs one: it signs in, keeps its cookies and reads pages. */
export class Visitor {
  private readonly cookies = new Map<string, string>();
  readonly host: string;

  constructor(
    readonly port: number,
    readonly origin: string,
  ) {
    this.host = new URL(origin).host;
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** What a browser sends with each page. */
  headers(more: Record<string, string> = {}): Record<string, string> {
    const cookie = this.cookie;
    return { host: this.host, accept: 'text/html', 'accept-language': 'en', ...(cookie ? { cookie } : {}), ...more };
  }

  /** @throws Error unless the answer is 200 */
  async get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await this.send('GET', path, null, headers);
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}: ${answer.text.slice(0, 300)}`);
    return answer;
  }

  async signIn(login: string, password: string): Promise<void> {
    await this.get('/login/password');
    const { status } = await this.send('POST', '/login', new URLSearchParams({ login, password }).toString(), {
      origin: this.origin,
      'content-type': 'application/x-www-form-urlencoded',
    });
    if (status !== 303) throw new Error(`Nobody could sign in as ${login}: ${status}`);
  }

  async token(login: string, password: string): Promise<string> {
    const { text } = await this.send('POST', '/api/auth/token', JSON.stringify({ login, password }), {
      'content-type': 'application/json',
    });
    return (JSON.parse(text) as { access_token: string }).access_token;
  }

  /** Reads an answer of any size and says how many bytes it had. @throws Error unless it is 200 and whole */
  weigh(path: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const req = request({ host: '127.0.0.1', port: this.port, path, headers: this.headers() }, (res) => {
        let bytes = 0;
        res.on('data', (chunk: Buffer) => (bytes += chunk.length));
        res.on('error', reject);
        res.on('end', () =>
          res.statusCode === 200 && res.complete ? resolve(bytes) : reject(new Error(`${path} was answered ${res.statusCode}.`)),
        );
      });
      req.on('error', reject);
      req.end();
    });
  }

  send(method: string, path: string, body: string | Buffer | null, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const own = this.headers({ ...headers, ...(body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }) });
      const req = request({ host: '127.0.0.1', port: this.port, method, path, headers: own }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          for (const line of res.headers['set-cookie'] ?? []) this.keep(line);
          resolve({ status: res.statusCode ?? 0, headers: res.headers, text: Buffer.concat(chunks).toString('utf8') });
        });
      });
      req.on('error', reject);
      req.end(body ?? undefined);
    });
  }

  private keep(line: string): void {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    if (pair.slice(at + 1) === '') this.cookies.delete(pair.slice(0, at));
    else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}
