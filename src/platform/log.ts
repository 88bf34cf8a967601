import { pino, type Logger } from 'pino';

/** Names of fields whose values never reach a log, whatever object they hang on. */
const SECRET_FIELDS = [
  'password', 'passwordHash', 'token', 'access_token', 'refresh_token', 'code', 'totp', 'secret', 'authorization',
  'cookie', 'set-cookie', 'phone', 'email', '_csrf',
];

export function createLog(level: string, base: Record<string, string>): Logger {
  return pino({
    level,
    base,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_FIELDS.flatMap((field) => [bracket(field), `*${bracket(field)}`, `*.*${bracket(field)}`]), censor: '[hidden]' },
  });
}

function bracket(field: string): string {
  return `["${field}"]`;
}

export type Log = Logger;
