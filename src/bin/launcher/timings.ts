const shown = process.env.AIMS_TIMINGS === '1';

/** Says on stderr how long a step took, when AIMS_TIMINGS=1. */
export async function timed<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    if (shown) process.stderr.write(`${step}: ${Math.round(performance.now() - began)} ms\n`);
  }
}

/** The same, and whoever started this command hears what it is at. */
export async function toldStep<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
  if (process.connected) process.send?.({ step });
  return timed(step, work);
}
