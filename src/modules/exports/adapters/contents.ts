import type { Actor } from '../../../kernel/actor.js';
import { schoolTables, tableRows } from '../../../platform/db/index.js';
import { escapeHtml } from '../../../platform/http/pages/escape.js';
import type { Texts } from '../../../platform/i18n/i18n.js';
import type { Column, ColumnKind } from '../../../platform/sheets/columns.js';
import { csvBody } from '../../../platform/sheets/writing/write.js';
import type { WholeExportPart } from '../../../platform/whole-export.js';
import { zip, type ZipSource } from '../../../platform/zip/write.js';
import type { WholeExport } from '../export.rules.js';
import { takenTables, type TakenTable } from '../tables.rules.js';
import type { Contents } from '../ports.js';
import { noted, type Listed } from './manifest.js';

type Row = Record<string, string | null>;

const NUMBERS = new Set(['smallint', 'integer', 'bigint', 'numeric']);

/** The lists and files that the modules bring, then every table of the school, and a page that says what is what. */
export class SchoolContents implements Contents {
  constructor(
    private readonly parts: () => readonly WholeExportPart[],
    private readonly texts: Texts,
    private readonly schoolName: () => Promise<string>,
    private readonly now: () => Date,
  ) {}

  async count(): Promise<number> {
    const counts = await Promise.all(this.parts().map((part) => part.count()));
    return counts.reduce((sum, count) => sum + count, takenTables(await schoolTables()).length + 2);
  }

  archive(actor: Actor, made: Pick<WholeExport, 'language' | 'byName'>, next: () => Promise<void>): AsyncIterable<Uint8Array> {
    return zip(this.files(actor, made, next));
  }

  private async *files(
    actor: Actor,
    made: Pick<WholeExport, 'language' | 'byName'>,
    next: () => Promise<void>,
  ): AsyncGenerator<ZipSource> {
    const names: string[] = [];
    const list: Listed[] = [];
    const note = (file: Listed): void => void list.push(file);
    for (const part of this.parts()) {
      for await (const file of part.files(actor)) {
        if (!file.name.startsWith('files/')) names.push(file.name);
        await next();
        yield noted(file, note);
      }
    }
    for (const table of takenTables(await schoolTables())) {
      names.push(`tables/${table.name}.csv`);
      await next();
      yield noted(
        {
          name: `tables/${table.name}.csv`,
          body: csvBody(table.columns.map(columnOf), { pages: tableRows(table, table.where) }),
        },
        note,
      );
    }
    yield noted({ name: 'index.html', body: [await this.page(made, names)] }, note);
    yield { name: 'manifest.csv', body: csvBody(MANIFEST, { pages: onePage(list) }) };
  }

  private async page({ language, byName }: Pick<WholeExport, 'language' | 'byName'>, names: readonly string[]): Promise<string> {
    const t = this.texts.in(language);
    const school = await this.schoolName();
    const title = t('Everything that {{school}} holds', { school });
    const at = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: 'UTC',
    }).format(this.now());
    const folders: [string, string][] = [
      ['sheets', t('The usual lists, for any spreadsheet program')],
      ['oneroster', t('Classes, people and enrolments, in a format other school systems read')],
      ['files', t('Photos, documents and other files; tables/files.csv says what belongs to whom')],
      ['tables', t('Every table of the school, column by column, for import into another system')],
    ];
    const lists = folders.map(
      ([folder, what]) =>
        `<h2>${folder}/</h2><p>${escapeHtml(what)}</p><ul>${names
          .filter((name) => name.startsWith(`${folder}/`))
          .map((name) => `<li><a href="${name}">${escapeHtml(name)}</a></li>`)
          .join('')}</ul>`,
    );
    const said = [
      t('Made on {{time}} UTC for {{name}}.', { time: at, name: byName }),
      t('Passwords, codes, keys and links are not included.'),
      t('It contains everything about everyone: keep it where no one else can reach it.'),
      t('manifest.csv gives the rows, bytes and SHA-256 of each file.'),
      t(
        "In sheets and tables, a ' is put before text that a spreadsheet program would read as a formula, such as text beginning with =, +, - or @. A program that imports them should remove it.",
      ),
    ];
    return `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}</style>
<h1>${escapeHtml(title)}</h1>${said.map((line) => `<p>${escapeHtml(line)}</p>`).join('')}${lists.join('')}</html>
`;
  }
}

const MANIFEST: Column<Listed>[] = [
  { key: 'file', head: 'file', kind: 'text', value: (row) => row.name },
  { key: 'rows', head: 'rows', kind: 'integer', value: (row) => row.rows },
  { key: 'bytes', head: 'bytes', kind: 'number', value: (row) => row.bytes },
  { key: 'sha256', head: 'sha256', kind: 'text', value: (row) => row.sha256 },
];

async function* onePage<One>(rows: readonly One[]): AsyncGenerator<readonly One[]> {
  yield rows;
}

function columnOf({ name, type }: TakenTable['columns'][number]): Column<Row> {
  const kind: ColumnKind = NUMBERS.has(type) ? 'number' : 'text';
  return {
    key: name,
    head: name,
    kind,
    value: (row) => (kind === 'number' && row[name] !== null ? Number(row[name]) : row[name]!),
  };
}
