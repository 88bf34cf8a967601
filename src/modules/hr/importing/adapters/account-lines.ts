import { can, type Actor } from '../../../../kernel/actor.js';
import { spokenName } from '../../../../kernel/people/names.js';
import type { RoleName } from '../../../../platform/module.js';
import type { IdentityApi, NewAccount } from '../../../identity/index.js';
import type { CheckedLine, ImportContext, Line, Remark, SameRule, WrittenLine } from '../../../imports/index.js';
import type { StaffAccounts } from '../../accounts/accounts.js';
import type { Slip } from '../../accounts/slips.rules.js';
import type { Staff } from '../../staff/staff.record.js';
import { readRoles } from './account-columns.js';

/** Slips of a list are made in the background, perhaps while nobody looks. */
export const LIST_SLIP_MINUTES = 60;

export const ACCOUNT_RULES: Record<string, SameRule> = {
  login: { column: 'email', severity: 'error', when: 'same', text: 'Row {{row}} would sign in with the same address.' },
};

export type Reached = Pick<Staff, 'surname' | 'firstName' | 'middleName' | 'email' | 'phone' | 'job'>;

export interface AccountDeps {
  identity: IdentityApi;
  accounts: Pick<StaffAccounts, 'keep'>;
}

/** The accounts that the rows of a list of staff make, by the same limits as those that are made on the page. */
export class AccountLines {
  private readonly slips: Slip[] = [];

  constructor(
    private readonly context: ImportContext,
    private readonly deps: AccountDeps,
  ) {}

  /** Adds what the account of a row means for it. `people` are those of the lines as they will be. */
  async check(
    lines: readonly Line[],
    checked: readonly CheckedLine[],
    people: readonly (Reached | null)[],
  ): Promise<CheckedLine[]> {
    const known = await this.holders(checked.flatMap((one) => one.entityId ?? []));
    const settled: CheckedLine[] = [];
    for (const [at, line] of lines.entries()) settled.push(await this.checkLine(line, checked[at]!, people[at] ?? null, known));
    return settled;
  }

  private async checkLine(
    line: Line,
    checked: CheckedLine,
    person: Reached | null,
    holders: ReadonlySet<string>,
  ): Promise<CheckedLine> {
    const wanted = wantedIn(line);
    if (!wanted) return checked;
    const remark = (column: string, severity: Remark['severity'], text: string, vars: Remark['vars'] = {}): CheckedLine => ({
      ...checked,
      remarks: [...checked.remarks, { column, severity, text, vars }],
    });
    if (wanted.unknown.length > 0)
      return remark(
        'accountRoles',
        'error',
        'There is no role “{{value}}”. Enter it as shown under Accounts, such as teacher or bursar.',
        { value: wanted.unknown[0]!.slice(0, 40) },
      );
    if (!can(this.context.actor, 'hr.staff.accounts'))
      return remark('accountRoles', 'error', 'You can’t create accounts. Leave the roles empty, or ask an administrator.');
    if (checked.entityId && holders.has(checked.entityId))
      return remark('accountRoles', 'warning', 'This person already has an account; it will not change.');
    if (!person) return checked;
    if (checked.entityId && this.context.mode === 'create')
      return remark(
        'accountRoles',
        'error',
        'This person is already in the register. Choose “update” to give accounts to existing staff.',
      );
    const obstacle = await this.deps.identity.obstacleTo(accountOf(person, null, wanted, this.context.actor));
    if (obstacle)
      return remark(
        obstacle.field === 'email' || obstacle.field === 'phone' ? obstacle.field : 'accountRoles',
        'error',
        obstacle.message,
      );
    const login = person.email?.toLowerCase() ?? (wayOf(person, wanted) === 'invite' ? person.phone : null);
    return {
      ...checked,
      action: checked.action === 'unchanged' ? 'update' : checked.action,
      marks: login ? [...checked.marks, { rule: 'login', value: login }] : checked.marks,
    };
  }

  /** Makes those that are wanted; line → account. */
  async write(lines: readonly { line: Line; staff: Staff }[]): Promise<Map<number, string>> {
    const holders = await this.holders(lines.map((one) => one.staff.id));
    const made = new Map<number, string>();
    for (const { line, staff } of lines) {
      const wanted = wantedIn(line);
      if (!wanted || holders.has(staff.id)) continue;
      const { userId, login, oneTimePassword } = await this.deps.identity.createAccount(
        accountOf(staff, staff.id, wanted, this.context.actor),
      );
      made.set(line.n, userId);
      if (wayOf(staff, wanted) === 'slip')
        this.slips.push({
          staffId: staff.id,
          name: spokenName(staff),
          note: staff.job,
          login,
          phone: staff.phone,
          password: login ? oneTimePassword : null,
        });
    }
    return made;
  }

  /** The slips are found under the import's own id, by whoever has written it. */
  async finish(): Promise<void> {
    if (this.slips.length > 0)
      await this.deps.accounts.keep(this.context.actor, this.slips, { id: this.context.importId, minutes: LIST_SLIP_MINUTES });
  }

  async obstacles(lines: readonly WrittenLine[]): Promise<string[]> {
    const own = new Set(lines.flatMap((line) => accountIn(line) ?? []));
    const created = new Set(lines.flatMap((line) => (line.action === 'create' ? line.entityId : [])));
    const accounts = await this.deps.identity.accountsOf(
      'staff',
      lines.map((line) => line.entityId),
    );
    const others = accounts.filter((one) => !own.has(one.userId) && created.has(one.personId)).length;
    const used = accounts.filter((one) => own.has(one.userId) && !one.untouched).length;
    return [
      ...(others > 0 ? [`${others} of these people have been given accounts since.`] : []),
      ...(used > 0 ? [`${used} of these accounts have been used or changed since.`] : []),
    ];
  }

  undo(lines: readonly WrittenLine[]): Promise<void> {
    return this.deps.identity.withdrawAccounts(
      lines.flatMap((line) => accountIn(line) ?? []),
      this.context.actor,
    );
  }

  private holders(staffIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.deps.identity.holders('staff', staffIds);
  }
}

interface Wanted {
  roles: RoleName[];
  unknown: string[];
  by: 'invite' | 'slip' | null;
}

function wantedIn({ values }: Line): Wanted | null {
  if (typeof values.accountRoles !== 'string') return null;
  return {
    ...readRoles(values.accountRoles),
    by: values.accountBy === 'invite' || values.accountBy === 'slip' ? values.accountBy : null,
  };
}

function wayOf(person: Reached, wanted: Wanted): 'invite' | 'slip' {
  return wanted.by ?? (person.email ? 'invite' : 'slip');
}

function accountOf(person: Reached, staffId: string | null, wanted: Wanted, actor: Actor): NewAccount {
  const { email, phone } = person;
  return {
    person: staffId === null ? null : { kind: 'staff', id: staffId },
    name: spokenName(person),
    email,
    phone,
    roles: wanted.roles,
    by: wayOf(person, wanted),
    actor,
  };
}

function accountIn(line: WrittenLine): string | null {
  return (line.trace as { account?: string } | null)?.account ?? null;
}
