import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { answerOf } from '../helper.js';

/** What surrounds the rows of a page: fixed text, of the same weight as the product's. */
export interface Frame {
  before: string;
  after: string;
}

export interface BareSetup {
  database: { host: string; port: number; database: string; user: string; password: string };
  frames: Partial<Record<'signin' | 'home' | 'list' | 'search' | 'profile' | 'account' | 'balances', Frame>>;
  /** Label of each stream by its id. */
  streams: Record<string, string>;
  password: { plain: string; hash: string };
}

/** The other side: `node:http`, `pg`, named statements and concatenation, on the same database as the same role. */
export class Bare {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(setup: BareSetup): Promise<Bare> {
    const child = fork(fileURLToPath(new URL('./bare-server.js', import.meta.url)));
    child.send(setup);
    return new Bare(child, await answerOf<number>(child, 'bare server'));
  }

  stop(): void {
    this.child.kill();
  }
}
