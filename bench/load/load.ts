import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { answerOf } from '../helper.js';

/** One request as it goes over the wire, and what its answer must contain. */
export interface Shot {
  request: string;
  marker: string;
}

export interface LoadOrder {
  port: number;
  /** Each client goes round these, beginning at another place. */
  shots: Shot[];
  clients: number;
  ms: number;
  status: number;
}

export interface LoadResult {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Of one body, on average. */
  bytes: number;
}

/** The load generator: a process of its own, so that its work does not lie on either side. */
export class Load {
  private constructor(private readonly child: ChildProcess) {}

  static start(): Load {
    return new Load(fork(fileURLToPath(new URL('./load-generator.js', import.meta.url)), { serialization: 'advanced' }));
  }

  /** @throws Error when an answer has another status or lacks its marker */
  run(order: LoadOrder): Promise<LoadResult> {
    this.child.send(order);
    return answerOf<LoadResult>(this.child, 'load generator');
  }

  stop(): void {
    this.child.kill();
  }
}

/** A request in the words of HTTP/1.1, kept alive. */
export function wire(method: 'GET' | 'POST', path: string, headers: Record<string, string>, body = ''): string {
  const own = body === '' ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries(own).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}
