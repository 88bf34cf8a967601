import type { Answers, CellValue, Line, Question, Remark } from '../../../imports/index.js';
import { NAME_ORDERS, splitGiven, splitName, type NameOrder } from '../full-name.rules.js';

/** The question about the order of names. */
export const NAMES = 'names';
export const FULL_NAME = 'full_name';
/** What a full name is split into. */
export const NAME_PARTS = ['surname', 'first_name', 'middle_name'] as const;
const EXAMPLES = 4;

export function orderOf(answers: Answers): NameOrder {
  return NAME_ORDERS.find((one) => one === answers[NAMES]) ?? 'surname-last';
}

export interface NamedLine {
  line: Line;
  /** What stands in the row's own columns from now on. */
  ready: Readonly<Record<string, CellValue>> | null;
  remarks: Remark[];
}

/** Fills the columns of a child's name where the file has the whole of it, or all given names, in one. */
export class NameSplitter {
  private readonly seen: string[] = [];

  constructor(
    private readonly headings: ReadonlyMap<string, string>,
    private readonly order: NameOrder,
  ) {}

  split(line: Line): NamedLine {
    const full = text(line, FULL_NAME);
    if (full !== null && text(line, 'surname') === null) return this.whole(line, full);
    const others = this.headings.has('first_name') || text(line, 'first_name') !== null ? null : text(line, 'middle_name');
    if (others === null || text(line, 'surname') === null) return { line, ready: null, remarks: [] };
    const { firstName, middleName } = splitGiven(others);
    return filled(line, { first_name: firstName, middle_name: middleName }, []);
  }

  /** Shown whenever names are in one column; nobody has to answer it. */
  questions(): Question[] {
    if (this.seen.length === 0) return [];
    const examples = (order: NameOrder) =>
      this.seen.map((from) => {
        const { surname, firstName, middleName } = splitName(from, order);
        return { from, to: `${surname} · ${[firstName, middleName].filter(Boolean).join(' ')}` };
      });
    return [
      {
        key: NAMES,
        needed: false,
        standing: this.order,
        text: 'The names are in one column, “{{heading}}”. Which part is the surname? Names with a comma, or with the surname in capitals, are read accordingly.',
        vars: { heading: this.headings.get(FULL_NAME) ?? '' },
        choices: [
          { value: 'surname-last', label: 'The last one', examples: examples('surname-last') },
          { value: 'surname-first', label: 'The first one', examples: examples('surname-first') },
        ],
      },
    ];
  }

  private whole(line: Line, full: string): NamedLine {
    const { surname, firstName, middleName, sure, look } = splitName(full, this.order);
    if (!sure && this.seen.length < EXAMPLES && !this.seen.includes(full)) this.seen.push(full);
    const remarks: Remark[] = [];
    const warn = (words: string, vars: Record<string, string>): void =>
      void remarks.push({ column: FULL_NAME, severity: 'warning', text: words, vars });
    if (look === 'one') warn('“{{name}}” is one name only. It is taken as the surname.', { name: shown(full) });
    if (look === 'many')
      warn('“{{name}}” has many parts. “{{surname}}” is taken as the surname, “{{first}}” as the first name.', {
        name: shown(full),
        surname: shown(surname),
        first: shown(firstName),
      });
    return filled(line, { surname, first_name: firstName, middle_name: middleName }, remarks);
  }
}

function filled(line: Line, ready: Record<string, CellValue>, remarks: Remark[]): NamedLine {
  return { line: { ...line, values: { ...line.values, ...ready } }, ready, remarks };
}

function text(line: Line, column: string): string | null {
  const value = line.values[column] ?? null;
  return value === null ? null : String(value);
}

function shown(name: string): string {
  return name.slice(0, 40);
}
