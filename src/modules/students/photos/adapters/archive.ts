import { SheetRefused } from '../../../../platform/sheets/reading/refused.js';
import { LIMITS } from '../../../../platform/sheets/limits.js';
import { Zip, type ZipWords } from '../../../../platform/zip/read.js';
import type { RawRow, RowSource } from '../../../imports/index.js';
import { partsOfName } from '../photo-name.rules.js';

const MB = 1024 * 1024;
/** As for a photo that is sent alone. */
export const MOST_OF_A_PICTURE = 12 * MB;
const MOST_FILES = 5_000;
/** Pictures that are prepared before the next are begun: some seconds' work at most. */
const AT_ONCE = 20;

const WORDS: ZipWords = {
  damaged: 'The archive is damaged or is not a zip file. Create it again and send that.',
  bomb: 'The archive is too large when unpacked. Put only the photos in it and send it again.',
  locked: 'The archive is protected by a password. Create it without one and send it again.',
};

/** What computers add of their own. */
const NOISE = /(?:^|\/)(?:__MACOSX\/.*|\.[^/]*|Thumbs\.db|desktop\.ini)$/i;

export class PhotoArchive {
  private constructor(
    private readonly zip: Zip,
    readonly names: readonly string[],
  ) {}

  /** @throws SheetRefused with one sentence */
  static async open(path: string): Promise<PhotoArchive> {
    const zip = await Zip.open(path, { ...LIMITS, fileBytes: 100 * MB, unpackedBytes: 200 * MB }, WORDS);
    const names = zip.names().filter((name) => !NOISE.test(name));
    const refusal =
      names.length === 0
        ? 'There are no pictures in the archive. Add the photos and send it again.'
        : names.length > MOST_FILES
          ? 'The archive has more than 5,000 files. Split it into several.'
          : null;
    if (refusal) {
      await zip.close();
      throw new SheetRefused(refusal);
    }
    return new PhotoArchive(zip, names);
  }

  sizeOf(name: string): number {
    return this.zip.sizeOf(name);
  }

  /** @throws SheetRefused when it is not what the archive's directory says */
  async picture(name: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.zip.read(name)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  close(): Promise<void> {
    return this.zip.close();
  }
}

/** Photos that are named by admission number, in one zip archive. */
export const photoSource: RowSource = {
  types: ['application/zip'],
  maxBytes: 100 * MB,
  accept: '.zip,application/zip',
  label: 'Archive of photos',
  hint: 'One zip of at most 100 MB; if you have more, send several one after another',
  advice: [
    'Name each photo by the student’s admission number: KA-2026-0012.jpg. Replace a slash in the number with a dash, an underscore or a space',
    'JPEG, PNG or WebP, each of at most 12 MB; folders don’t matter',
    'Every photo is cropped to passport shape and resized; location and camera details are removed',
  ],
  headers: ['File', 'Admission number'],

  async look(path) {
    await (await PhotoArchive.open(path)).close();
  },

  async read(path, signal, onRows) {
    const archive = await PhotoArchive.open(path);
    const names = archive.names;
    await archive.close();
    for (let at = 0; at < names.length; at += AT_ONCE) {
      signal.throwIfAborted();
      await onRows(
        names
          .slice(at, at + AT_ONCE)
          .map((name, place): RawRow => ({ sheet: '', row: at + place + 1, cells: [name, partsOfName(name).stem] })),
      );
    }
  },
};
