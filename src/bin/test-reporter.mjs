// Writes one JSON line for each finished test, and for what a test has noted by `diagnostic`; used by the test runner in each test file's process.
const LEFT_OPEN_MS = 15_000;

export default async function* report(events) {
  for await (const { type, data } of events) {
    // Those of the whole file are its counts, which the runner makes itself.
    if (type === 'test:diagnostic' && data.nesting > 0) yield `${JSON.stringify({ note: data.message })}\n`;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { details } = data;
    if (details.type === 'suite' && type === 'test:pass') continue;
    // A parent fails because of a child, which is reported by itself.
    if (details.error?.failureType === 'subtestsFailed') continue;
    const skipped = data.skip !== undefined || data.todo !== undefined;
    yield `${JSON.stringify({
      name: data.name,
      line: data.line,
      ok: type === 'test:pass' && !skipped,
      reason: skipped ? `skipped: ${data.skip || data.todo || 'no reason given'}` : wordsOf(details.error),
      ms: details.duration_ms,
    })}\n`;
  }
  yield `${JSON.stringify({ end: true })}\n`;
  setTimeout(() => {
    process.stderr.write('The tests are over, but something was left open (a server, a pool, a timer).\n');
    process.exit(70);
  }, LEFT_OPEN_MS).unref();
}

function wordsOf(error) {
  if (!error) return undefined;
  const cause = error.cause;
  if (cause instanceof Error) return cause.stack?.includes(cause.message) ? cause.stack : `${cause.message}\n${cause.stack}`;
  return typeof cause === 'string' ? cause : error.message;
}
