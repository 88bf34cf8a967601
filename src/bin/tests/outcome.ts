export interface Failure {
  name: string;
  reason: string;
}

/** What came of a test file, or of a check, which counts as one test. */
export interface Outcome {
  name: string;
  passed: number;
  failures: Failure[];
  /** What its tests have noted by the way: figures, tables. */
  notes: string[];
  ms: number;
  /** Of these: the start of a process and loading the code, and making the schools that it works on; null for a check. */
  startMs: number | null;
  setUpMs: number | null;
}

const DEAREST_SHOWN = 10;
/** A file that takes longer is to be looked at. */
const LONG_MS = 30_000;
const LINES_SHOWN = 60;

export function show({ name, passed, failures, notes, ms }: Outcome): void {
  const failed = failures.length > 0 ? `, ${failures.length} failed` : '';
  console.log(`${failed ? 'FAIL' : 'ok  '} ${name}  ${passed} passed${failed}  ${seconds(ms)}`);
  for (const note of notes) console.log(indent(note));
  for (const failure of failures) console.log(`  ✗ ${failure.name}\n${indent(failure.reason)}`);
}

/** Prints where the time went and what failed; the answer is the exit code. */
export function summary(outcomes: readonly Outcome[]): number {
  const failed = outcomes.reduce((sum, one) => sum + one.failures.length, 0);
  const passed = outcomes.reduce((sum, one) => sum + one.passed, 0);
  showTimes(outcomes);
  if (failed > 0) console.log('\nFailed:');
  for (const one of outcomes) for (const failure of one.failures) console.log(`  ${one.name} › ${failure.name}`);
  if (passed + failed === 0) console.log('\nNo test was found.');
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function showTimes(outcomes: readonly Outcome[]): void {
  const dearest = [...outcomes].sort((a, b) => b.ms - a.ms);
  console.log('\nDearest:      all     start    set-up');
  for (const { name, ms, startMs, setUpMs } of dearest.slice(0, DEAREST_SHOWN)) {
    const parts = [startMs, setUpMs].map((part) => (part === null ? '' : seconds(part)).padStart(8));
    console.log(`        ${seconds(ms).padStart(8)}  ${parts.join('  ')}  ${name}`);
  }
  const sum = (of: (one: Outcome) => number | null): number => outcomes.reduce((total, one) => total + (of(one) ?? 0), 0);
  const [all, start, setUp] = [sum((one) => one.ms), sum((one) => one.startMs), sum((one) => one.setUpMs)];
  const share = (part: number): string => `${Math.round((100 * part) / Math.max(all, 1))} %`;
  console.log(`  All: ${seconds(all)} in all lanes, of which start ${share(start)} and set-up ${share(setUp)}.`);
  const long = dearest.filter((one) => one.ms > LONG_MS).length;
  if (long > 0) console.log(`  Over ${seconds(LONG_MS)}, to be looked at: ${long}.`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .slice(0, LINES_SHOWN)
    .map((line) => `      ${line}`)
    .join('\n');
}
