import { newId } from '../../../../kernel/id.js';
import { fold } from '../../../../kernel/people/names.js';
import { query } from '../../../../platform/db/index.js';
import { deleteRows, holdRows, insertRows, updateRows } from '../../../../platform/db/rows/row-sets.js';
import { SetRun, textOf } from '../../../../platform/records/set-run.js';
import type { Row } from '../../../../platform/db/rows/rows.js';
import type { HrApi } from '../../../hr/index.js';
import type {
  CheckedLine,
  ImportContext,
  ImportKind,
  KindRun,
  Line,
  LineToWrite,
  Remark,
  WrittenLine,
} from '../../../imports/index.js';
import type { CountryPack, Level, SchoolApi } from '../../../school/index.js';
import { classSpellings, plain, Spellings } from '../../subjects/spellings.rules.js';
import { CLASS_LIMITS, STREAM_LIMITS } from '../../limits.rules.js';
import type { ClassList, SchoolClass, Stream } from '../../index.js';
import type { ClassStore, SubjectStore } from '../../ports.js';
import { classColumns } from './class-import.columns.js';
import { StaffFinder } from '../../allocations/adapters/staff-finder.js';

export interface ClassImportDeps {
  school: SchoolApi;
  hr: HrApi;
  classes: ClassStore;
  subjects: SubjectStore;
}

/** One row is one stream; its class is made where it isn't there yet, as the country's pack knows it. */
export function classImport(deps: ClassImportDeps): ImportKind {
  return {
    key: 'classes',
    label: 'Classes and streams',
    counted: ['1 stream', '{{n}} streams'],
    can: 'subjects.change',
    home: '/subjects/classes',
    modes: ['create', 'update', 'both'],
    keyWords: 'class and stream',
    shown: ['class', 'stream', 'class_teacher', 'capacity'],
    undoUntil: 'a student is placed in one of these streams, or a teacher is assigned to it',
    quiet: null,
    rules: { place: { column: 'stream', severity: 'error', when: 'same', text: 'Row {{row}} has the same stream.' } },
    tables: ['subjects_classes', 'subjects_streams'],
    columns: () => Promise.resolve(classColumns),
    population: async () => (await deps.classes.list()).streams.filter((one) => one.active).length,
    open: async (context) =>
      new ClassRun(
        context,
        await deps.classes.list(),
        await deps.school.pack(),
        new StaffFinder(await deps.hr.staff(context.today)),
        deps,
      ),
  };
}

interface Said {
  className: string;
  streamName: string;
  own: SchoolClass | null;
  level: Level | null;
  stream: Stream | null;
  fields: Partial<Pick<Stream, 'classTeacherId' | 'capacity' | 'room' | 'campus'>>;
  remarks: Remark[];
}

interface MadeClass {
  classMade: string;
  /** Classes that lead to it since, with the version that each had before; imports of an older version have none. */
  linked?: { id: string; version: number }[];
}

class ClassRun extends SetRun implements KindRun {
  private readonly known = new Spellings<SchoolClass>();
  private readonly levels = new Spellings<Level>();
  /** Classes that this run has made, by their plain name. */
  private readonly made = new Map<string, string>();
  private position: number;

  constructor(
    private readonly context: ImportContext,
    private readonly list: ClassList,
    private readonly pack: CountryPack,
    private readonly staff: StaffFinder,
    private readonly deps: ClassImportDeps,
  ) {
    super('subjects_streams', ['subjects.classes', 'subjects.subjects']);
    for (const one of list.classes) this.known.add(one, classSpellings(one).exact, classSpellings(one).loose);
    for (const one of pack.levels) this.levels.add(one, [one.name, one.code]);
    this.position = Math.max(100, ...list.classes.map((one) => one.order));
  }

  check(lines: readonly Line[]): Promise<CheckedLine[]> {
    return Promise.resolve(lines.map((line) => this.checkLine(line)));
  }

