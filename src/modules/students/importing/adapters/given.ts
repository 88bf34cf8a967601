import { fold } from '../../../../kernel/people/names.js';
import type { CellValue, Line, Remark } from '../../../imports/index.js';
import type { ConsentPurpose } from '../../guardians/consent.rules.js';
import { readValue, type CustomValue, type CustomValues } from '../../custom-fields/custom-field.rules.js';
import type { Relationship } from '../../guardians/guardian.rules.js';
import type { Status } from '../../enrolments/life-cycle.rules.js';
import { GUARDIAN_LIMITS, IDENTIFIER_LIMIT, STUDENT_LIMITS } from '../../register/limits.rules.js';
import type { GuardianDetails, TieDetails } from '../../guardians/guardians.js';
import type { AssignmentKind, Identifier } from '../../ports.js';
import { consentKey, customKey, guardianKey } from './columns.js';
import type { GivenDetails } from './details.js';
import type { FoundPlace } from './places.js';
import type { Reference } from './reference.js';

export interface GivenGuardian {
  number: number;
  /** Known by its id, from another module; files don't say it. */
  id: string | null;
  fullName: string;
  details: Partial<Omit<GuardianDetails, 'fullName'>>;
  tie: Partial<Omit<TieDetails, 'priority'>>;
  /** What the person is when the sheet doesn't say. */
  otherwise: Relationship;
  /** The sheet has no name for this person; the full name says whose guardian it is. */
  unnamed?: true;
}

/** Whom a row names, as the rule about people asks for it. */
export function saidOf({ fullName, tie, otherwise }: GivenGuardian): { fullName: string; relationship: Relationship } {
  return { fullName, relationship: tie.relationship ?? otherwise };
}

/** What one row says. What it doesn't say is not there. */
export interface Given {
  admissionNo: string | null;
  paymentNo: string | null;
  details: GivenDetails;
  status: Status | null;
  statusOn: string | null;
  place: FoundPlace | null;
  placedSince: string | null;
  /** Since when the child boards, or no longer does. */
  boardingSince: string | null;
  identifiers: Identifier[];
  assignments: { kind: AssignmentKind; itemId: string; detail: string | null }[];
  consents: { purpose: ConsentPurpose; given: boolean }[];
  guardians: GivenGuardian[];
  custom: CustomValues;
  remarks: Remark[];
}

/** Reads one row against what the school has. */
export function readGiven({ values }: Line, ref: Reference): Given {
  const reader = new RowReader(values, ref);
  return reader.read();
}

const LOOKS_WRONG = '{{head}} "{{value}}" doesn’t look right. Please check it.';

class RowReader {
  private readonly remarks: Remark[] = [];

  constructor(
    private readonly values: Line['values'],
    private readonly ref: Reference,
  ) {}

  read(): Given {
    return {
      admissionNo: this.number(
        'admission_no',
        STUDENT_LIMITS.admissionNo,
        /^[\w/.\- ]+$/,
        'An admission number has letters, digits, / . and - only, and at most 20 of them.',
      ),
      paymentNo: this.number(
        'payment_no',
        STUDENT_LIMITS.paymentNo,
        /^[A-Z0-9]+$/,
        'A payment number has capital letters and digits only, and at most 12 of them.',
      ),
      details: this.details(),
      status: this.text('status') as Status | null,
      statusOn: this.pastDay('status_on', 'Status since'),
      place: this.place(),
      placedSince: this.text('class_since'),
      boardingSince: this.pastDay('boarding_since', 'Boarding since'),
      identifiers: this.identifiers(),
      assignments: this.assignments(),
      consents: this.ref.said.consents.flatMap((purpose) => {
        const given = this.value(consentKey(purpose));
        return typeof given === 'boolean' ? [{ purpose, given }] : [];
      }),
      guardians: this.ref.said.guardians.map((number) => this.guardian(number)).filter((one) => one !== null),
      custom: this.custom(),
      remarks: this.remarks,
    };
  }

