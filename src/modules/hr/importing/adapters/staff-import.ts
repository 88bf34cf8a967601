import { RuleBroken } from '../../../../kernel/errors.js';
import { newId } from '../../../../kernel/id.js';
import { blank, tooLong, type Rows } from '../../../../kernel/shapes/record.js';
import { holdRows, insertRows, updateRows } from '../../../../platform/db/rows/row-sets.js';
import { camel, type Row } from '../../../../platform/db/rows/rows.js';
import { sheetOf } from '../../../../platform/records/columns.js';
import { writtenRow } from '../../../../platform/records/rows.js';
import { SetRun } from '../../../../platform/records/set-run.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type {
  CheckedLine,
  ImportContext,
  ImportKind,
  KindRun,
  Line,
  LineToWrite,
  Mark,
  Remark,
  RestoredOf,
  SameRule,
  WrittenLine,
} from '../../../imports/index.js';
import type { SchoolApi } from '../../../school/index.js';
import type { StaffAccounts } from '../../accounts/accounts.js';
import { sortName, staff, type Staff } from '../../staff/staff.record.js';
import { worksOn } from '../../staff/staff.rules.js';
import type { StaffRegister } from '../../staff/staff.js';
import { accountColumns } from './account-columns.js';
import { ACCOUNT_RULES, AccountLines, type AccountDeps, type Reached } from './account-lines.js';

export interface StaffImportDeps extends AccountDeps {
  school: SchoolApi;
  staff: Rows<typeof staff>;
  register: StaffRegister;
  accounts: Pick<StaffAccounts, 'keep' | 'waiting'>;
}

const RULES: Record<string, SameRule> = {
  number: { column: 'staffNo', severity: 'error', when: 'same', text: 'Row {{row}} has the same staff number.' },
  nationalId: { column: 'nationalId', severity: 'error', when: 'same', text: 'Row {{row}} has the same national ID.' },
  person: { column: null, severity: 'error', when: 'same', text: 'Row {{row}} has the same person.' },
  name: { column: 'surname', severity: 'warning', when: 'same', text: 'Row {{row}} has someone with the same name.' },
  ...ACCOUNT_RULES,
};

/** One row is one member of staff, found by staff number, else by national ID or full name. */
export function staffImport(deps: StaffImportDeps): ImportKind {
  return {
    key: 'staff',
    label: 'Staff',
    counted: ['1 member of staff', '{{n}} members of staff'],
    can: 'hr.staff.change',
    home: '/hr/staff',
    modes: ['create', 'update', 'both'],
    keyWords: 'staff number, or national ID where there is none',
    shown: ['staffNo', 'surname', 'firstName', 'job', 'phone'],
    undoUntil: 'someone changes one of these people or assigns them a class',
    quiet: 'Accounts are created only for rows with roles',
    rules: RULES,
    tables: [staff.table],
    columns: () => Promise.resolve([...(sheetOf(staff, () => true) as unknown as Column<never>[]), ...accountColumns]),
    results: async (importId, actor) =>
      (await deps.accounts.waiting(actor, importId))
        ? [{ label: 'Print the sign-in slips within the hour', href: `/hr/staff/accounts/slips/${importId}` }]
        : [],
    population: async () => {
      const today = await deps.school.today();
      return (await deps.staff.all()).filter((one) => worksOn(one, today)).length;
    },
    open: (context: ImportContext) => Promise.resolve(new StaffRun(context, deps)),
  };
}

type Details = Partial<Omit<Staff, 'id' | 'version' | 'photoFileId'>>;

/** Of people whom somebody else has changed. */
const MOST_NAMED = 5;

class StaffRun extends SetRun implements KindRun {
  private readonly accounts: AccountLines;

  constructor(
    private readonly context: ImportContext,
    private readonly deps: StaffImportDeps,
  ) {
    super(staff.table, [staff.table]);
    this.accounts = new AccountLines(context, deps);
  }

  async check(lines: readonly Line[]): Promise<CheckedLine[]> {
    const all = await this.deps.staff.all();
    const known = {
      number: new Map(all.map((one) => [one.staffNo, one])),
      nationalId: new Map(all.flatMap((one) => (one.nationalId ? [[one.nationalId, one] as const] : []))),
      name: new Map(all.map((one) => [sortName(one), one])),
    };
    const checked = lines.map((line) => this.checkLine(detailsOf(line), known));
    const byId = new Map(all.map((one) => [one.id, one]));
    const people = lines.map((line, at) => reachedBy({ ...byId.get(checked[at]!.entityId ?? ''), ...detailsOf(line) }));
    return this.accounts.check(lines, checked, people);
  }

