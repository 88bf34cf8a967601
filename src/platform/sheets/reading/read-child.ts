/** The reading process: started by read.ts for one file, with no environment and no secrets, and gone afterwards. */
import { open, readFile } from 'node:fs/promises';
import type { FromChild, ReadRequest, ToChild } from '../messages.js';
import { readBundle } from './read-bundle.js';
import { readCsv } from './read-csv.js';
import { readXlsx } from './read-xlsx.js';
import { SheetRefused } from './refused.js';
import { Sink } from '../writing/sink.js';
import { sniff } from './sniff.js';

/** First bytes of an archive. */
const ZIP = 0x04034b50;
const TOO_LARGE = 'The file is larger than 50 MB. Split it, or remove pictures from it.';

async function read(request: ReadRequest, sink: Sink): Promise<void> {
  const file = await open(request.path, 'r');
  try {
    const { size } = await file.stat();
    if (size > request.limits.fileBytes) throw new SheetRefused(TOO_LARGE);
    const head = Buffer.alloc(Math.min(size, 8192));
    await file.read(head, 0, head.length, 0);
    if (request.bundle) {
      if (head.length < 4 || head.readUInt32LE(0) !== ZIP)
        throw new SheetRefused(`"${request.name}" is no zip archive. Send the whole bundle as one zip.`);
      await readBundle(request, sink);
      return await sink.flush();
    }
    const kind = await sniff(head, request.name, () => readFile(request.path));
    await (kind === 'zip' ? readXlsx(request, sink) : readCsv(await readFile(request.path), request, sink));
  } finally {
    await file.close();
  }
  await sink.flush();
}

let sink: Sink | null = null;

function send(message: FromChild, then?: () => void): void {
  process.send!(message, undefined, {}, () => then?.());
}

async function start(request: ReadRequest): Promise<void> {
  sink = new Sink(send, request.take);
  try {
    await read(request, sink);
    if (!sink.rows) throw new SheetRefused('The file has headings but no rows below them.');
    send({ type: 'done', rows: sink.rows, peakBytes: process.resourceUsage().maxRSS * 1024 }, () => process.exit(0));
  } catch (error) {
    const message: FromChild =
      error instanceof SheetRefused
        ? { type: 'refused', sentence: error.sentence }
        : { type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    send(message, () => process.exit(0));
  }
}

process.on('message', (message: ToChild) => {
  if (message.type === 'more') sink?.taken();
  else void start(message.request);
});
process.on('disconnect', () => process.exit(0));
