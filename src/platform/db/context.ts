import { createHash } from 'node:crypto';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Knex } from 'knex';
import type pg from 'pg';
import { Lastly } from '../../kernel/unit-of-work.js';
import type { Database } from './database.js';
import { boundKnex } from './bound-knex.js';
import { hasHung } from './failures.js';
import { inOnePacket } from './rows/one-packet.js';

/** One transaction under way. */
interface Transaction {
  client: pg.PoolClient;
  knex: Knex | null;
  afterCommit: (() => unknown)[];
  /** Cache keys that this transaction has announced as changed. */
  changed: Set<string>;
  /** Facts that platform code keeps for the length of the transaction. */
  notes: Set<string>;
  /** Why it can only be rolled back: a nested unit failed, even if somebody caught its error. */
  doomed: { error: unknown } | null;
  /** Settles with the last statement that was sent; null while nothing is on its way. */
  underway: Promise<void> | null;
  /** The first statement that failed. */
  failed: { error: unknown } | null;
  /** It sees the database as it was when it began. */
  snapshot: boolean;
  over: boolean;
}

interface Context {
  database: Database;
  transaction: Transaction | null;
  /** Set where somebody waits in front of a page. */
  patience?: Patience;
  /** What is kept in memory is passed over. */
  fresh?: boolean;
}

interface Patience {
  ms: number;
  /** Why the database was given up: whoever has waited for that once doesn’t wait again, as for the error’s own page. */
  ended: { error: unknown; at: number } | null;
}

/** For so long somebody in front of a page waits for one statement; a database that hangs would else never answer. */
export const PAGE_PATIENCE_MS = 4_500;

const storage = new AsyncLocalStorage<Context>();

/**
 * Enters the context in which `db()`, `unit()` and `query()` work: a request, a job, a command, a test.
 * @param patienceMs a statement outside of a transaction that takes longer is given up, with its connection
 */
export function runWith<Result>(database: Database, work: () => Result, patienceMs?: number): Result {
  return storage.run({ database, transaction: null, ...(patienceMs && { patience: { ms: patienceMs, ended: null } }) }, work);
}

export function currentDatabase(): Database {
  return context().database;
}

/** Knex on the current transaction, else on the pool. */
export function db(): Knex {
  const { database, transaction } = context();
  if (!transaction) return database.knex;
  return (openOf(transaction).knex ??= boundKnex(database.knex, transaction.client));
}

/**
 * Sends a named prepared statement on the current transaction's connection, else on the pool, and returns
 * the rows. The name belongs to the text for good: `students.page`.
 */
export async function query<Row = Record<string, unknown>>(
  name: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const { database, transaction, patience } = context();
  const statement: pg.QueryConfig = { name: shortened(name), text, values: values as unknown[] };
  if (transaction) return (await within(openOf(transaction), statement)).rows as Row[];
  const { rows } = await (patience ? impatient(database, statement, patience) : database.pool.query(statement));
  return rows as Row[];
}

async function impatient(database: Database, statement: pg.QueryConfig, patience: Patience): Promise<pg.QueryResult> {
  // Not for ever: what a request has set going may go on after it.
  if (patience.ended && performance.now() - patience.ended.at < patience.ms) throw patience.ended.error;
  try {
    return await database.pool.query({ ...statement, query_timeout: patience.ms } as pg.QueryConfig);
  } catch (error) {
    if (hasHung(error)) patience.ended = { error, at: performance.now() };
    throw error;
  }
}

const LONGEST_NAME = 63;
const shorter = new Map<string, string>();

/** PostgreSQL cuts names after 63 bytes, which makes one of two statements with many conditions. */
function shortened(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  let short = shorter.get(name);
  if (!short) shorter.set(name, (short = `${name.slice(0, 40)}.${createHash('sha256').update(name).digest('hex').slice(0, 20)}`));
  return short;
}

/**
 * Statements that are begun together go out together, and are answered in their order. Once one has failed, all others do
 * for that reason alone; the first one's is the one to tell.
 */
async function within(transaction: Transaction, statement: pg.QueryConfig): Promise<pg.QueryResult> {
  inOnePacket(transaction.client);
  const sent = transaction.client.query(statement);
  const settled = sent.then(
    () => undefined,
    () => undefined,
  );
  transaction.underway = settled;
  try {
    return await sent;
  } catch (error) {
    transaction.failed ??= { error };
    throw (error as { code?: unknown }).code === IN_FAILED_TRANSACTION ? transaction.failed.error : error;
  } finally {
    if (transaction.underway === settled) transaction.underway = null;
  }
}

const IN_FAILED_TRANSACTION = '25P02';

/**
 * Runs the work in one transaction, or in the one that is under way. What is thrown rolls everything back;
 * after a nested failure nothing can be committed any more, even if the error was caught on its way out.
 */
export async function unit<Result>(work: () => Promise<Result | Lastly<Result>>): Promise<Result> {
  const { database, transaction } = context();
  return transaction ? join(openOf(transaction), work) : begin(database, work);
}

