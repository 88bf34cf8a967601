import { setImmediate as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, inflate } from 'node:zlib';
import { RuleBroken } from '../../kernel/errors.js';

/**
 * Names by which a PDF does more than show pages: it runs a script, starts a program, carries other files along, sends
 * what was typed somewhere, or is a form of another kind altogether (XFA). Short names are told from chance bytes by
 * what follows them.
 */
const ACTIVE =
  /\/(?:JavaScript|Launch|EmbeddedFiles?|FileAttachment|RichMedia|Rendition|SubmitForm|ImportData|GoToE)(?![A-Za-z0-9])|\/EF\s*(?:<<|\d+\s+\d+\s+R)|\/XFA\s*(?:\[|\(|\d+\s+\d+\s+R)/;
const LOCKED = /\/Encrypt\s*(?:<<|\d+\s+\d+\s+R)/;
const PACKED = /\/ObjStm(?![A-Za-z0-9])/g;
/** The only way of packing objects that is in use. */
const DEFLATED = /\/Filter\s*(?:\/FlateDecode|\[\s*\/FlateDecode\s*\])/;
const OTHERWISE = /\/Predictor\s*(?!1\b)\d/;

const WINDOW = 65_536;
/** Longer than anything that is looked for, so that nothing is cut in two. */
const OVERLAP = 256;
const LONGEST_DICTIONARY = 4096;
const MOST_UNPACKED = 64 * 1_048_576;

/**
 * A PDF that only shows pages. It is judged by its bytes and by the objects that are packed in it, not by reading it as
 * a viewer would: viewers differ, and what any of them could find must not be there. @throws RuleBroken
 */
export async function demandPlainPdf(content: Buffer): Promise<void> {
  let announced = 0;
  for await (const [text, isNew] of windows(content)) {
    if (LOCKED.test(text))
      throw refusal('This PDF is locked, so it can’t be checked. Open it, print it to a new PDF, and send that.');
    if (ACTIVE.test(text)) throw active();
    for (const { index } of text.matchAll(PACKED)) if (isNew(index)) announced += 1;
  }
  const packed = packedObjects(content);
  if (packed.length < announced) throw unreadable();
  let room = MOST_UNPACKED;
  for (const { dictionary, from } of packed) {
    if (!/\/Filter(?![A-Za-z0-9])/.test(dictionary)) continue;
    if (!DEFLATED.test(dictionary) || OTHERWISE.test(dictionary)) throw unreadable();
    const objects = await unpacked(content.subarray(from), room);
    room -= objects.length;
    for await (const [text] of windows(objects)) if (ACTIVE.test(text)) throw active();
  }
}

/** Piece by piece, so that a large file stops nobody else, with names written out: `/J#61vaScript` is `/JavaScript`. */
async function* windows(bytes: Buffer): AsyncGenerator<[text: string, isNew: (index: number) => boolean]> {
  for (let from = 0; from < bytes.length; from += WINDOW) {
    const fresh = plainNames(bytes.subarray(from, from + WINDOW)).length;
    // Written out together: an escape may stand where two pieces meet.
    yield [plainNames(bytes.subarray(from, from + WINDOW + OVERLAP)), (index) => index < fresh];
    await pause();
  }
}

function plainNames(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** Streams whose own dictionary says that they hold objects; one that hides its dictionary is missed, and missed in the count. */
function packedObjects(content: Buffer): { dictionary: string; from: number }[] {
  const found: { dictionary: string; from: number }[] = [];
  for (let at = content.indexOf('stream'); at >= 0; at = content.indexOf('stream', at + 6)) {
    if (content.toString('latin1', at - 3, at) === 'end') continue;
    const before = plainNames(content.subarray(Math.max(0, at - LONGEST_DICTIONARY), at));
    const dictionary = before.slice(before.lastIndexOf(' obj') + 1);
    if (!/\/ObjStm(?![A-Za-z0-9])/.test(dictionary)) continue;
    const [lineEnd] = /^(?:\r\n|\n|\r)?/.exec(content.toString('latin1', at + 6, at + 8))!;
    found.push({ dictionary, from: at + 6 + lineEnd.length });
  }
  return found;
}

const inflated = promisify<Buffer, object, Buffer>(inflate);

async function unpacked(bytes: Buffer, room: number): Promise<Buffer> {
  try {
    return await inflated(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: Math.max(1, room) });
  } catch {
    throw unreadable();
  }
}

function active(): RuleBroken {
  return refusal(
    'This PDF contains more than pages: a script, another file or an active form. Open it, print it to a new PDF, and send that.',
  );
}

function unreadable(): RuleBroken {
  return refusal('This PDF can’t be checked. Open it, print it to a new PDF, and send that.');
}

function refusal(sentence: string): RuleBroken {
  return new RuleBroken('pdf-not-plain', sentence);
}
