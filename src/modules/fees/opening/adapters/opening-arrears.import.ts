import { formatMonth } from '../../../../kernel/day-words.js';
import type { Column } from '../../../../platform/sheets/columns.js';
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
import type { OpeningArrears, OpeningRow, OpeningWritten } from '../opening-arrears.js';
import { WRITES } from '../../documents/document.rules.js';
import type { VoteHead } from '../../structures/vote-head.rules.js';
import { cellText, plainColumn, STUDENT_COLUMNS, StudentsByNumber } from './by-number.js';

const columns: Column<never>[] = [
  ...STUDENT_COLUMNS,
  plainColumn('head', 'Vote head', 'text', {
    aliases: ['Head', 'Item', 'Account', 'Fee'],
    example: 'TUI',
    note: 'Code or name; empty for the whole balance',
  }),
  plainColumn('amount', 'Amount', 'money', {
    required: true,
    aliases: [
      'Balance',
      'Arrears',
      'Balance b/f',
      'Bal b/f',
      'Bal',
      'Bal bf',
      'Balance brought forward',
      'Fee balance',
      'Fees balance',
      'Fee bal',
      'Fee arrears',
      'Fees arrears',
      'Outstanding',
      'Outstanding balance',
      'Outstanding fees',
      'Amount owed',
      'Amount due',
      'Owing',
      'Closing balance',
      'Solde',
      'Reste à payer',
      'Salio',
    ],
    example: '12500',
    note: 'Below zero for credit (paid in advance)',
  }),
  plainColumn('dueOn', 'Due on', 'date', {
    aliases: ['Due date', 'Date', 'Due'],
    example: '2025-09-15',
    note: 'Empty for the first day of the accounts',
  }),
  plainColumn('note', 'Note', 'text', { aliases: ['Remarks', 'Term', 'Description'], example: 'Term 3, 2025' }),
];

/** What each child owed, or had paid ahead, when the books of the school began. */
export function openingArrearsImport(opening: OpeningArrears): ImportKind {
  return {
    key: 'opening-arrears',
    label: 'Opening balances of students',
    counted: ['1 balance', '{{n}} balances'],
    can: WRITES,
    home: '/fees/invoices?kind=opening',
    modes: ['create'],
    keyWords: 'admission number',
    shown: ['admissionNo', 'name', 'amount'],
    undoUntil: 'one of these balances is corrected or reversed',
    quiet: 'No one is notified.',
    rules: {
      balance: {
        column: 'admissionNo',
        severity: 'error',
        when: 'same',
        text: 'Row {{row}} has the same student, vote head and day.',
      },
    },
    tables: ['fees_invoices', 'fees_payments', 'finance_entries', 'finance_lines'],
    columns: () => Promise.resolve(columns),
    population: () => Promise.resolve(0),
    open: async (context) => new ArrearsRun(context, opening, await opening.choices()),
  };
}

class ArrearsRun implements KindRun {
  private readonly students: StudentsByNumber;
  private readonly heads = new Map<string, VoteHead>();

  constructor(
    private readonly context: ImportContext,
    private readonly opening: OpeningArrears,
    private readonly choices: Awaited<ReturnType<OpeningArrears['choices']>>,
  ) {
    this.students = new StudentsByNumber(choices.students);
    for (const head of choices.heads) for (const name of [head.name, head.code]) this.heads.set(name.toLowerCase(), head);
  }

  async check(lines: readonly Line[]): Promise<CheckedLine[]> {
    const read = lines.map((line) => this.read(line));
    const there = await this.opening.there(
      read.flatMap(({ row }) => (row ? [row.student.id] : [])),
      this.context.importId,
    );
    return read.map(({ row, amountMinor, remarks }) => {
      if (!this.choices.open)
        remarks.push({
          column: null,
          severity: 'error',
          text: 'The school’s books are not open yet. Open them under Finance first.',
        });
      if (this.choices.closedMonth)
        remarks.push({
          column: null,
          severity: 'error',
          text: 'The books begin in {{month}}, which is closed. Opening balances are dated in that month, so reopen it first.',
          vars: { month: formatMonth(this.choices.closedMonth) },
        });
      if (row && there.has(row.student.id))
        remarks.push({
          column: 'admissionNo',
          severity: 'error',
          text: 'This student already has an opening balance. Undo the earlier import first.',
        });
      const marks = row ? [{ rule: 'balance', value: [row.student.id, row.headId, row.dueOn].join(' ') }] : [];
      return {
        action: amountMinor === 0 ? 'unchanged' : 'create',
        remarks,
        entityId: row?.student.id ?? null,
        version: null,
        marks,
      };
    });
  }

  async write(lines: readonly LineToWrite[]): Promise<WrittenLine[]> {
    const rows = lines.flatMap((line) => {
      const { row } = this.read(line);
      return row ? [row] : [];
    });
    const written = await this.opening.book(this.context.actor, this.context.importId, rows);
    return written.map(({ n, id, kind }) => ({ n, action: 'create', entityId: id, before: null, trace: { kind } }));
  }

  finishWriting(): Promise<void> {
    return Promise.resolve();
  }

  async obstacles(lines: readonly WrittenLine[]): Promise<string[]> {
    const touched = await this.opening.touched(
      madeBy(lines)
        .filter((one) => one.kind === 'document')
        .map((one) => one.id),
    );
    return touched === 0
      ? []
      : [
          touched === 1
            ? 'One of these balances has been corrected or reversed since.'
            : `${touched} of these balances have been corrected or reversed since.`,
        ];
  }

  undo(lines: readonly WrittenLine[]): Promise<void> {
    return this.opening.takeBack(this.context.actor, madeBy(lines));
  }

  finishUndoing(): Promise<void> {
    return Promise.resolve();
  }

  /** The row is null where the student or the head isn't known. */
  private read(line: Line): { row: OpeningRow | null; amountMinor: number; remarks: Remark[] } {
    const remarks: Remark[] = [];
    const text = (key: string): string => cellText(line, key);
    const student = this.students.find(line);
    if ('severity' in student) remarks.push(student);
    const named = text('head');
    const head = named ? this.heads.get(named.toLowerCase()) : null;
    if (head === undefined)
      remarks.push({
        column: 'head',
        severity: 'error',
        text: 'There is no vote head “{{value}}”.',
        vars: { value: named.slice(0, 30) },
      });
    const amountMinor = Number(line.values.amount ?? 0);
    if (amountMinor === 0)
      remarks.push({ column: 'amount', severity: 'warning', text: 'Nothing is owed: this row will be skipped.' });
    if (amountMinor < 0 && (named || text('dueOn')))
      remarks.push({
        column: 'amount',
        severity: 'warning',
        text: 'Money paid in advance is the student’s credit: vote head and date are ignored.',
      });
    const dueOn = text('dueOn') || null;
    if (head === undefined || 'severity' in student) return { row: null, amountMinor, remarks };
    return {
      row: { n: line.n, student, headId: head?.id ?? null, amountMinor, dueOn, note: text('note').slice(0, 200) },
      amountMinor,
      remarks,
    };
  }
}

function madeBy(lines: readonly WrittenLine[]): Omit<OpeningWritten, 'n'>[] {
  return lines.map(({ entityId, trace }) => ({ id: entityId, kind: (trace as Pick<OpeningWritten, 'kind'>).kind }));
}
