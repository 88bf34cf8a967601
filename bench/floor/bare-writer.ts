import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import ExcelJS from 'exceljs';
import PDFDocument from 'pdfkit';
import { create as qrOf } from 'qrcode';
import { badge, silhouette } from '../../src/platform/pdf/pictures.js';
import type { Cards, Lists, Receipts, WriterOrder, WriterResult } from './writer.js';

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
  if (order.kind === 'receipts') return { pages: await document((doc) => drawReceipts(doc, order.receipts)), seconds: since() };
  if (order.kind === 'pdf') return { pages: await drawAll(order), seconds: since() };
  await writeXlsx(order.rows);
  return { seconds: since() };
}

const nowhere = (): NodeJS.WritableStream => createWriteStream('/dev/null');

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

/** What is on the product's card: band, badge, learner, so many texts, a code; placed by fixed numbers, with nothing measured or fitted. */
function drawCards(doc: PDFKit.PDFDocument, cards: Cards['cards']): void {
  for (const [index, card] of cards.entries()) {
    const place = index % ON_A_PAGE;
    if (index > 0 && place === 0) doc.addPage();
    const [x, y] = [30 + (place % 2) * 262, 30 + Math.floor(place / 2) * 156];
    doc.save().roundedRect(x, y, 243, 153, 8).clip();
    doc
      .rect(x, y, 243, 40)
      .fill('#0f5c43')
      .rect(x, y + 36, 243, 4)
      .fill('#f2b233');
    drawShapes(doc, badge(COLOURS).shapes, x + 8, y + 6, 0.7);
    drawShapes(doc, silhouette(COLOURS, 'M').shapes, x + 11, y + 51, 1.4);
    drawCode(doc, card.code, x + 190, y + 94);
    doc.fillColor('#000');
    for (const [line, text] of card.lines.entries()) doc.fontSize(9).text(text, x + 90, y + 6 + line * 13, { lineBreak: false });
    doc.restore().roundedRect(x, y, 243, 153, 8).stroke();
  }
}

const COLOURS = { first: '#0f5c43', second: '#f2b233' };

function drawShapes(
  doc: PDFKit.PDFDocument,
  shapes: ReturnType<typeof badge>['shapes'],
  x: number,
  y: number,
  scale: number,
): void {
  doc.save().translate(x, y).scale(scale);
  for (const shape of shapes) {
    doc.path(shape.path);
    if (shape.fill) doc.fill(shape.fill);
    else if (shape.stroke) doc.lineWidth(shape.width ?? 1).stroke(shape.stroke);
  }
  doc.restore();
}

function drawCode(doc: PDFKit.PDFDocument, text: string, left: number, top: number): void {
  const { modules } = qrOf(text, { errorCorrectionLevel: 'M' });
  const step = 43 / modules.size;
  for (let row = 0; row < modules.size; row += 1) {
    for (let from = 0; from < modules.size; from += 1) {
      let to = from;
      while (to < modules.size && modules.get(row, to)) to += 1;
      if (to > from) doc.rect(left + from * step, top + row * step, (to - from) * step, step);
      from = to;
    }
  }
  doc.fill('#000');
}

function drawReceipts(doc: PDFKit.PDFDocument, receipts: Receipts['receipts']): void {
  for (const [index, receipt] of receipts.entries()) {
    if (index > 0 && index % 2 === 0) doc.addPage();
    const top = (index % 2) * 421;
    drawShapes(doc, badge(COLOURS).shapes, 34, top + 22, 0.7);
    drawCode(doc, receipt.code, 505, top + 335);
    doc
      .fillColor('#000')
      .rect(430, top + 80, 130, 34)
      .stroke();
    for (const [line, text] of receipt.lines.entries())
      doc.fontSize(9).text(text, line % 2 === 0 ? 80 : 300, top + 22 + line * 15, { lineBreak: false });
    for (let rule = 0; rule < 6; rule += 1)
      doc
        .moveTo(34, top + 200 + rule * 22)
        .lineTo(560, top + 200 + rule * 22)
        .stroke();
  }
}

const LINES = 38;

function drawLists(doc: PDFKit.PDFDocument, lists: Lists['lists']): void {
  for (const [index, list] of lists.entries()) {
    if (index > 0) doc.addPage();
    for (const [line, cells] of list.rows.entries()) {
      if (line > 0 && line % LINES === 0) doc.addPage();
      const y = 70 + (line % LINES) * 18;
      for (const [column, cell] of cells.entries()) doc.fontSize(9).text(cell, 34 + column * 120, y, { lineBreak: false });
      doc
        .moveTo(30, y + 14)
        .lineTo(565, y + 14)
        .stroke();
      for (let column = 0; column < 7; column += 1)
        doc
          .moveTo(400 + column * 26, y - 4)
          .lineTo(400 + column * 26, y + 14)
          .stroke();
    }
  }
}
