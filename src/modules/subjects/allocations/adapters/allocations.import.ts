import { newId } from '../../../../kernel/id.js';
import { holdRows, insertRows, updateRows } from '../../../../platform/db/rows/row-sets.js';
import { SetRun, textOf } from '../../../../platform/records/set-run.js';
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
import type { SchoolApi } from '../../../school/index.js';
import { Spellings, streamSpellings } from '../../subjects/spellings.rules.js';
import type { Allocation } from '../allocation.rules.js';
import { subjectsOfStream, type Pathway, type Subject } from '../../subjects/subject.rules.js';
import type { ClassList, Stream } from '../../index.js';
import type { AllocationStore, ClassStore, SubjectStore } from '../../ports.js';
import { allocationColumns } from '../../classes/adapters/class-import.columns.js';
import { StaffFinder } from './staff-finder.js';

export interface AllocationImportDeps {
  school: SchoolApi;
  hr: HrApi;
  classes: ClassStore;
  subjects: SubjectStore;
  allocations: AllocationStore;
}

/** One row says who teaches a subject in a stream, from the beginning of the school year on. */
export function allocationImport(deps: AllocationImportDeps): ImportKind {
  return {
    key: 'allocations',
    label: 'Teaching allocations',
    counted: ['1 allocation', '{{n}} allocations'],
    can: 'subjects.allocate',
    home: '/subjects/allocations',
    modes: ['create', 'update', 'both'],
    keyWords: 'class, subject and teacher',
    shown: ['class', 'stream', 'subject', 'teacher', 'periods'],
    undoUntil: 'someone changes one of these allocations',
    quiet: null,
    rules: { same: { column: 'teacher', severity: 'error', when: 'same', text: 'Row {{row}} is identical.' } },
    tables: ['subjects_allocations'],
    columns: () => Promise.resolve(allocationColumns),
    population: async () => (await deps.allocations.all(await deps.school.today())).length,
    open: async (context) => new AllocationRun(context, await knownOf(context, deps)),
  };
}

interface Known {
  list: ClassList;
  subjects: readonly Subject[];
  pathways: readonly Pathway[];
  running: readonly Allocation[];
  staff: StaffFinder;
  /** First day of the school year that runs. */
  from: string;
}

async function knownOf(context: ImportContext, deps: AllocationImportDeps): Promise<Known> {
  // One after the other: an import works in one transaction, which has one connection.
  const list = await deps.classes.list();
  const subjects = await deps.subjects.list();
  const pathways = await deps.subjects.pathways();
  const running = await deps.allocations.all(context.today);
  const staff = await deps.hr.staff(context.today);
  const years = await deps.school.years();
  const year = years.find((one) => one.startsOn <= context.today && context.today <= one.endsOn);
  return { list, subjects, pathways, running, staff: new StaffFinder(staff), from: year?.startsOn ?? context.today };
}

interface Said {
  stream: Stream | null;
  subject: Subject | null;
  staffId: string | null;
  periods: number | null;
  running: Allocation | null;
  remarks: Remark[];
}

class AllocationRun extends SetRun implements KindRun {
  private readonly streams = new Spellings<Stream>();
  private readonly subjects = new Spellings<Subject>();

  constructor(
    private readonly context: ImportContext,
    private readonly known: Known,
  ) {
    super('subjects_allocations', []);
    const classes = new Map(known.list.classes.map((one) => [one.id, one]));
    for (const stream of known.list.streams.filter((one) => one.active)) {
      const { exact, loose } = streamSpellings(classes.get(stream.classId)!, stream);
      this.streams.add(stream, exact, loose);
    }
    for (const one of known.subjects.filter((each) => each.active))
      this.subjects.add(one, [one.code, one.name], [one.shortName, one.nationalCode]);
  }

  check(lines: readonly Line[]): Promise<CheckedLine[]> {
    return Promise.resolve(lines.map((line) => this.checkLine(line)));
  }

