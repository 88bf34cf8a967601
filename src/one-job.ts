import os from 'node:os';
import { buildApp } from './app.js';
import type { FromJob, JobOrder, ToJob } from './apart.js';

/** The other side of apart.ts: works on the job that it is sent and says how it went. */
export function workOnOneJob(): void {
  const stop = new AbortController();
  // Whoever waits for a page goes first; on a machine with nothing else to do it costs nothing.
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  process.on('message', (message: ToJob) => {
    if (message.type === 'abort') stop.abort();
    else void answered(message, stop.signal);
  });
  // Whoever sent the job is gone: it begins again elsewhere, and nothing of this try may be written.
  process.on('disconnect', () => process.exit(1));
  // A terminal tells all processes to stop; how, decides the one that sent the job.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
}

async function answered(order: JobOrder, signal: AbortSignal): Promise<void> {
  try {
    const app = await buildApp(order.config);
    await app.run(() => app.jobs[order.job]!(order.payload, { ...order.info, signal }));
    // Whoever sent the job ends this process with the answer: what waits for the moment after its commits is done now.
    await app.stop().catch(() => undefined);
    tell({ type: 'done' });
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    tell({ type: 'failed', message, stack });
  }
}

function tell(message: FromJob): void {
  process.send?.(message);
}
