import { parentPort, workerData } from 'node:worker_threads';

interface Task {
  module: string;
  name: string;
  data: unknown;
}

const { module, name, data } = workerData as Task;
const drawing = (await import(module)) as Record<string, (data: unknown) => Promise<Uint8Array>>;
const draw = drawing[name];
if (!draw) throw new Error(`${module} exports no ${name}.`);
const file = new Uint8Array(await draw(data));
parentPort?.postMessage(file, [file.buffer]);