  private value(column: string): CellValue {
    return this.values[column] ?? null;
  }

  private text(column: string): string | null {
    const value = this.value(column);
    return value === null ? null : String(value);
  }

  private error(column: string | null, text: string, vars?: Remark['vars']): void {
    this.remarks.push({ column, severity: 'error', text, ...(vars && { vars }) });
  }

  private warn(column: string | null, text: string, vars?: Remark['vars']): void {
    this.remarks.push({ column, severity: 'warning', text, ...(vars && { vars }) });
  }

  private number(column: string, most: number, pattern: RegExp, text: string): string | null {
    const value = this.text(column);
    if (value !== null && (value.length > most || !pattern.test(value))) this.error(column, text);
    return value;
  }

  private details(): GivenDetails {
    const details: Record<string, CellValue> = {};
    for (const { column, field, head, most, pattern, text } of this.ref.said.details) {
      const value = this.text(column);
      if (value === null) continue;
      details[field] = value;
      if (value === '') continue;
      if (most && value.length > most) this.error(column, '{{head}} is too long: at most {{most}} characters.', { head, most });
      else if (pattern && !pattern.test(value)) this.error(column, text!, { head, value: value.slice(0, 40) });
    }
    const certificate = details.birthCertificateNo;
    if (typeof certificate === 'string' && this.ref.certificate && !this.ref.certificate.test(certificate.replace(/\s/g, ''))) {
      this.warn('birth_certificate_no', LOOKS_WRONG, { head: 'Birth certificate number', value: certificate.slice(0, 40) });
    }
    if (typeof details.bornOn === 'string' && details.bornOn >= this.ref.today)
      this.error('born_on', 'The date of birth must be before today.');
    return details as GivenDetails;
  }

  private pastDay(column: string, head: string): string | null {
    const day = this.text(column);
    if (day !== null && day > this.ref.today) this.error(column, '{{head}} is in the future.', { head });
    return day;
  }

  /** Many sheets call the column `Stream` and write the whole class into it. */
  private place(): FoundPlace | null {
    const [written, stream] = [this.text('class'), this.text('stream')];
    if (written === null && stream === null) return null;
    const column = written === null ? 'stream' : 'class';
    const answer = written === null ? this.ref.places.find(stream!, null) : this.ref.places.find(written, stream);
    if ('place' in answer) {
      if (answer.streamless)
        this.warn(column, 'The class has several streams but none is named; the student will have no stream.');
      return answer.place;
    }
    const vars = { value: answer.written.slice(0, 40), streams: answer.streams.join(', ') };
    if (answer.wrong === 'unknown') this.ref.unknowns.place(answer.written);
    if (answer.wrong === 'ambiguous') this.error(column, '"{{value}}" may be more than one class. Write it out.', vars);
    else if (answer.streams.length > 0) this.error(column, 'There is no class "{{value}}". There are {{streams}}.', vars);
    else this.error(column, 'There is no class "{{value}}".', vars);
    return null;
  }

  private identifiers(): Identifier[] {
    return this.ref.identifiers.flatMap(({ key, column, label, test }) => {
      const value = this.text(column);
      if (value === null) return [];
      if (value.length > IDENTIFIER_LIMIT)
        this.error(column, '{{head}} is too long: at most {{most}} characters.', { head: label, most: IDENTIFIER_LIMIT });
      else if (test && !test.test(value.replace(/\s/g, '')))
        this.warn(column, LOOKS_WRONG, { head: label, value: value.slice(0, 40) });
      return [{ type: key, value }];
    });
  }

  private assignments(): Given['assignments'] {
    return this.ref.said.assignments.flatMap(({ kind, key, detailKey }) => {
      const name = this.text(key);
      const detail = detailKey ? this.text(detailKey) : null;
      if (name === null) {
        if (detail !== null) this.error(detailKey, 'Enter the dormitory or route that this bed or stop belongs to.');
        return [];
      }
      const itemId = this.ref.lists[kind].get(fold(name));
      if (!itemId) {
        this.ref.unknowns.item(kind, name);
        this.error(key, 'There is no "{{value}}" in the school’s list. Add it under Settings, or correct it.', {
          value: name.slice(0, 40),
        });
        return [];
      }
      return [{ kind, itemId, detail }];
    });
  }

