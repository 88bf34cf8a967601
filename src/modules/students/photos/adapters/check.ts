import { RuleBroken } from '../../../../kernel/errors.js';
import { toPhoto } from '../../../../platform/images/index.js';
import { SheetRefused } from '../../../../platform/sheets/reading/refused.js';
import type { CheckedLine, Line, Remark } from '../../../imports/index.js';
import { NumberBook, partsOfName } from '../photo-name.rules.js';
import { MOST_OF_A_PICTURE, PhotoArchive } from './archive.js';
import { photographed, type Photographed } from './rows.js';

/** Endings that pictures have, also those of which only the preparing can say that they are of no use. */
const PICTURES = new Set([
  'jpg',
  'jpeg',
  'jpe',
  'jfif',
  'png',
  'webp',
  'gif',
  'heic',
  'heif',
  'avif',
  'tif',
  'tiff',
  'bmp',
  'svg',
  '',
]);
/** Each may lie in memory whole while it is prepared. */
const AT_ONCE = 4;

interface Known {
  book: NumberBook<Photographed>;
  /** Student → files that are named after them. */
  files: ReadonlyMap<string, readonly string[]>;
}

interface Judged {
  name: string;
  line: CheckedLine;
  /** Whether the picture will be written. */
  wanted: boolean;
}

/** Looks at every file of one archive and prepares what will be written, so that the writing is a matter of rows. */
export class PhotoCheck {
  private known: Known | null = null;

  constructor(
    private readonly path: string,
    private readonly mode: 'create' | 'update' | 'both',
    /** Stores a prepared picture and gives its id. */
    private readonly keep: (picture: Buffer) => Promise<string>,
  ) {}

  async lines(lines: readonly Line[]): Promise<CheckedLine[]> {
    const archive = await PhotoArchive.open(this.path);
    try {
      const known = (this.known ??= await this.learn(archive));
      const judged = lines.map((line) => this.judge(String(line.values.file), archive, known));
      const checked: CheckedLine[] = [];
      for (let at = 0; at < judged.length; at += AT_ONCE)
        checked.push(...(await this.prepare(archive, judged.slice(at, at + AT_ONCE))));
      return checked;
    } finally {
      await archive.close();
    }
  }

  private async learn(archive: PhotoArchive): Promise<Known> {
    const book = new NumberBook(await photographed());
    const files = new Map<string, string[]>();
    for (const name of archive.names) {
      const child = book.find(partsOfName(name).stem);
      if (child && child !== 'several' && isPicture(name)) files.set(child.id, [...(files.get(child.id) ?? []), name]);
    }
    return { book, files };
  }

  private async prepare(archive: PhotoArchive, some: readonly Judged[]): Promise<CheckedLine[]> {
    const pictures = await Promise.all(
      some.map(async ({ name, wanted, line }) => (wanted ? prepared(archive, name, line.remarks) : null)),
    );
    const checked: CheckedLine[] = [];
    // One after the other: a transaction has one connection.
    for (const [at, picture] of pictures.entries())
      checked.push(picture ? withPhoto(some[at]!.line, await this.keep(picture)) : some[at]!.line);
    return checked;
  }

  private judge(name: string, archive: PhotoArchive, { book, files }: Known): Judged {
    const { stem } = partsOfName(name);
    const child = book.find(stem);
    const judged = (line: Partial<CheckedLine> & Pick<CheckedLine, 'action'>, wanted: boolean): Judged => ({
      name,
      wanted,
      line: { remarks: [], entityId: null, version: null, marks: [], ...line },
    });
    const refused = (column: string, text: string, vars: Remark['vars'] = {}): Judged =>
      judged({ action: 'create', remarks: [{ column, severity: 'error', text, vars }] }, false);
    if (!isPicture(name)) return refused('file', 'This file is not a picture. Send a JPEG or PNG.');
    if (child === null)
      return refused('admission_no', 'No student has the admission number {{value}}.', { value: stem.slice(0, 40) });
    if (child === 'several')
      return refused('admission_no', '{{value}} matches more than one student.', { value: stem.slice(0, 40) });
    const others = files.get(child.id)!.filter((other) => other !== name);
    if (others.length > 0)
      return refused('file', '{{other}} is a photo of the same student. Leave one of them out.', {
        other: others[0]!.slice(0, 60),
      });
    if (archive.sizeOf(name) > MOST_OF_A_PICTURE) return refused('file', 'The picture is larger than 12 MB.');
    const about = { entityId: child.id, version: child.version, ready: { student: child.name } };
    if (child.photo === null) return judged({ ...about, action: 'create' }, true);
    if (this.mode !== 'create') return judged({ ...about, action: 'update' }, true);
    return judged(
      {
        ...about,
        action: 'unchanged',
        remarks: [
          {
            column: 'admission_no',
            severity: 'warning',
            text: '{{name}} already has a photo, which is kept.',
            vars: { name: child.label },
          },
        ],
      },
      false,
    );
  }
}

function withPhoto(line: CheckedLine, photo: string): CheckedLine {
  return { ...line, ready: { ...line.ready, photo } };
}

const isPicture = (name: string): boolean => PICTURES.has(partsOfName(name).ending);

/** What can't be used is said beside the file. */
async function prepared(archive: PhotoArchive, name: string, remarks: Remark[]): Promise<Buffer | null> {
  try {
    return await toPhoto(await archive.picture(name));
  } catch (error) {
    if (error instanceof SheetRefused || !(error instanceof RuleBroken)) throw error;
    remarks.push({ column: 'file', severity: 'error', text: error.message });
    return null;
  }
}
