import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { answerOf } from '../helper.js';

export interface Cards {
  cards: { lines: string[]; code: string }[];
}
export interface Lists {
  lists: { rows: string[][] }[];
}
/** Papers of one kind, two to a page. */
export interface Receipts {
  receipts: { lines: string[]; code: string }[];
}
interface Sheet {
  kind: 'xlsx';
  rows: string[][];
}
interface Documents extends Cards, Lists {
  kind: 'pdf';
}
interface Papers extends Receipts {
  kind: 'receipts';
}
export type WriterOrder = Sheet | Documents | Papers;

export interface WriterResult {
  seconds: number;
  pages?: number;
}

/** A process that writes sheets and documents from what it is handed, and says how long it took. */
export class BareWriter {
  private constructor(private readonly child: ChildProcess) {}

  static start(): BareWriter {
    return new BareWriter(fork(fileURLToPath(new URL('./bare-writer.js', import.meta.url)), { serialization: 'advanced' }));
  }

  run(order: WriterOrder): Promise<WriterResult> {
    this.child.send(order);
    return answerOf<WriterResult>(this.child, 'bare writer');
  }

  stop(): void {
    this.child.kill();
  }
}
