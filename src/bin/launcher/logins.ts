import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writePrivately } from '../../platform/secrets-file.js';

/** How to sign in to a demo school, or (without a school and a password) to the platform; scripts rely on the file's shape. */
export interface Login {
  school: string | null;
  role: string;
  url: string;
  email: string;
  password?: string;
  totp_secret?: string;
}

export class Logins {
  private readonly file: string;
  private list: Login[];

  constructor(dataFolder: string) {
    this.file = path.join(dataFolder, 'demo-logins.json');
    this.list = read(this.file);
  }

  all(): readonly Login[] {
    return this.list;
  }

  has(school: string | null): boolean {
    return this.list.some((login) => login.school === school);
  }

  replace(school: string | null, logins: readonly Login[]): void {
    this.save([...this.list.filter((login) => login.school !== school), ...logins]);
  }

  /** Addresses carry the port, which may be another one today. */
  readdress(urlOf: (school: string | null) => string): void {
    const moved = this.list.map((login) => ({ ...login, url: urlOf(login.school) }));
    if (JSON.stringify(moved) !== JSON.stringify(this.list)) this.save(moved);
  }

  private save(list: Login[]): void {
    writePrivately(this.file, `${JSON.stringify(list, null, 1)}\n`);
    this.list = list;
  }
}

function read(file: string): Login[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Login[];
  } catch {
    return [];
  }
}

/** Columns as wide as their widest cell, two spaces between. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}`,
    )
    .join('\n');
}

/** @param mail where the codes of those without a password are read */
export function signInTable(logins: readonly Login[], mail: string): string {
  const rows = logins.map((login) => [
    login.url,
    login.role,
    login.email,
    login.password ?? `code by mail, see ${mail}`,
    login.totp_secret ?? '',
  ]);
  const withCodes = logins.some((login) => login.totp_secret);
  const shown = [['Address', 'Role', 'Sign in with', 'Password', 'Secret for one-time codes'], ...rows];
  return table(withCodes ? shown : shown.map((row) => row.slice(0, 4)));
}
