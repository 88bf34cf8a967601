import { parentPort } from 'node:worker_threads';

export interface Task {
  module: string;
  name: string;
  data: unknown;
}

/** One of them is there. */
export interface Drawn {
  file?: Uint8Array<ArrayBuffer>;
  error?: unknown;
}

type Draw = (data: unknown) => Promise<Uint8Array>;

async function drawn({ module, name, data }: Task): Promise<Uint8Array<ArrayBuffer>> {
  const draw = ((await import(module)) as Record<string, Draw | undefined>)[name];
  if (!draw) throw new Error(`${module} exports no ${name}.`);
  return new Uint8Array(await draw(data));
}

const tell = (answer: Drawn): void => parentPort?.postMessage(answer, answer.file ? [answer.file.buffer] : []);

parentPort?.on('message', (task: Task) => {
  drawn(task).then(
    (file) => tell({ file }),
    (error: unknown) => tell({ error: error instanceof Error ? error : new Error(String(error)) }),
  );
});
