import { posix } from 'node:path';
import { MAX_CELL } from '../columns.js';
import type { Limits } from '../limits.js';
import { SheetRefused } from '../reading/refused.js';
import { builtInFormat, formatOf, type NumberFormat } from './formats.js';
import { textOf, unescapeText, type CellTables } from './rows.js';
import { attributesOf, XmlScanner, type XmlHandler } from './xml.js';
import { Zip } from '../../zip/read.js';

export interface WorkbookSheet {
  name: string;
  hidden: boolean;
  part: string;
}

/** Shared strings live in memory; more text than this is no list of people. */
const MAX_SHARED_TEXT = 120_000_000;
const ADVICE = 'Open the list in Excel or LibreOffice and save it as .xlsx or CSV.';

/**
 * A workbook that has passed the guards. It is read part by part as text comes out of the archive, because a model of
 * the whole workbook in memory takes over 500 MB for 50,000 rows of 20 columns and more than a child may have for 40;
 * a merged range over a whole sheet or a million formatted empty rows cost it even more, and nothing here.
 */
export class Workbook {
  private constructor(
    private readonly zip: Zip,
    readonly sheets: WorkbookSheet[],
    readonly tables: CellTables,
  ) {}

  /** @throws SheetRefused */
  static async open(path: string, name: string, limits: Limits): Promise<Workbook> {
    const zip = await Zip.open(path, limits);
    try {
      await refuseOthers(zip, name, limits);
      await refuseEntities(zip);
      return await load(zip, limits, (sheets, tables) => new Workbook(zip, sheets, tables));
    } catch (error) {
      await zip.close();
      throw error;
    }
  }

  text(sheet: WorkbookSheet): AsyncIterable<string> {
    return textOf(this.zip.read(sheet.part));
  }

  close(): Promise<void> {
    return this.zip.close();
  }
}

async function refuseOthers(zip: Zip, name: string, limits: Limits): Promise<void> {
  const names = zip.names().map((entry) => entry.toLowerCase());
  if (names.includes('content.xml')) {
    throw new SheetRefused(`"${name}" is an OpenDocument file (.ods). ${ADVICE}`);
  }
  if (names.some((entry) => entry.endsWith('xl/workbook.bin')))
    throw new SheetRefused(`"${name}" is a binary workbook (.xlsb). ${ADVICE}`);
  if (names.some((entry) => entry.endsWith('vbaproject.bin') || entry.startsWith('xl/macrosheets/'))) {
    throw new SheetRefused(`"${name}" contains macros. Save it as a workbook without macros (.xlsx) and send it again.`);
  }
  if (names.some((entry) => entry.startsWith('word/') || entry.startsWith('ppt/'))) {
    throw new SheetRefused(`"${name}" is an Office document, but not a workbook. ${ADVICE}`);
  }
  if (!names.includes('[content_types].xml')) {
    throw new SheetRefused(`"${name}" is a zip archive. Unpack it and send the sheet inside.`);
  }
  if (names.length > limits.zipEntries)
    throw new SheetRefused(`"${name}" has too many parts for a list. Copy the list into a new workbook.`);
}

/** Also in the parts that are never read: a document type anywhere means that no spreadsheet program wrote the file. */
async function refuseEntities(zip: Zip): Promise<void> {
  for (const name of zip.names().filter((each) => /\.(?:xml|rels|vml)$/i.test(each))) {
    const head: Buffer[] = [];
    for await (const chunk of zip.read(name, 4096)) head.push(chunk);
    const start = Buffer.concat(head).subarray(0, 8192).toString('latin1').replaceAll('\0', '');
    if (/<!(?:DOCTYPE|ENTITY)/i.test(start)) {
      throw new SheetRefused('The workbook contains unusual XML declarations. Save it again in Excel or LibreOffice.');
    }
  }
}