  private checkLine(line: Line): CheckedLine {
    const said = this.read(line);
    const { stream, remarks } = said;
    if (!stream && this.context.mode === 'update')
      remarks.push({ column: 'stream', severity: 'error', text: 'The school has no stream with this name.' });
    const changes =
      stream !== null && Object.entries(said.fields).some(([field, value]) => stream[field as keyof Stream] !== value);
    if (changes && this.context.mode === 'create') {
      remarks.push({
        column: 'stream',
        severity: 'error',
        text: '{{name}} already exists with different details. Choose “Add and update” to change it.',
        vars: { name: stream.label },
      });
    }
    return {
      action: stream ? (changes ? 'update' : 'unchanged') : 'create',
      remarks,
      entityId: stream?.id ?? null,
      version: null,
      marks: [
        { rule: 'place', value: `${plain(said.own?.name ?? said.level?.name ?? said.className)} ${plain(said.streamName)}` },
      ],
    };
  }

  private read(line: Line): Said {
    const remarks: Remark[] = [];
    const className = textOf(line, 'class') ?? '';
    const streamName = textOf(line, 'stream') ?? '';
    const found = this.known.find(className);
    if (found === 'several')
      remarks.push({
        column: 'class',
        severity: 'error',
        text: '"{{value}}" may be more than one class. Write it out.',
        vars: { value: className.slice(0, 40) },
      });
    if (className.length > CLASS_LIMITS.name) remarks.push(tooLong('class', CLASS_LIMITS.name));
    if (streamName.length > STREAM_LIMITS.name) remarks.push(tooLong('stream', STREAM_LIMITS.name));
    const own = found === 'several' ? null : found;
    const level = this.levels.find(className);
    const stream = own
      ? (this.list.streams.find((one) => one.classId === own.id && fold(one.name) === fold(streamName)) ?? null)
      : null;
    return {
      className,
      streamName,
      own,
      level: level === 'several' ? null : level,
      stream,
      fields: this.fields(line, remarks),
      remarks,
    };
  }

  private fields(line: Line, remarks: Remark[]): Said['fields'] {
    const fields: Said['fields'] = {};
    const teacher = textOf(line, 'class_teacher');
    const found = teacher === null ? null : this.staff.find('class_teacher', teacher);
    if (found && 'remark' in found) remarks.push(found.remark);
    else if (found) fields.classTeacherId = found.id;
    const capacity = line.values.capacity;
    if (typeof capacity === 'number') {
      if (capacity < 1 || capacity > 500)
        remarks.push({ column: 'capacity', severity: 'error', text: 'Enter from 1 to 500 seats.' });
      fields.capacity = capacity;
    }
    for (const field of ['room', 'campus'] as const) {
      const text = textOf(line, field);
      if (text !== null && text.length > STREAM_LIMITS[field]) remarks.push(tooLong(field, STREAM_LIMITS[field]));
      if (text !== null) fields[field] = text;
    }
    return fields;
  }

  async write(lines: readonly LineToWrite[]): Promise<WrittenLine[]> {
    const bases = await this.basesOf(lines);
    const before = await holdRows(
      'subjects_streams',
      lines.flatMap((line) => (line.action === 'update' ? line.entityId! : [])),
    );
    const fresh: Row[] = [];
    const changed: Row[] = [];
    const written: WrittenLine[] = [];
    for (const line of lines) {
      const said = this.read(line);
      if (line.action === 'update') {
        const row = before.get(line.entityId!)!;
        changed.push({ ...row, ...asColumns(said.fields), version: Number(row.version) + 1 });
        written.push({
          n: line.n,
          action: 'update',
          entityId: line.entityId!,
          before: row,
          trace: { base: bases.get(line.entityId!) ?? [] },
        });
        continue;
      }
      const { classId, made } = await this.classOf(said);
      const id = newId();
      fresh.push({
        id,
        class_id: classId,
        name: said.streamName,
        position: line.n,
        active: true,
        capacity: null,
        class_teacher_id: null,
        room: null,
        campus: null,
        ...asColumns(said.fields),
      });
      written.push({ n: line.n, action: 'create', entityId: id, before: null, trace: made });
    }
    await insertRows('subjects_streams', fresh);
    await updateRows('subjects_streams', changed);
    return written;
  }

  override async finishWriting(): Promise<void> {
    await linkNext(this.pack);
    await super.finishWriting();
  }

