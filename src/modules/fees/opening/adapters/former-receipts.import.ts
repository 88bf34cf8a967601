import { formatDay } from '../../../../kernel/day-words.js';
import { paperReference } from '../../../../kernel/references.js';
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
import type { FormerReceipts, FormerRow } from '../former-receipts.js';
import { WRITES } from '../../documents/document.rules.js';
import type { FormerReceipt } from '../../ports.js';
import { cellText, plainColumn, STUDENT_COLUMNS, StudentsByNumber } from './by-number.js';

const MOST = { number: 40, method: 40, payer: 100, note: 200 } as const;

const columns: Column<never>[] = [
  ...STUDENT_COLUMNS,
  plainColumn('number', 'Receipt number', 'id', {
    required: true,
    aliases: ['Receipt', 'Receipt no', 'Rcpt no', 'Rcpt', 'R/No', 'Receipt #', 'No', 'N° reçu', 'Reçu', 'Namba ya risiti'],
    example: 'R 04512',
    note: 'As written in the former system',
  }),
  plainColumn('receivedOn', 'Date', 'date', {
    required: true,
    aliases: [
      'Receipt date',
      'Date paid',
      'Paid on',
      'Payment date',
      'Date received',
      'Trans date',
      'Transaction date',
      'Tarehe',
    ],
    example: '2025-09-15',
  }),
  plainColumn('amount', 'Amount', 'money', {
    required: true,
    aliases: ['Amount paid', 'Paid', 'Sum', 'Amt', 'Total', 'Receipt amount', 'Montant', 'Kiasi'],
    example: '12500',
  }),
  plainColumn('method', 'Method', 'text', {
    aliases: [
      'Mode',
      'Mode of payment',
      'Payment mode',
      'Payment method',
      'How',
      'Paid by (mode)',
      'Pay mode',
      'Mode de paiement',
    ],
    example: 'M-Pesa',
  }),
  plainColumn('payer', 'Paid by', 'text', {
    aliases: ['Payer', 'Received from', 'Payee name', 'Depositor', 'Parent', 'Guardian'],
    example: 'Otieno Peter',
  }),
  plainColumn('note', 'Note', 'text', {
    aliases: ['Remarks', 'Narration', 'Description', 'Particulars', 'Reference', 'Ref no', 'Cheque no', 'Term'],
    example: 'Term 3, 2025',
  }),
];

/** Receipts that an earlier system wrote, one row each: to look things up by, not to count again. */
export function formerReceiptsImport(former: FormerReceipts): ImportKind {
  return {
    key: 'former-receipts',
    label: 'Receipts from the former system',
    counted: ['1 receipt', '{{n}} receipts'],
    can: WRITES,
    home: '/fees/former-receipts',
    modes: ['create'],
    keyWords: 'admission number and receipt number',
    shown: ['admissionNo', 'name', 'number', 'receivedOn', 'amount'],
    undoUntil: null,
    quiet: 'They are kept with the account as history: no balance changes, and no one is notified.',
    rules: {
      receipt: {
        column: 'number',
        severity: 'error',
        when: 'same',
        text: 'Row {{row}} has the same receipt for the same student.',
      },
    },
    tables: ['fees_former_receipts'],
    tally: '{{new}} receipts are new; {{same}} are in AIMS already.',
    columns: () => Promise.resolve(columns),
    population: () => Promise.resolve(0),
    open: async (context) => new FormerRun(context, former, await former.choices()),
  };
}

interface Read {
  row: FormerRow | null;
  remarks: Remark[];
}

class FormerRun implements KindRun {
  private readonly students: StudentsByNumber;
  private readonly booksFrom: string | null;

  constructor(
    private readonly context: ImportContext,
    private readonly former: FormerReceipts,
    { students, booksFrom }: Awaited<ReturnType<FormerReceipts['choices']>>,
  ) {
    this.students = new StudentsByNumber(students);
    this.booksFrom = booksFrom;
  }

