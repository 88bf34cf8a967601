/** Does a part of what a test file stands on; the runner tells how much of the file's time went into that. */
export async function setUp<Result>(work: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    performance.measure('set-up', { start });
  }
}