  private checkLine(
    said: Details,
    known: { number: Map<string, Staff>; nationalId: Map<string, Staff>; name: Map<string, Staff> },
  ): CheckedLine {
    const remarks: Remark[] = tooLong(staff, said).map(({ name, most }) => ({
      column: name,
      severity: 'error',
      text: 'This is too long: at most {{most}} characters.',
      vars: { most },
    }));
    const refuse = (column: string, text: string, vars?: Remark['vars']): void =>
      void remarks.push({ column, severity: 'error', text, ...(vars && { vars }) });
    const name = said.surname && said.firstName ? nameOf(said) : null;
    const found = said.staffNo
      ? known.number.get(said.staffNo)
      : (said.nationalId && known.nationalId.get(said.nationalId)) || (name && known.name.get(name)) || undefined;
    if (said.joinedOn && said.leftOn && said.leftOn < said.joinedOn) refuse('leftOn', 'The last day can’t be before the first.');
    const sharer = said.nationalId ? known.nationalId.get(said.nationalId) : undefined;
    if (sharer && sharer.id !== found?.id)
      refuse('nationalId', '{{name}} has the same national ID.', { name: `${sharer.surname} ${sharer.firstName}` });
    if (!found) {
      if (this.context.mode === 'update') refuse('staffNo', 'No one was found for this row. Enter the staff number.');
      if (name && known.name.has(name))
        remarks.push({ column: 'surname', severity: 'warning', text: 'Someone with this name is already in the register.' });
      return { action: 'create', remarks, entityId: null, version: null, marks: marksOf(said, name) };
    }
    const changes = Object.keys(differences(found, said)).length > 0;
    if (changes && this.context.mode === 'create') {
      refuse(
        'staffNo',
        '{{name}} is in the register already and the row says something else. Choose “update” to change that person.',
        { name: `${found.surname} ${found.firstName}` },
      );
    }
    return {
      action: changes ? 'update' : 'unchanged',
      remarks,
      entityId: found.id,
      version: found.version,
      marks: [{ rule: 'person', value: found.id }],
    };
  }

  async write(lines: readonly LineToWrite[]): Promise<WrittenLine[]> {
    const bases = await this.basesOf(lines);
    const before = await holdRows(staff.table, [...bases.keys()]);
    const [made, changed]: [Row[], Row[]] = [[], []];
    const people: { line: Line; staff: Staff }[] = [];
    const written: WrittenLine[] = [];
    for (const line of lines) {
      const said = detailsOf(line);
      const row = line.action === 'update' ? before.get(line.entityId!)! : null;
      if (row && row.version !== line.version) throw movedOn(row);
      const person = row ? { ...camel<Staff>(row), ...said, version: line.version! + 1 } : await this.newStaff(said);
      if (row) changed.push({ ...row, ...writtenRow(staff, person), updated_at: new Date() });
      else made.push(writtenRow(staff, person));
      people.push({ line, staff: person });
      const trace = row ? { base: bases.get(person.id)! } : null;
      written.push({ n: line.n, action: line.action, entityId: person.id, before: row, trace });
    }
    await insertRows(staff.table, made);
    await updateRows(staff.table, changed);
    const accounts = await this.accounts.write(people);
    return written.map((one) => (accounts.has(one.n) ? { ...one, trace: { ...one.trace, account: accounts.get(one.n) } } : one));
  }

  override async finishWriting(): Promise<void> {
    await this.accounts.finish();
    await super.finishWriting();
  }

  override async obstacles(lines: readonly WrittenLine[], writtenIn: string, restored?: RestoredOf): Promise<string[]> {
    return [...(await super.obstacles(lines, writtenIn, restored)), ...(await this.accounts.obstacles(lines))];
  }

  protected override async changedSentences(ids: readonly string[]): Promise<string[]> {
    const people = (await this.deps.staff.all()).filter((one) => ids.includes(one.id));
    return people.slice(0, MOST_NAMED).map((one) => `${one.surname} ${one.firstName} has been changed since.`);
  }

  override async undo(lines: readonly WrittenLine[]): Promise<void> {
    await this.accounts.undo(lines);
    await super.undo(lines);
  }

  private async newStaff(said: Details): Promise<Staff> {
    const staffNo = said.staffNo ?? (await this.deps.register.nextNumber());
    return { ...blank(staff), ...said, staffNo, id: newId(), version: 1 } as Staff;
  }
}

function movedOn(row: Row): RuleBroken {
  return new RuleBroken(
    'register-changed',
    `${String(row.surname)} ${String(row.first_name)} was changed after this file was checked. Nothing was imported; check the file again.`,
  );
}

/** What a row says of the person; the account is none of it. */
function detailsOf({ values }: Line): Details {
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => value !== null && !key.startsWith('account')),
  ) as Details;
}

/** Null as long as the row lacks what a person must have; that is said elsewhere. */
function reachedBy({ surname, firstName, middleName, email, phone, job }: Partial<Staff>): Reached | null {
  return surname && firstName && job
    ? { surname, firstName, middleName: middleName ?? null, email: email ?? null, phone: phone ?? null, job }
    : null;
}

function nameOf(said: Details): string {
  return sortName({ surname: said.surname!, firstName: said.firstName!, middleName: said.middleName ?? null });
}

function marksOf(said: Details, name: string | null): Mark[] {
  return [
    ...(said.staffNo ? [{ rule: 'number', value: said.staffNo }] : []),
    ...(said.nationalId ? [{ rule: 'nationalId', value: said.nationalId }] : []),
    ...(name ? [{ rule: 'name', value: name }] : []),
  ];
}

function differences(before: Staff, said: Details): Details {
  return Object.fromEntries(Object.entries(said).filter(([key, value]) => before[key as keyof Staff] !== value)) as Details;
}
