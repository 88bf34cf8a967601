import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { tableOf, type BenchLine } from './lines.js';
import { benchMoney } from './money/money.js';
import { benchPages } from './pages.js';
import { benchPdf } from './pdf.js';
import { benchSchool, type BenchSchool } from './school.js';
import { benchSheets } from './sheets.js';
import { benchSql, billedSchool } from './sql.js';
import { Stage } from './stage.js';
import { benchStarts } from './starts.js';
import { StopReason } from '../src/bin/launcher/stop-reason.js';

/** Measures the product beside a bare program on the same database. */
const USAGE = 'usage: npm run bench -- [pages | sql | sheets | pdf | start | money …] [--seconds N] [--json FILE]';

const PARTS = ['pages', 'sql', 'sheets', 'pdf', 'start', 'money'] as const;
const SIZES = [
  [2_000, ''],
  [10_000, '.10k'],
] as const;
type Part = (typeof PARTS)[number];

interface Options {
  parts: Part[];
  json: string | null;
  /** For each side in each of three rounds. */
  seconds: number;
}

async function run(args: string[]): Promise<void> {
  const { parts, json, seconds } = optionsIn(args);
  const stage = await Stage.open();
  // The database server outlives who started it: whoever ends the bench ends that as well.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void stage.close().finally(() => process.kill(process.pid, signal)));
  try {
    const began = performance.now();
    const school = await benchSchool(stage);
    tell(`A school of 2,000 students was made in ${Math.round((performance.now() - began) / 1000)} s.`);
    const lines: BenchLine[] = [];
    const onLine = (line: BenchLine): void => tell(`${line.id} ${line.ratio.toFixed(2)}`);
    if (parts.includes('pages')) lines.push(...(await benchPages(stage, school, { ms: seconds * 1000, onLine })));
    if (parts.includes('sheets')) lines.push(...(await benchSheets(stage)));
    if (parts.includes('pdf')) lines.push(await benchPdf(stage, school));
    if (parts.includes('start')) lines.push(...(await benchStarts(stage, school)));
    if (parts.includes('money')) lines.push(...(await benchMoney(stage, school, seconds * 1000)));
    if (parts.includes('sql')) lines.push(...(await sqlLines(stage, parts.includes('money') ? null : school)));
    tell(`Measured in ${Math.round((performance.now() - began) / 60_000)} minutes.`);
    console.log(tableOf(lines));
    if (json) writeFileSync(json, `${JSON.stringify({ machine: machine(), lines }, null, 1)}\n`);
  } finally {
    await stage.close();
  }
}

/** The first school serves again, unless the lines of money have filled it. */
async function sqlLines(stage: Stage, first: BenchSchool | null): Promise<BenchLine[]> {
  const lines: BenchLine[] = [];
  for (const [students, suffix] of SIZES) {
    const school = suffix === '' && first ? first : await benchSchool(stage, `bench-sql-${students}`, students);
    lines.push(...(await benchSql(stage, school, await billedSchool(stage, school), suffix)));
  }
  return lines;
}

function optionsIn(args: readonly string[]): Options {
  const options: Options = { parts: [], json: null, seconds: 1 };
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at]!;
    if (word === '--') continue;
    if (word === '--json') options.json = args[(at += 1)] ?? null;
    else if (word === '--seconds') options.seconds = Number(args[(at += 1)]);
    else if ((PARTS as readonly string[]).includes(word)) options.parts.push(word as Part);
    else throw new StopReason(`There is no part ${word} of the bench; there are ${PARTS.join(', ')}.`);
  }
  if (!(options.seconds > 0)) throw new StopReason('--seconds must be a number above 0.');
  if (options.parts.length === 0) options.parts.push('pages', 'sql');
  return options;
}

function machine(): object {
  const [cpu] = os.cpus();
  return {
    cpu: cpu?.model ?? 'unknown',
    cores: os.availableParallelism(),
    memory_gb: Math.round(os.totalmem() / 2 ** 30),
    node: process.versions.node,
    platform: `${os.platform()} ${os.arch()}`,
    at: new Date().toISOString(),
  };
}

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

try {
  const args = process.argv.slice(2);
  if (args.includes('--help')) console.log(USAGE);
  else await run(args);
} catch (error) {
  console.error(error instanceof StopReason ? error.message : error);
  process.exitCode = 1;
}
