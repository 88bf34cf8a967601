import { newId } from '../../../../kernel/id.js';
import { fold } from '../../../../kernel/people/names.js';
import { deleteRows, holdRows, insertRows, updateRows } from '../../../../platform/db/rows/row-sets.js';
import { SetRun, textOf } from '../../../../platform/records/set-run.js';
import type { Row } from '../../../../platform/db/rows/rows.js';
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
import { classSpellings, Spellings } from '../spellings.rules.js';
import { SUBJECT_CODE, SUBJECT_LIMITS } from '../../limits.rules.js';
import type { Subject } from '../subject.rules.js';
import type { SchoolClass } from '../../index.js';
import type { ClassStore, SubjectStore } from '../../ports.js';
import { subjectColumns } from '../../classes/adapters/class-import.columns.js';

export interface SubjectImportDeps {
  classes: ClassStore;
  subjects: SubjectStore;
}

/** One row is one subject, found by its code, else by its name. */
export function subjectImport(deps: SubjectImportDeps): ImportKind {
  return {
    key: 'subjects',
    label: 'Subjects',
    counted: ['1 subject', '{{n}} subjects'],
    can: 'subjects.change',
    home: '/subjects',
    modes: ['create', 'update', 'both'],
    keyWords: 'code, or name where there is none',
    shown: ['code', 'name', 'kind', 'classes'],
    undoUntil: 'someone teaches or takes one of these subjects',
    quiet: null,
    rules: {
      code: { column: 'code', severity: 'error', when: 'same', text: 'Row {{row}} has the same code.' },
      name: { column: 'name', severity: 'error', when: 'same', text: 'Row {{row}} has the same subject.' },
    },
    tables: ['subjects', 'subjects_of_classes'],
    columns: () => Promise.resolve(subjectColumns),
    population: async () => (await deps.subjects.list()).filter((one) => one.active).length,
    open: async (context) => new SubjectRun(context, await deps.subjects.list(), (await deps.classes.list()).classes),
  };
}

interface Said {
  subject: Subject | null;
  fields: Partial<Pick<Subject, 'name' | 'shortName' | 'department' | 'kind' | 'periods'>>;
  code: string | null;
  classIds: string[];
  remarks: Remark[];
}

const LONGEST = {
  code: SUBJECT_LIMITS.code,
  name: SUBJECT_LIMITS.name,
  short_name: SUBJECT_LIMITS.shortName,
  department: SUBJECT_LIMITS.department,
} as const;

class SubjectRun extends SetRun implements KindRun {
  private readonly classes = new Spellings<SchoolClass>();
  private readonly codes: Set<string>;
  private position: number;

  constructor(
    private readonly context: ImportContext,
    private readonly list: readonly Subject[],
    classes: readonly SchoolClass[],
  ) {
    super('subjects', ['subjects.subjects']);
    for (const one of classes) this.classes.add(one, classSpellings(one).exact, classSpellings(one).loose);
    this.codes = new Set(list.map((one) => one.code));
    this.position = Math.max(0, ...list.map((one) => one.position));
  }

  check(lines: readonly Line[]): Promise<CheckedLine[]> {
    return Promise.resolve(lines.map((line) => this.checkLine(line)));
  }

  private checkLine(line: Line): CheckedLine {
    const { subject, fields, code, classIds, remarks } = this.read(line);
    if (!subject && this.context.mode === 'update')
      remarks.push({ column: 'code', severity: 'error', text: 'The school has no subject with this code.' });
    const changes =
      subject !== null &&
      (classIds.some((id) => !subject.classIds.includes(id)) ||
        Object.entries(fields).some(([field, value]) => subject[field as keyof Subject] !== value));
    if (changes && this.context.mode === 'create') {
      remarks.push({
        column: 'name',
        severity: 'error',
        text: '{{name}} already exists with different details. Choose “Add and update” to change it.',
        vars: { name: subject.name },
      });
    }
    const name = textOf(line, 'name');
    return {
      action: subject ? (changes ? 'update' : 'unchanged') : 'create',
      remarks,
      entityId: subject?.id ?? null,
      version: null,
      marks: [...(code ? [{ rule: 'code', value: code }] : []), ...(name && !code ? [{ rule: 'name', value: fold(name) }] : [])],
    };
  }