/** How long one statement of a snapshot may take: nobody waits in front of it for less. */
const SNAPSHOT_STATEMENT = '120s';

/** Runs the work in a transaction that sees the database at one moment, however long it reads. */
export async function snapshot<Result>(work: () => Promise<Result>): Promise<Result> {
  if (inTransaction()) throw new Error('A snapshot begins outside of transactions.');
  return begin(context().database, work, true);
}

export function inSnapshot(): boolean {
  return storage.getStore()?.transaction?.snapshot ?? false;
}

/** Reads what is otherwise kept in memory from the database: what was committed a moment ago is not announced yet. */
export function readingAfresh<Result>(work: () => Promise<Result>): Promise<Result> {
  return storage.run({ ...context(), fresh: true }, work);
}

export function isReadingAfresh(): boolean {
  return storage.getStore()?.fresh ?? false;
}

export function demandSnapshot(): void {
  if (!inSnapshot()) throw new Error('This needs one moment of the database: wrap it in snapshot(…).');
}

export function inTransaction(): boolean {
  return storage.getStore()?.transaction != null;
}

/** Runs `work` once the current transaction is committed, outside of it; at once when there is none. */
export function afterCommit(work: () => unknown): void {
  const { database, transaction } = context();
  if (transaction) transaction.afterCommit.push(work);
  else void runAfter(database, [work]);
}

/** True the first time that this transaction is asked for this note. */
export function firstInTransaction(note: string): boolean {
  const { notes } = demandTransaction();
  if (notes.has(note)) return false;
  notes.add(note);
  return true;
}

export function changedKeys(): Set<string> | null {
  return storage.getStore()?.transaction?.changed ?? null;
}

async function begin<Result>(
  database: Database,
  work: () => Promise<Result | Lastly<Result>>,
  snapshot = false,
): Promise<Result> {
  await database.seats.take();
  try {
    return await transact(await database.pool.connect(), database, work, snapshot);
  } finally {
    database.seats.leave();
  }
}

async function transact<Result>(
  client: pg.PoolClient,
  database: Database,
  work: () => Promise<Result | Lastly<Result>>,
  snapshot: boolean,
): Promise<Result> {
  const transaction: Transaction = {
    client,
    knex: null,
    afterCommit: [],
    changed: new Set(),
    notes: new Set(),
    doomed: null,
    underway: null,
    failed: null,
    snapshot,
    over: false,
  };
  let broken: unknown = null;
  try {
    inOnePacket(client);
    const begun = client.query(
      snapshot ? `BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = '${SNAPSHOT_STATEMENT}'` : 'BEGIN',
    );
    // The first statement goes out with it, and fails with it as well.
    begun.catch(() => undefined);
    const done = await storage.run({ database, transaction }, work);
    await begun;
    if (transaction.doomed) throw transaction.doomed.error;
    const sent = done instanceof Lastly ? sendLast(database, transaction, done) : done;
    // What took its time before it sent anything is waited for: COMMIT must not overtake it.
    if (transaction.underway === null) await sent;
    transaction.over = true;
    const [result] = await bothOf(sent, commit(client));
    void runAfter(database, transaction.afterCommit);
    return result;
  } catch (error) {
    transaction.over = true;
    await transaction.underway;
    broken = await client.query('ROLLBACK').then(
      () => null,
      (failure: unknown) => failure,
    );
    throw error;
  } finally {
    client.release(broken !== null);
  }
}

async function sendLast<Result>(database: Database, transaction: Transaction, { send }: Lastly<Result>): Promise<Result> {
  return storage.run({ database, transaction }, send);
}

/** Waits for both; when the last statement fails, so does the commit, and the statement says why. */
async function bothOf<Result>(last: Result | Promise<Result>, committed: Promise<void>): Promise<[Result, void]> {
  await Promise.allSettled([last, committed]);
  return [await last, await committed];
}

/** PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error. */
async function commit(client: pg.PoolClient): Promise<void> {
  inOnePacket(client);
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new Error('The transaction could not be committed: one of its statements had failed.');
}

async function join<Result>(transaction: Transaction, work: () => Promise<Result | Lastly<Result>>): Promise<Result> {
  try {
    const done = await work();
    return done instanceof Lastly ? await done.send() : done;
  } catch (error) {
    transaction.doomed ??= { error };
    throw error;
  }
}

async function runAfter(database: Database, works: (() => unknown)[]): Promise<void> {
  for (const work of works) {
    try {
      await runWith(database, work);
    } catch (error) {
      database.onError(error, 'after commit');
    }
  }
}

function context(): Context {
  const store = storage.getStore();
  if (!store) throw new Error('There is no database here: enter with runWith(database, …).');
  return store;
}

function demandTransaction(): Transaction {
  const { transaction } = context();
  if (!transaction) throw new Error('This needs a transaction: wrap it in unit(…).');
  return transaction;
}

function openOf(transaction: Transaction): Transaction {
  if (transaction.over) throw new Error('This transaction is over: something was not awaited.');
  return transaction;
}
