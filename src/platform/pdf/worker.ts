import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Drawn, Task } from './worker-thread.js';

/** Two at once: a print may wait a moment, pages may not. */
const AT_ONCE = 2;
/** A thread that has drawn knows pdfkit and the fonts by heart; one that nobody needs any more gives its memory back. */
const KEPT_MS = 60_000;
let running = 0;
const waiting: (() => void)[] = [];
const idle: Thread[] = [];

/** A drawing function and where a thread finds it. Made beside the function, by `drawing`. */
export interface Drawing<Data> {
  module: string;
  name: string;
  draw(data: Data): Promise<Buffer>;
}

/**
 * `export const idCardsDrawing = drawing(import.meta.url, { idCards })`, where `idCards` is exported by the same file.
 * The name is a key because a function's own may be another in the built program, where files share one scope.
 */
export function drawing<Data>(module: string, exported: Record<string, (data: Data) => Promise<Buffer>>): Drawing<Data> {
  const [[name, draw] = []] = Object.entries(exported);
  if (!name || !draw) throw new TypeError(`A drawing of ${module} has no function.`);
  return { module, name, draw };
}

/**
 * Draws in a thread, so that the pages of this process go on being answered.
 * The data is copied into it: plain values, dates and bytes only.
 */
export async function drawInWorker<Data>(what: Drawing<Data>, data: Data): Promise<Buffer> {
  await turn();
  const thread = idle.pop() ?? new Thread();
  try {
    return await thread.draw({ module: what.module, name: what.name, data });
  } finally {
    if (thread.alive) idle.push(thread);
    running -= 1;
    waiting.shift()?.();
  }
}

async function turn(): Promise<void> {
  while (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
}

/** Draws one document after the other and ends when it has had nothing to do for a while. */
class Thread {
  alive = true;
  private readonly worker = startThread();
  private ending: NodeJS.Timeout | undefined;

  constructor() {
    this.worker.on('error', () => this.gone()).on('exit', () => this.gone());
  }

  async draw(task: Task): Promise<Buffer> {
    clearTimeout(this.ending);
    this.worker.ref();
    try {
      return await this.answerTo(task);
    } finally {
      this.worker.unref();
      this.ending = setTimeout(() => void this.worker.terminate(), KEPT_MS).unref();
    }
  }

  private answerTo(task: Task): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const settle = (work: () => void): void => {
        this.worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        work();
      };
      const onMessage = ({ file, error }: Drawn): void =>
        settle(() => (file ? resolve(Buffer.from(file.buffer, file.byteOffset, file.byteLength)) : reject(error as Error)));
      const onError = (error: Error): void => settle(() => reject(error));
      const onExit = (code: number): void =>
        settle(() => reject(new Error(`The drawing thread ended with code ${code} before its document was done.`)));
      this.worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      this.worker.postMessage(task);
    });
  }

  private gone(): void {
    this.alive = false;
    clearTimeout(this.ending);
    if (idle.includes(this)) idle.splice(idle.indexOf(this), 1);
  }
}

/**
 * In development this file is TypeScript, and a thread doesn't inherit the loader: it registers its own.
 * A batch makes much garbage at once: it gets the room for young objects that an idle school is denied.
 */
function startThread(): Worker {
  const options = { name: 'drawing', resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 48 } };
  const extension = extname(new URL(import.meta.url).pathname);
  const thread = new URL(`./worker-thread${extension}`, import.meta.url);
  if (extension !== '.ts') return new Worker(thread, options);
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return new Worker(`import(${loader}).then((tsx) => { tsx.register(); return import(${JSON.stringify(thread.href)}); });`, {
    ...options,
    eval: true,
  });
}