  /** The school's own fields; what is required and missing is a warning, so that old lists come in. */
  private custom(): CustomValues {
    const values: Record<string, CustomValue> = {};
    for (const field of this.ref.customFields) {
      const column = customKey(field.key);
      const read = readValue(field, this.value(column));
      if ('problem' in read)
        this.error(column, '{{head}} "{{value}}" does not fit: {{problem}}.', {
          head: field.label,
          value: (this.text(column) ?? '').slice(0, 40),
          problem: read.problem,
        });
      else if (read.value !== null) values[field.key] = read.value;
    }
    return values;
  }

  private guardian(number: number): GivenGuardian | null {
    const key = (field: string): string => guardianKey(number, field);
    const text = (field: string): string | null => this.text(key(field));
    const flag = (field: string): boolean | null => this.value(key(field)) as boolean | null;
    const details = {
      phone: text('phone'),
      otherPhone: text('other_phone'),
      email: text('email'),
      nationalId: this.short(key('id_no'), GUARDIAN_LIMITS.nationalId),
      occupation: this.short(key('occupation'), GUARDIAN_LIMITS.occupation),
      address: this.short(key('address'), GUARDIAN_LIMITS.address),
      language: this.short(key('language'), GUARDIAN_LIMITS.language),
    };
    const tie = {
      relationship: text('relationship'),
      livesWith: flag('lives_with'),
      paysFees: flag('pays_fees'),
      getsSms: flag('gets_sms'),
      getsReports: flag('gets_reports'),
      mayCollect: flag('may_collect'),
      barred: flag('barred'),
      barredReason: this.short(key('barred_reason'), GUARDIAN_LIMITS.barredReason),
    };
    const fullName = this.short(key('name'), GUARDIAN_LIMITS.fullName);
    if (fullName === null) return this.unnamed(number, details, tie);
    if (fullName.length < 2) this.error(key('name'), 'Guardian {{number}} needs a full name.', { number });
    return {
      number,
      id: text('ref'),
      fullName,
      details: said(details),
      tie: said(tie) as GivenGuardian['tie'],
      otherwise: this.ref.relationships[number - 1]!,
    };
  }

  /** Somebody who can be reached is a guardian also without a name; more about nobody is a mistake. */
  private unnamed(number: number, details: Record<string, string | null>, tie: object): GivenGuardian | null {
    const column = guardianKey(number, 'name');
    if (Object.values(details).every((value) => value === null)) return null;
    const child = [this.text('first_name'), this.text('surname')].filter(Boolean).join(' ') || this.text('admission_no');
    if (!child || !(details.phone ?? details.otherPhone ?? details.email)) {
      this.error(column, 'Guardian {{number}} has no name.', { number });
      return null;
    }
    const fullName = `Guardian of ${child}`.slice(0, GUARDIAN_LIMITS.fullName);
    this.warn(column, 'Guardian {{number}} has no name and will be called “{{name}}” until one is entered.', {
      number,
      name: fullName,
    });
    return {
      number,
      id: null,
      fullName,
      details: said(details),
      tie: said(tie) as GivenGuardian['tie'],
      otherwise: this.ref.relationships[number - 1]!,
      unnamed: true,
    };
  }

  private short(column: string, most: number): string | null {
    const value = this.text(column);
    if (value !== null && value.length > most) this.error(column, 'This is too long: at most {{most}} characters.', { most });
    return value;
  }
}

/** Without what is empty. */
function said<Fields extends object>(fields: Fields): { [Key in keyof Fields]?: NonNullable<Fields[Key]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as {
    [Key in keyof Fields]?: NonNullable<Fields[Key]>;
  };
}
