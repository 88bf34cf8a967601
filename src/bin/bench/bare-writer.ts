import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { PassThrough, Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import ExcelJS from 'exceljs';
import PDFDocument from 'pdfkit';
import { create as qrOf } from 'qrcode';
import type { Cards, Lists, WriterOrder, WriterResult } from './writer.js';

/** What the libraries do at most with rows that lie in memory: one file, streamed, one font, nothing decided on the way. */

const FONT = createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf');

process.on('message', (order: WriterOrder) => {
  measure(order).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});

async function measure(order: WriterOrder): Promise<WriterResult> {
  const began = performance.now();
  const since = (): number => (performance.now() - began) / 1000;
  if (order.kind === 'pdf') return { pages: await drawAll(order), seconds: since() };
  if (order.kind === 'csv') await writeCsv(order.rows);
  else await writeXlsx(order.rows);
  return { seconds: since() };
}

const nowhere = (): NodeJS.WritableStream => createWriteStream('/dev/null');

async function writeCsv(rows: readonly string[][]): Promise<void> {
  await pipeline(Readable.from(csvChunks(rows)), nowhere());
}

const QUOTED = /[",\r\n]/;
const ROWS_A_CHUNK = 500;

function* csvChunks(rows: readonly string[][]): Generator<string> {
  for (let at = 0; at < rows.length; at += ROWS_A_CHUNK) {
    let text = '';
    for (const row of rows.slice(at, at + ROWS_A_CHUNK)) text += `${row.map((cell) => (QUOTED.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
    yield text;
  }
}

async function writeXlsx(rows: readonly string[][]): Promise<void> {
  const sink = new PassThrough();
  const drained = pipeline(sink, nowhere());
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: sink });
  const sheet = workbook.addWorksheet('Students');
  for (const row of rows) sheet.addRow(row).commit();
  sheet.commit();
  await workbook.commit();
  await drained;
}

async function drawAll({ cards, lists }: Cards & Lists): Promise<number> {
  const one = await document((doc) => drawCards(doc, cards));
  const other = await document((doc) => drawLists(doc, lists));
  return one + other;
}

async function document(draw: (doc: PDFKit.PDFDocument) => void): Promise<number> {
  const doc = new PDFDocument({ size: 'A4', margin: 30, bufferPages: false });
  const sink = nowhere();
  doc.pipe(sink);
  let pages = 1;
  doc.on('pageAdded', () => (pages += 1));
  doc.registerFont('text', FONT);
  doc.font('text');
  draw(doc);
  doc.end();
  await finished(sink);
  return pages;
}

const ON_A_PAGE = 10;

function drawCards(doc: PDFKit.PDFDocument, cards: Cards['cards']): void {
  for (const [index, card] of cards.entries()) {
    const place = index % ON_A_PAGE;
    if (index > 0 && place === 0) doc.addPage();
    const [x, y] = [30 + (place % 2) * 262, 30 + Math.floor(place / 2) * 156];
    doc.rect(x, y, 243, 153).stroke().rect(x, y, 243, 26).fill('#0f5c43').fillColor('#000');
    for (const [line, text] of card.lines.entries()) doc.fontSize(9).text(text, x + 70, y + 34 + line * 13, { lineBreak: false });
    doc.rect(x + 8, y + 34, 54, 68).stroke();
    drawCode(doc, card.code, x + 180, y + 90);
  }
}

function drawCode(doc: PDFKit.PDFDocument, text: string, left: number, top: number): void {
  const { modules } = qrOf(text, { errorCorrectionLevel: 'M' });
  const step = 56 / modules.size;
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) if (modules.get(row, column)) doc.rect(left + column * step, top + row * step, step, step);
  }
  doc.fill();
}

const LINES = 38;

function drawLists(doc: PDFKit.PDFDocument, lists: Lists['lists']): void {
  for (const [index, list] of lists.entries()) {
    if (index > 0) doc.addPage();
    for (const [line, cells] of list.rows.entries()) {
      if (line > 0 && line % LINES === 0) doc.addPage();
      const y = 70 + (line % LINES) * 18;
      for (const [column, cell] of cells.entries()) doc.fontSize(9).text(cell, 34 + column * 120, y, { lineBreak: false });
      doc.moveTo(30, y + 14).lineTo(565, y + 14).stroke();
      for (let column = 0; column < 7; column += 1) doc.moveTo(400 + column * 26, y - 4).lineTo(400 + column * 26, y + 14).stroke();
    }
  }
}
