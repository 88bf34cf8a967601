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
  return to ? pino(options, to) : pino(options);
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
