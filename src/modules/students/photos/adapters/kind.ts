import { REGISTER } from '../../../../kernel/kept.js';
import { changed } from '../../../../platform/db/index.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type { FilesApi } from '../../../files/index.js';
import type { CheckedLine, ImportContext, ImportKind, KindRun, Line, LineToWrite, WrittenLine } from '../../../imports/index.js';
import { LARGEST_PHOTO, PHOTO_PURPOSE } from '../photos.js';
import type { StudentStore } from '../../ports.js';
import { photoSource } from './archive.js';
import { PhotoCheck } from './check.js';
import { putBack, setPhotos, photosNow, type PhotoTrace } from './rows.js';

export const IMPORT_PHOTOS = 'students.import-photos';
/** Pictures that a check has prepared: nobody's until they are written. */
export const WAITING = 'students.photo-waiting';

export interface PhotoImportDeps {
  files: FilesApi;
  students: StudentStore;
}

const COLUMNS: Column<never>[] = [
  { key: 'file', head: 'File', kind: 'text', required: true, value: () => null },
  { key: 'admission_no', head: 'Admission number', kind: 'text', required: true, value: () => null },
];

/** One file of the archive is the photo of one student. */
export function photoImport(deps: PhotoImportDeps): ImportKind {
  return {
    key: 'photos',
    label: 'Photos of students',
    counted: ['1 photo', '{{n}} photos'],
    can: IMPORT_PHOTOS,
    home: '/students',
    modes: ['create', 'both'],
    modeWords: {
      create: { label: 'Add photos where there is none', hint: 'Existing photos are kept.' },
      both: {
        label: 'Add and replace photos',
        hint: 'Existing photos are replaced. Undoing the import within 30 days restores the old ones.',
      },
    },
    keyWords: 'admission number',
    shown: ['file', 'admission_no'],
    undoUntil: 'someone changes one of these photos; replaced ones are kept for 30 days',
    quiet: null,
    rules: {},
    tables: ['students'],
    source: photoSource,
    columns: () => Promise.resolve(COLUMNS),
    population: async () => (await deps.students.counts()).active,
    seen: ({ photo, student }) => ({
      picture: typeof photo === 'string' ? photo : null,
      name: typeof student === 'string' ? student : '',
    }),
    tally: '{{new}} photos are new; {{changed}} replace another; {{same}} students keep their current photo.',
    release: (importId) => deps.files.removeOf(WAITING, { kind: 'import', id: importId }),
    open: (context) => Promise.resolve(new PhotoRun(context, deps.files)),
  };
}

class PhotoRun implements KindRun {
  private checking: PhotoCheck | null = null;

  constructor(
    private readonly context: ImportContext,
    private readonly files: FilesApi,
  ) {}

  check(lines: readonly Line[]): Promise<CheckedLine[]> {
    const { actor, importId, mode, path } = this.context;
    const keep = async (picture: Buffer): Promise<string> => {
      const about = {
        purpose: WAITING,
        owner: { kind: 'import', id: importId },
        name: 'photo.jpg',
        maxBytes: LARGEST_PHOTO,
        types: ['image/jpeg'],
        drawn: true,
      };
      return (await this.files.save(actor, picture, about)).id;
    };
    this.checking ??= new PhotoCheck(path!, mode, keep);
    return this.checking.lines(lines);
  }

  async write(lines: readonly LineToWrite[]): Promise<WrittenLine[]> {
    const wanted = lines.map((line) => ({
      studentId: line.entityId!,
      photo: line.values.photo as string,
      add: line.action === 'create',
    }));
    const traces = await setPhotos(wanted);
    await this.files.handOver(
      PHOTO_PURPOSE,
      wanted.map(({ studentId, photo }) => ({ id: photo, owner: { kind: 'student', id: studentId } })),
    );
    await this.files.removeAll(traces.flatMap(({ former }) => former ?? []));
    return lines.map((line, at) => ({
      n: line.n,
      action: line.action,
      entityId: line.entityId!,
      before: { photo_file_id: traces[at]!.former },
      trace: traces[at]!,
    }));
  }

  finishWriting(): Promise<void> {
    return changed(REGISTER);
  }

  async obstacles(lines: readonly WrittenLine[]): Promise<string[]> {
    const now = await photosNow(lines.map((line) => line.entityId));
    const kept = await this.files.restorable(lines.flatMap((line) => traceOf(line).former ?? []));
    return lines.flatMap((line) => {
      const { photo, former } = traceOf(line);
      const student = now.get(line.entityId);
      if (student?.photo !== photo) return [`The photo of ${student?.label ?? 'a student'} has been changed since.`];
      return former && !kept.has(former) ? [`The earlier photo of ${student.label} is no longer kept.`] : [];
    });
  }

  async undo(lines: readonly WrittenLine[]): Promise<void> {
    await putBack(lines.map((line) => ({ studentId: line.entityId, ...traceOf(line) })));
    await this.files.removeAll(lines.map((line) => traceOf(line).photo));
    await this.files.restore(lines.flatMap((line) => traceOf(line).former ?? []));
  }

  finishUndoing(): Promise<void> {
    return changed(REGISTER);
  }
}

const traceOf = (line: WrittenLine): PhotoTrace => line.trace as PhotoTrace;