async function load<Result>(
  zip: Zip,
  limits: Limits,
  make: (sheets: WorkbookSheet[], tables: CellTables) => Result,
): Promise<Result> {
  const main = (await relations(zip, '_rels/.rels')).find((each) => each.type === 'officeDocument')?.target ?? 'xl/workbook.xml';
  const parts = await relations(zip, posix.join(posix.dirname(main), '_rels', `${posix.basename(main)}.rels`));
  const partOf = (type: string) => parts.find((each) => each.type === type && zip.has(each.target))?.target;
  const book = await readBook(zip, main);
  const sheets = book.sheets.flatMap(({ id, name, hidden }) => {
    const part = parts.find((each) => each.id === id && each.type === 'worksheet')?.target;
    return part && zip.has(part) ? [{ name, hidden, part }] : [];
  });
  if (!sheets.length) throw new SheetRefused('There are no sheets in the workbook.');
  const strings = partOf('sharedStrings');
  const styles = partOf('styles');
  return make(sheets, {
    strings: strings ? await readStrings(zip, strings) : [],
    formats: styles ? await readFormats(zip, styles) : [],
    date1904: book.date1904,
    columns: limits.columns,
  });
}

async function scan(zip: Zip, part: string, handler: XmlHandler): Promise<void> {
  const scanner = new XmlScanner(handler);
  for await (const piece of textOf(zip.read(part))) scanner.write(piece);
}

interface Relation {
  id: string;
  type: string;
  target: string;
}

async function relations(zip: Zip, part: string): Promise<Relation[]> {
  if (!zip.has(part)) return [];
  const folder = posix.dirname(posix.dirname(part));
  const found: Relation[] = [];
  await scan(zip, part, {
    open(name, text) {
      if (name !== 'Relationship') return;
      const { Id = '', Type = '', Target = '', TargetMode } = attributesOf(text);
      if (TargetMode === 'External') return;
      const path = Target.startsWith('/') ? Target : posix.join('/', folder, Target);
      found.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), target: posix.normalize(path).slice(1) });
    },
    close() {},
  });
  return found;
}

async function readBook(
  zip: Zip,
  part: string,
): Promise<{ sheets: { id: string; name: string; hidden: boolean }[]; date1904: boolean }> {
  if (!zip.has(part)) throw new SheetRefused('There are no sheets in the workbook.');
  const book = { sheets: [] as { id: string; name: string; hidden: boolean }[], date1904: false };
  await scan(zip, part, {
    open(name, text) {
      const attributes = attributesOf(text);
      if (name === 'workbookPr') book.date1904 = attributes.date1904 === '1' || attributes.date1904 === 'true';
      // `r:id` and `sheetId` differ in case once the prefix is gone.
      if (name === 'sheet')
        book.sheets.push({ id: attributes.id ?? '', name: attributes.name ?? '', hidden: /idden/.test(attributes.state ?? '') });
    },
    close() {},
  });
  return book;
}

async function readFormats(zip: Zip, part: string): Promise<NumberFormat[]> {
  const custom = new Map<number, NumberFormat>();
  const formats: NumberFormat[] = [];
  let inCells = false;
  await scan(zip, part, {
    open(name, text) {
      if (name === 'cellXfs') inCells = true;
      else if (name === 'numFmt') {
        const { numFmtId, formatCode } = attributesOf(text);
        custom.set(Number(numFmtId), formatOf(formatCode ?? ''));
      } else if (name === 'xf' && inCells) {
        const id = Number(attributesOf(text).numFmtId ?? 0);
        formats.push(custom.get(id) ?? builtInFormat(id));
      }
    },
    close(name) {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return formats;
}

async function readStrings(zip: Zip, part: string): Promise<string[]> {
  const strings: string[] = [];
  let value = '';
  let collecting = false;
  let phonetic = false;
  let total = 0;
  await scan(zip, part, {
    open(name) {
      if (name === 'si') value = '';
      else if (name === 'rPh') phonetic = true;
      else if (name === 't') collecting = !phonetic;
    },
    text(text) {
      if (collecting && value.length <= MAX_CELL) value += text.length > MAX_CELL ? text.slice(0, MAX_CELL + 1) : text;
    },
    close(name) {
      if (name === 't') collecting = false;
      else if (name === 'rPh') phonetic = false;
      else if (name === 'si') {
        total += value.length + 16;
        if (total > MAX_SHARED_TEXT)
          throw new SheetRefused('The workbook has too much text for a list. Save the list as CSV and send that.');
        strings.push(unescapeText(value));
      }
    },
  });
  return strings;
}
