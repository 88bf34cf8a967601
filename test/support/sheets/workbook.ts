import { zipOf, type ZipPart } from './zip.js';

export interface SheetSpec {
  name: string;
  /** The inside of `<sheetData>`, or rows of cell XML made by the helpers below. */
  rows: string;
  merges?: string[];
  state?: 'hidden' | 'veryHidden';
  head?: string;
}

export interface BookSpec {
  sheets: SheetSpec[];
  strings?: string[];
  /** Number formats of the styles 1, 2, 3 …: a code, or the id of a built-in one. */
  formats?: (string | number)[];
  date1904?: boolean;
  extra?: ZipPart[];
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** A workbook written by hand, so that a test can put anything in it. */
export function workbookOf(book: BookSpec): Buffer {
  return zipOf([...partsOf(book), ...(book.extra ?? [])]);
}

export function partsOf(book: BookSpec): ZipPart[] {
  const sheets = book.sheets.map((sheet, i) => ({ ...sheet, id: `rId${i + 1}`, part: `worksheets/sheet${i + 1}.xml` }));
  const list = sheets.map(
    ({ name, id, state }, i) => `<sheet name="${name}" sheetId="${i + 1}"${state ? ` state="${state}"` : ''} r:id="${id}"/>`,
  );
  const links = [
    ...sheets.map(({ id, part }) => `<Relationship Id="${id}" Type="${REL}/worksheet" Target="${part}"/>`),
    `<Relationship Id="rIdStrings" Type="${REL}/sharedStrings" Target="sharedStrings.xml"/>`,
    `<Relationship Id="rIdStyles" Type="${REL}/styles" Target="/xl/styles.xml"/>`,
  ];
  return [
    { name: '[Content_Types].xml', data: `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>` },
    {
      name: '_rels/.rels',
      data: relationships([`<Relationship Id="r" Type="${REL}/officeDocument" Target="xl/workbook.xml"/>`]),
    },
    {
      name: 'xl/workbook.xml',
      data: `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${REL}"><workbookPr${book.date1904 ? ' date1904="1"' : ''}/><sheets>${list.join('')}</sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', data: relationships(links) },
    {
      name: 'xl/sharedStrings.xml',
      data: `${HEAD}<sst xmlns="${MAIN}">${(book.strings ?? []).map((xml) => `<si>${xml}</si>`).join('')}</sst>`,
    },
    { name: 'xl/styles.xml', data: stylesOf(book.formats ?? []) },
    ...sheets.map(({ part, rows, merges, head }) => ({ name: `xl/${part}`, data: sheetXml(rows, merges ?? [], head ?? HEAD) })),
  ];
}

function relationships(links: string[]): string {
  return `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${links.join('')}</Relationships>`;
}

function stylesOf(formats: (string | number)[]): string {
  const custom = formats.map((format, i) =>
    typeof format === 'string' ? `<numFmt numFmtId="${170 + i}" formatCode="${attribute(format)}"/>` : '',
  );
  const ids = [0, ...formats.map((format, i) => (typeof format === 'string' ? 170 + i : format))];
  return `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts>${custom.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${ids
    .map((id) => `<xf numFmtId="${id}" fontId="0"/>`)
    .join('')}</cellXfs></styleSheet>`;
}

function sheetXml(rows: string, merges: string[], head: string): string {
  const merged = merges.length ? `<mergeCells>${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>` : '';
  return `${head}<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData>${merged}</worksheet>`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

export type Cell = string | number | boolean | null | { xml: string };

/** A row of inline texts, numbers and booleans; anything else as the XML of a cell without its reference. */
export function row(number: number, cells: Cell[]): string {
  const xml = cells.map((cell, at) => (cell === null ? '' : cellXml(cell, `${letters(at)}${number}`)));
  return `<row r="${number}">${xml.join('')}</row>`;
}

function cellXml(cell: Exclude<Cell, null>, reference: string): string {
  if (typeof cell === 'string') return `<c r="${reference}" t="inlineStr"><is><t>${attribute(cell)}</t></is></c>`;
  if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c r="${reference}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  return cell.xml.replace('<c', `<c r="${reference}"`);
}

/** A cell of the style made from `formats[style - 1]`. */
export function styled(value: number, style: number): Cell {
  return { xml: `<c s="${style}"><v>${value}</v></c>` };
}

export function shared(index: number): Cell {
  return { xml: `<c t="s"><v>${index}</v></c>` };
}

function letters(at: number): string {
  return at < 26 ? String.fromCharCode(65 + at) : letters(Math.floor(at / 26) - 1) + String.fromCharCode(65 + (at % 26));
}