  async check(lines: readonly Line[]): Promise<CheckedLine[]> {
    const read = lines.map((line) => this.read(line));
    const known = new Map((await this.former.known(read.flatMap(({ row }) => row ?? []))).map((one) => [keyOf(one), one]));
    return read.map(({ row, remarks }) => {
      const there = row && known.get(keyOf(row));
      if (there) remarks.push(sameReceipt(there, row) ? ALREADY : { ...DIFFERS, vars: { number: there.number } });
      return {
        action: there ? 'unchanged' : 'create',
        remarks,
        entityId: there?.id ?? null,
        version: null,
        marks: row ? [{ rule: 'receipt', value: keyOf(row) }] : [],
      };
    });
  }

  async write(lines: readonly LineToWrite[]): Promise<WrittenLine[]> {
    const kept = await this.former.keep(
      this.context.actor,
      this.context.importId,
      lines.flatMap((line) => this.read(line).row ?? []),
    );
    return kept.map(({ n, id }) => ({ n, action: 'create', entityId: id, before: null, trace: null }));
  }

  finishWriting(): Promise<void> {
    return Promise.resolve();
  }

  /** Nothing hangs on them. */
  obstacles(): Promise<string[]> {
    return Promise.resolve([]);
  }

  undo(lines: readonly WrittenLine[]): Promise<void> {
    return this.former.takeBack(lines.map((line) => line.entityId));
  }

  finishUndoing(): Promise<void> {
    return Promise.resolve();
  }

  /** The row is null where it can't be kept. */
  private read(line: Line): Read {
    const remarks: Remark[] = [];
    const refuse = (column: string, text: string, vars?: Remark['vars']): void =>
      void remarks.push({ column, severity: 'error', text, ...(vars && { vars }) });
    const found = this.students.find(line);
    if ('severity' in found) remarks.push(found);
    const number = cellText(line, 'number');
    if (number.length > MOST.number) refuse('number', 'This is too long: at most {{most}} characters.', { most: MOST.number });
    else if (number && !paperReference(number)) refuse('number', 'Enter a receipt number with letters or digits.');
    const receivedOn = cellText(line, 'receivedOn');
    if (receivedOn > this.context.today) refuse('receivedOn', 'This date is in the future.');
    else if (receivedOn && this.booksFrom && receivedOn >= this.booksFrom) {
      remarks.push({
        column: 'receivedOn',
        severity: 'warning',
        vars: { day: formatDay(this.booksFrom) },
        text: 'The books of AIMS begin on {{day}}. If this money is in AIMS too, leave the row out.',
      });
    }
    const amountMinor = Number(line.values.amount ?? 0);
    if (line.values.amount !== null && line.values.amount !== undefined && amountMinor <= 0)
      refuse('amount', 'The amount must be above zero.');
    if ('severity' in found || remarks.some((one) => one.severity === 'error') || !number || !receivedOn || amountMinor <= 0)
      return { row: null, remarks };
    const text = (key: string, most: number): string => cellText(line, key).slice(0, most);
    return {
      remarks,
      row: {
        n: line.n,
        studentId: found.id,
        number,
        receivedOn,
        amountMinor,
        method: text('method', MOST.method),
        payerName: text('payer', MOST.payer),
        note: text('note', MOST.note),
      },
    };
  }
}

const ALREADY: Remark = {
  column: 'number',
  severity: 'warning',
  text: 'This receipt is already in AIMS, so the row is skipped.',
};
const DIFFERS = {
  column: 'number',
  severity: 'error',
  text: 'Receipt {{number}} of this student and day is in AIMS already, with another amount.',
} as const;

function keyOf({ studentId, number, receivedOn }: Pick<FormerReceipt, 'studentId' | 'number' | 'receivedOn'>): string {
  return [studentId, paperReference(number), receivedOn].join(' ');
}

function sameReceipt(one: FormerReceipt, other: FormerRow): boolean {
  return one.amountMinor === other.amountMinor;
}
