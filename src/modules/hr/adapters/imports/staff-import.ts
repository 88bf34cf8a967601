import { RuleBroken } from '../../../../kernel/errors.js';
import { newId } from '../../../../kernel/id.js';
import { changed, query } from '../../../../platform/db/index.js';
import { changedSince, writersOf } from '../../../../platform/db/row-sets.js';
import { camel, type Row } from '../../../../platform/db/rows.js';
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
import type { StaffAccounts } from '../../application/accounts.js';
import { sortName, worksOn, type Staff } from '../../domain/staff.js';
import { STAFF_LIMITS } from '../../domain/limits.js';
import type { StaffStore } from '../../ports.js';
import { staffColumns } from '../reports/staff.sheet.js';
import { accountColumns } from './account-columns.js';
import { asRow, insertStaff, updateStaff } from './staff-rows.js';
import { ACCOUNT_RULES, AccountLines, type AccountDeps, type Reached } from './account-lines.js';

export interface StaffImportDeps extends AccountDeps {
  school: SchoolApi;
  store: StaffStore;
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
    tables: ['hr_staff'],
    columns: () => Promise.resolve([...(staffColumns({ all: true }) as unknown as Column<never>[]), ...accountColumns]),
    results: async (importId, actor) =>
      (await deps.accounts.waiting(actor, importId))
        ? [{ label: 'Print the sign-in slips within the hour', href: `/hr/staff/accounts/slips/${importId}` }]
        : [],
    population: async () => {
      const today = await deps.school.today();
      return (await deps.store.all()).filter((one) => worksOn(one, today)).length;
    },
    open: (context: ImportContext) => Promise.resolve(new StaffRun(context, deps)),
  };
}

type Details = Partial<Omit<Staff, 'id' | 'version' | 'photoFileId'>>;
const LONGEST: Partial<Record<keyof Details, number>> = {
  ...STAFF_LIMITS,
  leavingReason: 200,
};

class StaffRun implements KindRun {
  private readonly accounts: AccountLines;

  constructor(
    private readonly context: ImportContext,
    private readonly deps: StaffImportDeps,
  ) {
    this.accounts = new AccountLines(context, deps);
  }

  async check(lines: readonly Line[]): Promise<CheckedLine[]> {
    const all = await this.deps.store.all();
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
    const remarks = tooLong(said);
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
    const ids = lines.flatMap((line) => (line.action === 'update' ? line.entityId! : []));
    const rows = await query<{ row: Row }>(
      'hr.import.held',
      'select to_jsonb(s) as row from hr_staff s where id = any($1::uuid[]) order by id for update',
      [ids],
    );
    const before = new Map(rows.map(({ row }) => [row.id as string, row]));
    const made: Staff[] = [];
    const writers = await writersOf(
      'hr_staff',
      lines.flatMap((line) => (line.action === 'update' ? line.entityId! : [])),
    );
    const changedRows: Row[] = [];
    const people: { line: Line; staff: Staff }[] = [];
    const written: WrittenLine[] = [];
    for (const line of lines) {
      const said = detailsOf(line);
      if (line.action === 'create') {
        const staff = await this.newStaff(said);
        made.push(staff);
        people.push({ line, staff });
        written.push({ n: line.n, action: 'create', entityId: staff.id, before: null, trace: null });
        continue;
      }
      const row = before.get(line.entityId!)!;
      if (row.version !== line.version) throw movedOn(row);
      const staff = { ...camel<Staff>(row), ...said, version: line.version! + 1 };
      changedRows.push(asRow(staff));
      people.push({ line, staff });
      written.push({
        n: line.n,
        action: 'update',
        entityId: line.entityId!,
        before: row,
        trace: { base: [{ id: line.entityId!, xids: [writers.get(line.entityId!)!] }] },
      });
    }
    await insertStaff(made.map(asRow));
    await updateStaff(changedRows);
    const accounts = await this.accounts.write(people);
    return written.map((one) => (accounts.has(one.n) ? { ...one, trace: { ...one.trace, account: accounts.get(one.n) } } : one));
  }

  async finishWriting(): Promise<void> {
    await this.accounts.finish();
    await changed('hr.staff');
  }

  async obstacles(lines: readonly WrittenLine[], writtenIn: string, restored: RestoredOf = async () => []): Promise<string[]> {
    const some = await changedSince(
      'hr_staff',
      lines.map((line) => line.entityId),
      writtenIn,
    );
    const back = some.length === 0 ? [] : await restored(some);
    const ids = back.length === 0 ? some : await changedSince('hr_staff', some, writtenIn, back);
    const rows = await query<{ name: string }>(
      'hr.import.changed-since',
      "select surname || ' ' || first_name as name from hr_staff where id = any($1::uuid[]) order by sort_name limit 5",
      [ids],
    );
    return [...rows.map(({ name }) => `${name} has been changed since.`), ...(await this.accounts.obstacles(lines))];
  }

  async undo(lines: readonly WrittenLine[]): Promise<void> {
    await this.accounts.undo(lines);
    await updateStaff(lines.filter((line) => line.action === 'update').map((line) => line.before as Row));
    const created = lines.filter((line) => line.action === 'create').map((line) => line.entityId);
    try {
      await query('hr.import.remove', 'delete from hr_staff where id = any($1::uuid[])', [created]);
    } catch (error) {
      if ((error as { code?: string }).code !== '23503') throw error;
      throw new RuleBroken('depends', 'It can no longer be undone: some of these people now have classes or lessons.');
    }
  }

  finishUndoing(): Promise<void> {
    return changed('hr.staff');
  }

  private async newStaff(said: Details): Promise<Staff> {
    return {
      title: null,
      middleName: null,
      sex: null,
      phone: null,
      email: null,
      nationalId: null,
      registrationNo: null,
      joinedOn: null,
      leftOn: null,
      leavingReason: null,
      ...(said as Pick<Staff, 'surname' | 'firstName' | 'job' | 'category'>),
      staffNo: said.staffNo ?? (await this.freeNumber()),
      id: newId(),
      photoFileId: null,
      version: 1,
    };
  }

  private async freeNumber(): Promise<string> {
    for (;;) {
      const next = await this.deps.school.nextStaffNumber();
      if (!(await this.deps.store.numberTaken(next))) return next;
    }
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

function tooLong(said: Details): Remark[] {
  return Object.entries(LONGEST).flatMap(([column, most]): Remark[] =>
    String(said[column as keyof Details] ?? '').length > most
      ? [{ column, severity: 'error', text: 'This is too long: at most {{most}} characters.', vars: { most } }]
      : [],
  );
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
