import { Pen } from './pen.js';
import { points, sizeOf, type PageSize } from './units.js';

/** Addresses mix letters and digits: looking for a shorter mixture of modes takes time and saves nothing. */
const encoder = new TextEncoder();

export interface DocumentOptions {
  page: PageSize;
  /** What a reader shows as the window's title. */
  title: string;
  author: string;
  language: string;
  madeAt: Date;
}

/** A document that `draw` fills with its pen; the first page is there. Resolves with the whole file. */
export async function pdfDocument(options: DocumentOptions, draw: (pen: Pen) => void | Promise<void>): Promise<Buffer> {
  const [{ default: PDFDocument }, { default: qrcode }] = await Promise.all([import('pdfkit'), import('qrcode')]);
  const { widthMm, heightMm } = sizeOf(options.page);
  const document = new PDFDocument({
    size: [points(widthMm), points(heightMm)],
    margin: 0,
    font: '',
    bufferPages: true,
    pdfVersion: '1.7',
    lang: options.language,
    tagged: true,
    displayTitle: true,
    info: { Title: options.title, Author: options.author, Creator: 'AIMS', CreationDate: options.madeAt },
  });
  const file = collected(document);
  await draw(
    new Pen(
      document,
      (text) => qrcode.create([{ data: encoder.encode(text), mode: 'byte' }], { errorCorrectionLevel: 'M' }),
      options.page,
    ),
  );
  document.end();
  return file;
}

function collected(document: PDFKit.PDFDocument): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
}
