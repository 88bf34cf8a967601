import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Two at once: a print may wait a moment, pages may not. */
const AT_ONCE = 2;
let running = 0;
const waiting: (() => void)[] = [];

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
 * Draws in a thread that ends afterwards, so that the pages of this process go on being answered.
 * The data is copied into it: plain values, dates and bytes only.
 */
export async function drawInWorker<Data>(what: Drawing<Data>, data: Data): Promise<Buffer> {
  await turn();
  try {
    return await inThread(what.module, what.name, data);
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

async function turn(): Promise<void> {
  while (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
}

function inThread(module: string, name: string, data: unknown): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const worker = startThread({ module, name, data });
    worker.once('message', (file: Uint8Array) => resolve(Buffer.from(file.buffer, file.byteOffset, file.byteLength)));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The drawing thread ended with code ${code} before its document was done.`)));
  });
}

/**
 * In development this file is TypeScript, and a thread doesn't inherit the loader: it registers its own.
 * A batch makes much garbage at once: it gets the room for young objects that an idle school is denied.
 */
function startThread(task: { module: string; name: string; data: unknown }): Worker {
  const options = { workerData: task, name: task.name, resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 48 } };
  const extension = extname(new URL(import.meta.url).pathname);
  const thread = new URL(`./worker-thread${extension}`, import.meta.url);
  if (extension !== '.ts') return new Worker(thread, options);
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return new Worker(`import(${loader}).then((tsx) => { tsx.register(); return import(${JSON.stringify(thread.href)}); });`, {
    ...options,
    eval: true,
  });
}
