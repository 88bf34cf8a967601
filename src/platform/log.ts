import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';

const HIDDEN = '[hidden]';

/** Names of fields whose values never reach a log, whatever object they hang on. */
const SECRET_FIELDS = [
  'password',
  'passwordHash',
  'token',
  'access_token',
  'refresh_token',
  'code',
  'totp',
  'secret',
  'authorization',
  'cookie',
  'set-cookie',
  'phone',
  'email',
  '_csrf',
];

/** @param to standard output when left out */
export function createLog(level: string, base: Record<string, string>, to?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: withoutValues },
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => [bracket(field), `*${bracket(field)}`, `*.*${bracket(field)}`]),
      censor: HIDDEN,
    },
  };
  return pino(options, to ?? standardOutput());
}

/** Lines are gathered for a moment: a write of its own for each is a tenth of a page's work. */
const LATEST_MS = 100;
const GATHERED_BYTES = 4096;

let gathered: DestinationStream | null = null;

function standardOutput(): DestinationStream {
  if (gathered) return gathered;
  const stream = pino.destination({ dest: 1, sync: true, minLength: GATHERED_BYTES, periodicFlush: LATEST_MS });
  process.on('exit', () => stream.flushSync());
  return (gathered = stream);
}

/**
 * What went wrong and where. The database quotes what people typed: in `detail`, `where`, and in the message of
 * every value that it could not read (class 22).
 */
function withoutValues(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, table, column, constraint } = error as Error & Record<string, unknown>;
  const said = error.message;
  const message = typeof code === 'string' && code.startsWith('22') ? withoutQuotation(said) : said;
  const stack = error.stack?.replace(said, () => message);
  const cause = error.cause instanceof Error ? withoutValues(error.cause) : undefined;
  // `code` alone is a word that is never written; here it is the kind of a failure.
  return { type: error.name, message, stack, kind: code, table, column, constraint, cause };
}

/** Knex puts the statement before what the database said. */
function withoutQuotation(message: string): string {
  const statement = message.indexOf(' - ') + 1;
  return message.slice(0, statement) + message.slice(statement).replace(/".*"/s, HIDDEN);
}

function bracket(field: string): string {
  return `["${field}"]`;
}

export type Log = Logger;
