/** Something that a person at the terminal has to mend; the message is one sentence and is shown alone. */
export class StopReason extends Error {}

const BY_CODE: Record<string, (error: NodeJS.ErrnoException, where: string) => string> = {
  ENOSPC: (_error, where) => `The disk is full (${where}). Free some space and start again.`,
  EDQUOT: (_error, where) => `The disk quota is used up (${where}). Free some space and start again.`,
  EROFS: (_error, where) => `${where} can't be written to: the disk is read-only. Choose another folder with AIMS_DATA.`,
  EACCES: (error, where) =>
    `${error.path ?? where} may not be written by this user. Change its owner or choose another folder with AIMS_DATA.`,
  EPERM: (error, where) =>
    `${error.path ?? where} may not be written by this user. Change its owner or choose another folder with AIMS_DATA.`,
  EMFILE: () => 'Too many files are open. Raise the limit (ulimit -n) and start again.',
};

/** PostgreSQL's own words for a full disk and for a refused sign-in. */
const BY_SQLSTATE: Record<string, (where: string) => string> = {
  '53100': (where) => `The disk of the database is full (${where}). Free some space and start again.`,
  '28P01': () => 'The database refused the user name or password in DATABASE_URL or DB_*.',
  '28000': () => 'The database refused the user in DATABASE_URL or DB_*.',
  '3D000': () => 'The database named in DATABASE_URL or DB_NAME does not exist.',
  '42501': () => 'The database user in DATABASE_URL or DB_* may not set up databases and roles; it must be a superuser.',
};

/** The sentence for an error that somebody at the terminal can mend, else null. */
export function sentenceFor(error: unknown, where: string): string | null {
  if (error instanceof StopReason) return error.message;
  for (const one of causes(error)) {
    const code = one.code ?? '';
    const sentence = BY_CODE[code]?.(one, where) ?? BY_SQLSTATE[code]?.(where);
    if (sentence) return sentence;
    if (/No space left on device/i.test(one.message)) return `The disk is full (${where}). Free some space and start again.`;
  }
  return null;
}

function causes(error: unknown): NodeJS.ErrnoException[] {
  const found: NodeJS.ErrnoException[] = [];
  let one: unknown = error;
  while (one instanceof Error && found.length < 10) {
    found.push(one);
    one = one instanceof AggregateError ? one.errors[0] : one.cause;
  }
  return found;
}
