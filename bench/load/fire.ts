import { connect, type Socket } from 'node:net';
import type { LoadOrder, LoadResult, Shot } from './load.js';

/** Plain sockets and no parser beyond what a status, a length and a marker need: the two sides have the processors to themselves. */

interface Count {
  latencies: number[];
  bytes: number;
}

/** @throws Error when an answer has another status or lacks its marker */
export async function fire(order: LoadOrder): Promise<LoadResult> {
  const until = performance.now() + order.ms;
  const began = performance.now();
  const counts = await Promise.all(Array.from({ length: order.clients }, (_, index) => client(order, index, until)));
  const seconds = (performance.now() - began) / 1000;
  const latencies = Float64Array.from(counts.flatMap((one) => one.latencies)).sort();
  const total = latencies.length;
  return {
    perSecond: total / seconds,
    p50Ms: latencies[Math.floor(total * 0.5)] ?? 0,
    p99Ms: latencies[Math.min(total - 1, Math.floor(total * 0.99))] ?? 0,
    bytes: Math.round(counts.reduce((sum, one) => sum + one.bytes, 0) / total),
  };
}

async function client(order: LoadOrder, index: number, until: number): Promise<Count> {
  const socket = connect({ host: '127.0.0.1', port: order.port, noDelay: true });
  const reader = new Answers(socket);
  const count: Count = { latencies: [], bytes: 0 };
  const shots = order.shots.map((shot) => ({ request: Buffer.from(shot.request), marker: Buffer.from(shot.marker), shot }));
  try {
    for (let turn = Math.floor((index * shots.length) / order.clients); performance.now() < until; turn += 1) {
      const { request, marker, shot } = shots[turn % shots.length]!;
      const began = performance.now();
      socket.write(request);
      const answer = await reader.next();
      count.latencies.push(performance.now() - began);
      count.bytes += answer.length;
      check(answer, order.status, marker, shot);
    }
  } finally {
    socket.destroy();
  }
  return count;
}

function check(answer: Answer, status: number, marker: Buffer, shot: Shot): void {
  const asked = shot.request.slice(0, shot.request.indexOf('\r\n'));
  if (answer.status !== status)
    throw new Error(`${asked} was answered ${answer.status}: ${answer.whole.toString('utf8').slice(0, 600)}`);
  if (!answer.whole.includes(marker))
    throw new Error(`The answer to ${asked} lacks "${shot.marker}": ${answer.whole.toString('utf8').slice(0, 600)}`);
}

interface Answer {
  status: number;
  /** Head and body. */
  whole: Buffer;
  /** Of the body. */
  length: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const CHUNKED_END = Buffer.from('0\r\n\r\n');

/** Cuts what comes over one connection into answers; one is asked for at a time. */
class Answers {
  private parts: Buffer[] = [];
  private size = 0;
  private needed = 0;
  private waiting: { resolve(answer: Answer): void; reject(error: Error): void } | null = null;
  private broken: Error | null = null;

  constructor(socket: Socket) {
    socket.on('data', (chunk) => this.take(chunk));
    const fail = (error?: Error): void => {
      this.broken = error instanceof Error ? error : new Error('The connection was closed before the answer was whole.');
      this.waiting?.reject(this.broken);
    };
    socket.on('error', fail);
    socket.on('close', () => fail());
  }

  next(): Promise<Answer> {
    if (this.broken) return Promise.reject(this.broken);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  private take(chunk: Buffer): void {
    this.parts.push(chunk);
    this.size += chunk.length;
    if (this.size < this.needed) return;
    const whole = this.parts.length === 1 ? chunk : Buffer.concat(this.parts);
    this.parts = [whole];
    const headEnd = whole.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = whole.toString('latin1', 0, headEnd);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    const bodyAt = headEnd + HEAD_END.length;
    if (length) this.needed = bodyAt + Number(length[1]);
    else if (whole.subarray(-CHUNKED_END.length).equals(CHUNKED_END)) this.needed = whole.length;
    else return;
    if (whole.length < this.needed) return;
    const answer = { status: Number(head.slice(9, 12)), whole, length: whole.length - bodyAt };
    this.parts = [];
    this.size = 0;
    this.needed = 0;
    const { waiting } = this;
    this.waiting = null;
    waiting?.resolve(answer);
  }
}