  private read(line: Line): Said {
    const remarks: Remark[] = [];
    for (const [column, most] of Object.entries(LONGEST)) {
      if ((textOf(line, column) ?? '').length > most)
        remarks.push({ column, severity: 'error', text: 'This is too long: at most {{most}} characters.', vars: { most } });
    }
    const [code, name] = [textOf(line, 'code'), textOf(line, 'name')];
    if (code !== null && !SUBJECT_CODE.test(code))
      remarks.push({ column: 'code', severity: 'error', text: 'A code has letters and digits only, such as MAT.' });
    const subject =
      this.list.find((one) =>
        code ? one.code.toLowerCase() === code.toLowerCase() : name !== null && fold(one.name) === fold(name),
      ) ?? null;
    const periods = line.values.periods;
    if (typeof periods === 'number' && (periods < 1 || periods > 20))
      remarks.push({ column: 'periods', severity: 'error', text: 'Enter from 1 to 20 lessons a week.' });
    const fields = Object.fromEntries(
      Object.entries({
        name,
        shortName: textOf(line, 'short_name'),
        department: textOf(line, 'department'),
        kind: textOf(line, 'kind'),
        periods,
      }).filter(([, value]) => value != null),
    ) as Said['fields'];
    return { subject, fields, code, classIds: this.classIds(line, remarks), remarks };
  }

  private classIds(line: Line, remarks: Remark[]): string[] {
    const names = (textOf(line, 'classes') ?? '')
      .split(/[,;]/)
      .map((text) => text.trim())
      .filter(Boolean);
    return names.flatMap((name) => {
      const found = this.classes.find(name);
      if (found && found !== 'several') return [found.id];
      remarks.push({
        column: 'classes',
        severity: 'error',
        text: 'There is no class "{{value}}".',
        vars: { value: name.slice(0, 40) },
      });
      return [];
    });
  }

  async write(lines: readonly LineToWrite[]): Promise<WrittenLine[]> {
    const bases = await this.basesOf(lines);
    const before = await holdRows(
      'subjects',
      lines.flatMap((line) => (line.action === 'update' ? line.entityId! : [])),
    );
    const [fresh, changed, links]: [Row[], Row[], Row[]] = [[], [], []];
    const written = lines.map((line): WrittenLine => {
      const said = this.read(line);
      const row = line.entityId ? before.get(line.entityId)! : this.fresh(said);
      const own = said.classIds
        .filter((id) => !said.subject?.classIds.includes(id))
        .map((classId) => ({ id: newId(), subject_id: row.id, class_id: classId }));
      links.push(...own);
      if (line.action === 'create') fresh.push(row);
      else changed.push({ ...row, ...asColumns(said.fields), version: Number(row.version) + 1 });
      return {
        n: line.n,
        action: line.action,
        entityId: row.id as string,
        before: line.action === 'update' ? row : null,
        trace: {
          ...(own.length > 0 && { links: own.map((link) => link.id) }),
          ...(line.entityId && { base: bases.get(line.entityId) ?? [] }),
        },
      };
    });
    await insertRows('subjects', fresh);
    await updateRows('subjects', changed);
    await insertRows('subjects_of_classes', links);
    return written;
  }

  protected override undoRest(lines: readonly WrittenLine[]): Promise<void> {
    return deleteRows(
      'subjects_of_classes',
      lines.flatMap((line) => (line.trace as { links?: string[] } | null)?.links ?? []),
    );
  }

  private fresh({ fields, code }: Said): Row {
    const name = fields.name!;
    const given = code ?? this.freeCode(name);
    this.codes.add(given);
    this.position += 1;
    return {
      id: newId(),
      code: given,
      national_code: null,
      choice: null,
      practical: false,
      papers: 1,
      active: true,
      position: this.position,
      name,
      short_name: fields.shortName ?? name.slice(0, SUBJECT_LIMITS.shortName),
      department: fields.department ?? 'General',
      kind: fields.kind ?? 'compulsory',
      periods: fields.periods ?? null,
    };
  }

  /** `MAT`, `MATH`, `MATHE` … and then with a number. */
  private freeCode(name: string): string {
    const letters =
      fold(name)
        .replace(/[^a-z0-9]/g, '')
        .toUpperCase() || 'SUB';
    for (let length = Math.min(3, letters.length); length <= Math.min(letters.length, 8); length += 1)
      if (!this.codes.has(letters.slice(0, length))) return letters.slice(0, length);
    for (let number = 2; ; number += 1)
      if (!this.codes.has(`${letters.slice(0, 6)}${number}`)) return `${letters.slice(0, 6)}${number}`;
  }
}

function asColumns(fields: Said['fields']): Row {
  const { shortName, ...rest } = fields;
  return { ...rest, ...(shortName !== undefined && { short_name: shortName }) };
}
