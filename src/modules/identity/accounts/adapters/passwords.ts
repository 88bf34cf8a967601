import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { Unavailable } from '../../../../kernel/errors.js';
import type { Passwords } from '../../ports.js';

const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const LONGEST_QUEUE = 64;
const PRINTED = 'printed$';

/** argon2id, at most cores − 1 at once: a rush of sign-ins must not starve everything else. */
export class ArgonPasswords implements Passwords {
  readonly common: ReadonlySet<string> = new Set(
    readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8')
      .split('\n')
      .filter(Boolean),
  );
  private readonly atOnce = Math.max(1, os.availableParallelism() - 1);
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private decoy: Promise<string> | null = null;

  constructor(private readonly printedKey: Buffer) {}

  async hash(password: string): Promise<string> {
    const argon2 = await import('@node-rs/argon2');
    return this.inTurn(() => argon2.hash(password.normalize('NFKC'), COST));
  }

  async verify(password: string, hash: string | null): Promise<boolean> {
    const argon2 = await import('@node-rs/argon2');
    const stored = hash?.startsWith('$argon2') ? hash : await this.decoyHash();
    const matches = await this.inTurn(() => argon2.verify(stored, password.normalize('NFKC')));
    if (hash?.startsWith(PRINTED)) return same(this.hashPrinted(password), hash);
    return hash === stored && matches;
  }

  hashPrinted(password: string): string {
    const plain = password.toLowerCase().replace(/[^a-z0-9]/g, '');
    return PRINTED + createHmac('sha256', this.printedKey).update(plain).digest('base64url');
  }

  private decoyHash(): Promise<string> {
    return (this.decoy ??= this.hash(randomBytes(16).toString('hex')));
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running >= this.atOnce) await this.queue();
    else this.running += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private queue(): Promise<void> {
    if (this.waiting.length >= LONGEST_QUEUE)
      throw new Unavailable('Many people are signing in right now. Try again in a few seconds.', 5);
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