  private checkLine(line: Line): CheckedLine {
    const { stream, subject, staffId, periods, running, remarks } = this.read(line);
    if (!running && this.context.mode === 'update' && remarks.length === 0)
      remarks.push({ column: 'teacher', severity: 'error', text: 'This teacher is not allocated to this subject there.' });
    const changes = running !== null && periods !== null && periods !== running.periods;
    if (changes && this.context.mode === 'create')
      remarks.push({
        column: 'periods',
        severity: 'error',
        text: 'This teacher already has this subject there, with {{n}} lessons. Choose “Add and update” to change it.',
        vars: { n: running.periods },
      });
    return {
      action: running ? (changes ? 'update' : 'unchanged') : 'create',
      remarks,
      entityId: running?.id ?? null,
      version: null,
      marks: stream && subject && staffId ? [{ rule: 'same', value: `${stream.id} ${subject.id} ${staffId}` }] : [],
    };
  }

  private read(line: Line): Said {
    const remarks: Remark[] = [];
    const stream = this.stream(line, remarks);
    const subject = this.subject(line, stream, remarks);
    const teacher = textOf(line, 'teacher');
    const found = teacher === null ? null : this.known.staff.find('teacher', teacher);
    if (found && 'remark' in found) remarks.push(found.remark);
    const staffId = found && 'id' in found ? found.id : null;
    const periods = line.values.periods;
    if (typeof periods === 'number' && (periods < 1 || periods > 20))
      remarks.push({ column: 'periods', severity: 'error', text: 'Enter from 1 to 20 lessons a week.' });
    const running =
      this.known.running.find((one) => one.streamId === stream?.id && one.subjectId === subject?.id && one.staffId === staffId) ??
      null;
    return { stream, subject, staffId, periods: typeof periods === 'number' ? periods : null, running, remarks };
  }

  private stream(line: Line, remarks: Remark[]): Stream | null {
    const written = [textOf(line, 'class'), textOf(line, 'stream')].filter(Boolean).join(' ');
    if (written === '') return null;
    const found = this.streams.find(written);
    if (found && found !== 'several') return found;
    const text =
      found === 'several' ? '"{{value}}" may be more than one stream. Write it out.' : 'There is no stream "{{value}}".';
    remarks.push({ column: 'class', severity: 'error', text, vars: { value: written.slice(0, 40) } });
    return null;
  }

  private subject(line: Line, stream: Stream | null, remarks: Remark[]): Subject | null {
    const written = textOf(line, 'subject');
    if (written === null) return null;
    const refuse = (text: string): null => {
      remarks.push({
        column: 'subject',
        severity: 'error',
        text,
        vars: { value: written.slice(0, 40), stream: stream?.label ?? '' },
      });
      return null;
    };
    const here = stream ? subjectsOfStream(this.known.subjects, this.known.pathways, stream) : this.known.subjects;
    const found = this.subjects.find(written);
    if (found === null) return refuse('There is no subject "{{value}}".');
    if (found === 'several') return refuse('"{{value}}" may be more than one subject. Enter the code.');
    return here.some((one) => one.id === found.id)
      ? found
      : refuse('{{value}} is not taught in {{stream}}: it is not part of its class or pathway.');
  }

  async write(lines: readonly LineToWrite[]): Promise<WrittenLine[]> {
    const bases = await this.basesOf(lines);
    const before = await holdRows(
      'subjects_allocations',
      lines.flatMap((line) => (line.action === 'update' ? line.entityId! : [])),
    );
    const [fresh, changed]: [object[], object[]] = [[], []];
    const written = lines.map((line): WrittenLine => {
      const { stream, subject, staffId, periods } = this.read(line);
      if (line.action === 'update') {
        const row = before.get(line.entityId!)!;
        changed.push({ ...row, periods });
        return {
          n: line.n,
          action: 'update',
          entityId: line.entityId!,
          before: row,
          trace: { base: bases.get(line.entityId!) ?? [] },
        };
      }
      const id = newId();
      fresh.push({
        id,
        stream_id: stream!.id,
        subject_id: subject!.id,
        staff_id: staffId,
        periods: periods ?? subject!.periods ?? 5,
        from_on: this.known.from,
        to_on: null,
      });
      return { n: line.n, action: 'create', entityId: id, before: null, trace: null };
    });
    await insertRows('subjects_allocations', fresh as Record<string, unknown>[]);
    await updateRows('subjects_allocations', changed as Record<string, unknown>[]);
    return written;
  }
}