  protected override async undoRest(lines: readonly WrittenLine[]): Promise<void> {
    const traces = lines.flatMap((line) =>
      (line.trace as Partial<MadeClass> | null)?.classMade ? (line.trace as MadeClass) : [],
    );
    if (traces.length === 0) return;
    const made = traces.map((one) => one.classMade);
    await unlink(
      made,
      traces.flatMap((one) => one.linked ?? []),
    );
    await deleteRows('subjects_classes', made);
  }

  private async classOf(said: Said): Promise<{ classId: string; made: MadeClass | null }> {
    const key = plain(said.level?.name ?? said.className);
    const known = said.own?.id ?? this.made.get(key);
    if (known) return { classId: known, made: null };
    const id = newId();
    this.made.set(key, id);
    const level = said.level;
    this.position += 1;
    await insertRows('subjects_classes', [
      level
        ? {
            id,
            code: level.code,
            name: level.name,
            short_name: level.code,
            level: this.pack.stages.find((stage) => stage.id === level.stage)?.kind ?? level.stage,
            position: level.order,
            ranked: level.ranked,
            active: true,
          }
        : {
            id,
            code: said.className,
            name: said.className,
            short_name: said.className.slice(0, CLASS_LIMITS.shortName),
            level: 'primary',
            position: this.position,
            ranked: true,
            active: true,
          },
    ]);
    await this.giveSubjects(id, level);
    return { classId: id, made: { classMade: id, linked: level ? await linkTo(this.pack, level, id) : [] } };
  }

  /** Subjects that the school has, and the pack gives to this class. */
  private async giveSubjects(classId: string, level: Level | null): Promise<void> {
    if (!level) return;
    const codes = this.pack.subjects.filter((one) => one.levels.includes(level.code)).map((one) => one.code);
    const own = (await this.deps.subjects.list()).filter((one) => codes.includes(one.code));
    await insertRows(
      'subjects_of_classes',
      own.map((one) => ({ id: newId(), subject_id: one.id, class_id: classId })),
    );
  }
}

function tooLong(column: string, most: number): Remark {
  return { column, severity: 'error', text: 'This is too long: at most {{most}} characters.', vars: { most } };
}

function asColumns(fields: Said['fields']): Row {
  const names = { classTeacherId: 'class_teacher_id', capacity: 'capacity', room: 'room', campus: 'campus' } as const;
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [names[field as keyof typeof names], value]));
}

/** Classes that led nowhere, because this one was not there yet, lead to it from now on. */
function linkTo(pack: CountryPack, level: Level, id: string): Promise<{ id: string; version: number }[]> {
  return query(
    'subjects.import.link-to',
    `update subjects_classes set next_class_id = $1, version = version + 1 where code = any($2::text[]) and next_class_id is null
      returning id, version - 1 as version`,
    [id, pack.levels.filter((one) => one.next === level.code).map((one) => one.code)],
  );
}

/** A class that nobody has changed since gets its former version back, as its streams do; any other has changed once more. */
async function unlink(made: readonly string[], linked: readonly { id: string; version: number }[]): Promise<void> {
  await query(
    'subjects.import.unlink',
    `update subjects_classes c set next_class_id = null,
        version = case when c.version = x.version + 1 then x.version else c.version + 1 end
      from subjects_classes o left join unnest($2::uuid[], $3::int[]) as x(id, version) on x.id = o.id
      where o.id = c.id and c.next_class_id = any($1::uuid[])`,
    [made, linked.map((one) => one.id), linked.map((one) => one.version)],
  );
}

/** A class that led nowhere, because the next one was not there yet, leads to it from now on. */
async function linkNext(pack: CountryPack): Promise<void> {
  const links = pack.levels.flatMap((level) => (level.next ? [{ from: level.code, to: level.next }] : []));
  await query(
    'subjects.import.link-next',
    `update subjects_classes c set next_class_id = n.id, version = c.version + 1
      from unnest($1::text[], $2::text[]) as x("from", "to"), subjects_classes n
      where c.code = x."from" and n.code = x."to" and c.next_class_id is null`,
    [links.map((link) => link.from), links.map((link) => link.to)],
  );
}
