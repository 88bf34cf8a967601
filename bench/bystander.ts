import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../src/bin/launcher/child.js';

/** Short enough to meet every stall that a person would feel, long enough to be no load. */
const PAUSE_MS = 20;
const WARM_MS = 1_000;

interface Seen {
  worstMs: number;
  p99Ms: number;
  grownMb: number;
}

/** Somebody who asks for the smallest page all the time while the process is busy with something else. */
export class Bystander {
  private readonly agent = new Agent({ keepAlive: true });
  private waits: number[] = [];
  private before = 0;
  private most = 0;
  private asking = true;
  private readonly asked: Promise<void>;

  constructor(
    private readonly child: Child,
    private readonly host: string,
  ) {
    this.asked = this.ask();
  }

  /** The first requests of a process are its slowest and not what is looked for. */
  async warmUp(): Promise<void> {
    await sleep(WARM_MS);
    this.waits = [];
    this.before = this.resident();
    this.most = this.before;
  }

  async stop(): Promise<Seen> {
    this.asking = false;
    await this.asked;
    this.agent.destroy();
    const sorted = [...this.waits].sort((one, other) => one - other);
    return {
      worstMs: sorted.at(-1) ?? 0,
      p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
      grownMb: (this.most - this.before) / 2 ** 20,
    };
  }

  private async ask(): Promise<void> {
    while (this.asking) {
      const began = performance.now();
      await this.answer();
      this.waits.push(performance.now() - began);
      this.most = Math.max(this.most, this.resident());
      await sleep(PAUSE_MS);
    }
  }

  private answer(): Promise<void> {
    return new Promise((resolve, reject) => {
      get(
        { agent: this.agent, host: '127.0.0.1', port: this.child.port, path: '/healthz', headers: { host: this.host } },
        (res) => {
          res.resume().on('end', resolve).on('error', reject);
        },
      ).on('error', reject);
    });
  }

  /** Bytes; 0 where the system doesn't tell. */
  private resident(): number {
    try {
      const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
    } catch {
      return 0;
    }
  }
}
