import { fork, type ChildProcess } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Unavailable } from '../../../kernel/errors.js';
import { loaders } from '../../node-flags.js';
import { headingsOf, type Heading, type RawRow } from '../columns.js';
import { LIMITS, type Limits } from '../limits.js';
import { unpackRows, type FromChild, type ReadRequest, type SheetHeader, type SheetsFound, type ToChild } from '../messages.js';
import { SheetRefused } from './refused.js';

export interface ReadOptions {
  /** The wanted columns: they help to find the row of headings and the right sheets. */
  columns?: readonly Heading[];
  /** Names of the sheets to read; without it, the visible sheets whose headings fit best. */
  sheets?: string[];
  /** The file is a zip archive of CSV files: these are read, in this order, each with headings of its own. */
  bundle?: string[];
  /** Stop after so many rows, for a first look. */
  take?: number;
  /** Told first, with every sheet of the file and which of them are read. */
  onFound?(found: SheetsFound): void | Promise<void>;
  onHeader?(header: SheetHeader): void | Promise<void>;
  /** What a CSV file is written in, where its words leave it in doubt and a person has said it. */
  encoding?: string;
  limits?: Partial<Limits>;
  signal?: AbortSignal;
}

export interface ReadSummary extends SheetsFound {
  rows: number;
  /** The list that every row's cells follow. */
  headers: string[];
  /** Peak resident memory of the reading process. */
  peakBytes: number;
}

const MEMORY = 'The file needs too much memory. Remove pictures and other sheets, or save the list as CSV.';
const TIME = 'The file takes too long to read. Remove other sheets, or save the list as CSV.';

/** Reading processes at once: more would only take turns on the cores and add up their memory. */
const SLOTS = 2;
let busy = 0;
const waiting: (() => void)[] = [];

/**
 * Reads a CSV or XLSX file in a process of its own and hands its rows over in batches of at most 1,000; the next
 * batch is asked for when `onRows` has resolved. When `onRows` throws, reading ends and the error comes out here.
 * @throws SheetRefused with one sentence when the file can't be read as a sheet; rows may have been handed over before.
 */
export async function readSheet(
  file: { path: string; name: string },
  options: ReadOptions,
  onRows: (rows: RawRow[]) => Promise<void>,
): Promise<ReadSummary> {
  const limits = { ...LIMITS, ...options.limits };
  if ((await stat(file.path)).size > limits.fileBytes)
    throw new SheetRefused('The file is larger than 50 MB. Split it, or remove pictures from it.');
  if (busy >= SLOTS) await new Promise<void>((resolve) => waiting.push(resolve));
  busy += 1;
  try {
    options.signal?.throwIfAborted();
    const request: ReadRequest = {
      path: file.path,
      name: file.name,
      limits,
      headings: headingsOf(options.columns ?? []),
      sheets: options.sheets ?? null,
      take: options.take ?? Number.MAX_SAFE_INTEGER,
      bundle: options.bundle ?? null,
      encoding: options.encoding ?? null,
    };
    return await new Reading(request, options, onRows).run();
  } finally {
    busy -= 1;
    waiting.shift()?.();
  }
}

class Reading {
  private child!: ChildProcess;
  private found: SheetsFound | null = null;
  private headers: string[] = [];
  private settled = false;
  /** Messages are dealt with one after the other, also while `onRows` is under way. */
  private chain: Promise<void> = Promise.resolve();
  /** Only the time in which nothing waits for `onRows` counts: what is summed up so far, and since when it counts again. */
  private handling = 0;
  private workedMs = 0;
  private since = performance.now();
  private watch!: NodeJS.Timeout;
  private resolve!: (summary: ReadSummary) => void;
  private reject!: (error: unknown) => void;

  constructor(
    private readonly request: ReadRequest,
    private readonly options: ReadOptions,
    private readonly onRows: (rows: RawRow[]) => Promise<void>,
  ) {}

  run(): Promise<ReadSummary> {
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.child = forkReader();
      this.child.on('message', (message: FromChild) => {
        this.workedMs = this.worked();
        this.handling += 1;
        this.chain = this.chain
          .then(() => this.take(message))
          .catch((error: unknown) => this.fail(error))
          .finally(() => {
            this.handling -= 1;
            this.since = performance.now();
          });
      });
      this.child.on('error', (error) => this.fail(error));
      this.child.on('exit', (code, signal) => void this.chain.then(() => this.fail(deathOf(code, signal))));
      this.options.signal?.addEventListener('abort', this.abort, { once: true });
      this.watch = setInterval(() => void this.check(), 100);
      this.tell({ type: 'read', request: this.request });
    });
  }

  private async take(message: FromChild): Promise<void> {
    if (this.settled) return;
    switch (message.type) {
      case 'found':
        this.found = message.found;
        return this.options.onFound?.(message.found);
      case 'header':
        this.headers = message.header.headers;
        return this.options.onHeader?.(message.header);
      case 'rows':
        await this.onRows(unpackRows(message));
        return this.tell({ type: 'more' });
      case 'refused':
        return this.fail(new SheetRefused(message.sentence));
      case 'failed':
        return this.fail(new Error(`Reading a sheet failed: ${message.message}`));
      case 'done':
        this.end();
        this.resolve({ ...this.found!, rows: message.rows, headers: this.headers, peakBytes: message.peakBytes });
    }
  }

  private tell(message: ToChild): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private worked(): number {
    return this.handling === 0 ? this.workedMs + performance.now() - this.since : this.workedMs;
  }

  /** Memory and time of the child; where the system doesn't tell its memory, the cap on its heap has to do. */
  private async check(): Promise<void> {
    if (this.worked() > this.request.limits.childSeconds * 1000) return this.fail(new SheetRefused(TIME));
    const status = await readFile(`/proc/${this.child.pid}/status`, 'utf8').catch(() => '');
    const resident = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
    if (resident > this.request.limits.childBytes) this.fail(new SheetRefused(MEMORY));
  }

  private readonly abort = (): void => this.fail(this.options.signal!.reason);

  private fail(error: unknown): void {
    if (this.settled) return;
    this.end();
    this.reject(error);
  }

  private end(): void {
    this.settled = true;
    clearInterval(this.watch);
    this.options.signal?.removeEventListener('abort', this.abort);
    if (this.child.exitCode === null) this.child.kill('SIGKILL');
  }
}

/** A heap that is full ends the process by an abort (134) or a trap. */
function deathOf(code: number | null, signal: NodeJS.Signals | null): Error {
  const memory = code === 134 || signal === 'SIGABRT' || signal === 'SIGTRAP' || signal === 'SIGILL';
  return memory ? new SheetRefused(MEMORY) : new Unavailable('The file could not be read just now. Try again in a moment.');
}

function forkReader(): ChildProcess {
  const here = fileURLToPath(import.meta.url);
  return fork(fileURLToPath(new URL(`./read-child${extname(here)}`, import.meta.url)), [], {
    // Built files need no loader; what else was imported into this process (its launcher's watch) is not for the child.
    execArgv: [
      ...(extname(here) === '.ts' ? loaders(process.execArgv) : []),
      '--max-old-space-size=512',
      '--max-semi-space-size=16',
    ],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}
