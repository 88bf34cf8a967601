import { formatDay } from '../../../../kernel/day-words.js';
import type { AcademicYear } from '../../../../kernel/school-calendar.js';
import type { Line as Row, Remark } from '../../../imports/index.js';
import type { ExitReason } from '../../enrolments/enrolment.rules.js';
import { plainNumber } from '../../register/student.rules.js';
import type { NumberOwner } from '../../importing/adapters/lookups.js';
import type { FoundPlace, Places } from '../../importing/adapters/places.js';
import type { Unknowns } from '../../importing/adapters/makes.js';
import { startOf, yearCalled } from './years.js';

/** What the school has, as rows about former classes refer to it. */
export interface FormerReference {
  years: readonly AcademicYear[];
  currentYear: AcademicYear | null;
  /** Its school years run over two calendar years. */
  spansTwoYears: boolean;
  places: Places;
  unknowns: Unknowns;
  /** Calendar years in which school years begin that the school doesn't have. */
  missingYears: Set<number>;
}

export interface FormerPlace extends FoundPlace {
  studentId: string;
  year: AcademicYear;
  enteredOn: string;
  leftOn: string;
  exitReason: ExitReason;
  note: string | null;
}

export interface ReadRow {
  studentId: string | null;
  place: FormerPlace | null;
  /** The row is about the running year. */
  present: FoundPlace | null;
  remarks: Remark[];
}

const MOST_NOTE = 200;
/** So far back a former year may lie. */
const OLDEST = 30;

/** Reads one row; `owners` by their plain number. */
export function readFormer({ values }: Row, owners: ReadonlyMap<string, NumberOwner>, ref: FormerReference): ReadRow {
  const remarks: Remark[] = [];
  const text = (key: string): string => String(values[key] ?? '').trim();
  const refuse = (column: string, sentence: string, vars?: Remark['vars']): void =>
    void remarks.push({ column, severity: 'error', text: sentence, ...(vars && { vars }) });
  const student = studentOf(text('admission_no'), owners, refuse);
  const { year, isPresent } = yearOf(text('year'), ref, refuse);
  const notes = text('note') ? [text('note')] : [];
  const found = placeOf(text('class'), text('stream') || null, ref, {
    refuse,
    warn: (warning) => void remarks.push(warning),
    notes,
  });
  const read = { studentId: student, place: null, present: isPresent ? found : null, remarks };
  if (!year || isPresent || !student || !found) return read;
  const enteredOn = text('from') || year.startsOn;
  const leftOn = text('to') || year.endsOn;
  if (leftOn < enteredOn) refuse('to', 'The last day is before the first.');
  else if (enteredOn > year.endsOn || leftOn < year.startsOn) {
    refuse(enteredOn > year.endsOn ? 'from' : 'to', 'These days are not in the year {{year}}, from {{from}} to {{to}}.', {
      year: year.name,
      from: formatDay(year.startsOn),
      to: formatDay(year.endsOn),
    });
  }
  const exitReason = (text('outcome') || 'ended') as ExitReason;
  const note = notes.join('; ').slice(0, MOST_NOTE) || null;
  return { ...read, place: { ...found, studentId: student, year, enteredOn, leftOn, exitReason, note } };
}

type Refuse = (column: string, sentence: string, vars?: Remark['vars']) => void;

function studentOf(number: string, owners: ReadonlyMap<string, NumberOwner>, refuse: Refuse): string | null {
  const owner = owners.get(number) ?? owners.get(plainNumber(number));
  if (owner && !owner.putAside) return owner.id;
  if (owner) refuse('admission_no', 'This number belongs to an archived student. Restore that student, or use another number.');
  else if (number) refuse('admission_no', 'No student has the admission number {{number}}.', { number: number.slice(0, 20) });
  return null;
}

function yearOf(
  written: string,
  { years, currentYear, spansTwoYears, missingYears }: FormerReference,
  refuse: Refuse,
): { year: AcademicYear | null; isPresent: boolean } {
  const start = startOf(written, spansTwoYears);
  const year = yearCalled(years, written, start);
  if (!written) return { year: null, isPresent: false };
  if (!currentYear) refuse('year', 'The school has no academic year yet. Add it under Settings first.');
  else if (!year && start === null)
    refuse('year', spansTwoYears ? 'Enter the school year as 2023/2024.' : 'Enter the school year as 2024.');
  else if (!year) {
    const now = Number(currentYear.startsOn.slice(0, 4));
    if (start! >= now || start! < now - OLDEST)
      refuse('year', '{{value}} is not a former year of this school.', { value: written.slice(0, 20) });
    else {
      missingYears.add(start!);
      refuse(
        'year',
        'The school has no year {{value}} yet. Someone who may change school years can add it under Settings, or when they upload this list.',
        { value: written.slice(0, 20) },
      );
    }
  } else if (year.startsOn > currentYear.startsOn)
    refuse('year', '{{value}} is not a former year of this school.', { value: year.name });
  return { year, isPresent: year !== null && year.id === currentYear?.id };
}

interface Says {
  refuse: Refuse;
  warn(warning: Remark): void;
  /** What is kept of the row in words. */
  notes: string[];
}

/** A stream that is no more is kept by its name. */
function placeOf(
  className: string,
  stream: string | null,
  { places, unknowns }: FormerReference,
  { refuse, warn, notes }: Says,
): FoundPlace | null {
  if (!className) return null;
  const answer = places.find(className, stream);
  if ('place' in answer) return answer.place;
  const vars = { value: answer.written.slice(0, 40) };
  const alone = places.classOf(className);
  if (answer.wrong === 'unknown' && alone) {
    warn({
      column: stream ? 'stream' : 'class',
      severity: 'warning',
      text: 'The school no longer has “{{value}}”: the class is recorded without a stream, and the name is kept in the note.',
      vars,
    });
    notes.push(answer.written);
    return { classId: alone, streamId: null };
  }
  if (answer.wrong === 'unknown') unknowns.place(className);
  refuse(
    'class',
    answer.wrong === 'ambiguous'
      ? '"{{value}}" may be more than one class. Write it out.'
      : 'There is no class "{{value}}". Add it under Classes first; it can be switched off afterwards.',
    vars,
  );
  return null;
}
