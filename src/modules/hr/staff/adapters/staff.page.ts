import type { Request } from 'express';
import { can } from '../../../../kernel/actor.js';
import { roleTitle } from '../../../../platform/http/pages/page.js';
import { Words } from '../../../../platform/i18n/words.js';
import { factsShown, type Fact } from '../../../../platform/records/facts.js';
import type { AuditApi } from '../../../audit/index.js';
import type { AccountBrief } from '../../../identity/index.js';
import { staff, type Staff } from '../staff.record.js';
import { hasLeft, worksOn, type StaffFilter } from '../staff.rules.js';

type Changes = Awaited<ReturnType<AuditApi['trailOf']>>;

interface Status {
  kind: string;
  word: string;
}

export interface StaffLine {
  staff: Staff;
  phone: string;
  account: string;
  state: Status;
}

export interface StaffListPage {
  facts: string;
  /** Whether a filter leaves somebody out. */
  narrowed: boolean;
  mayAdd: boolean;
  /** Whether accounts are shown, and can be made for those who are ticked. */
  accounts: boolean;
  lines: StaffLine[];
}

export interface ListFacts {
  here: number;
  teaching: number;
  /** By person; null for whoever doesn't look after them. */
  accounts: ReadonlyMap<string, AccountBrief> | null;
}

export function listPage(filter: StaffFilter, rows: readonly Staff[], facts: ListFacts, req: Request): StaffListPage {
  const { t } = req;
  const words = new Words(req);
  const narrowed = Boolean(filter.q || filter.category || filter.state !== 'here');
  return {
    facts: [t('{{n}} work here', { n: words.number(facts.here) }), t('{{n}} teach', { n: words.number(facts.teaching) })].join(
      ' · ',
    ),
    narrowed,
    mayAdd: can(req.actor, 'hr.staff.change'),
    accounts: facts.accounts !== null,
    lines: rows.map((row) => ({
      staff: row,
      phone: words.phone(row.phone),
      account: accountWord(facts.accounts?.get(row.id), req),
      state: stateOf(row, req, t('Until {{day}}', { day: words.date(row.leftOn) })),
    })),
  };
}

function accountWord(account: AccountBrief | undefined, { t }: Request): string {
  if (!account) return '';
  return account.state === 'disabled' ? t('Closed') : t('Has one');
}

/** @param until how an end is told that lies ahead */
function stateOf(one: Staff, req: Request, until: string): Status {
  const { t } = req;
  const { today } = req.school!;
  const words = new Words(req);
  if (worksOn(one, today)) return one.leftOn ? { kind: 'watch', word: until } : { kind: 'ok', word: t('Working') };
  return hasLeft(one, today)
    ? { kind: 'ended', word: t('Left {{day}}', { day: words.date(one.leftOn) }) }
    : { kind: 'none', word: t('From {{day}}', { day: words.date(one.joinedOn) }) };
}

interface Act {
  label: string;
  draws: string;
  href?: string;
  action?: string;
  danger?: boolean;
}

export interface StaffPage {
  name: string;
  /** As initials are made of it. */
  short: string;
  href: string;
  state: Status;
  about: string[];
  /** Null for whoever may not change anything. */
  editHref: string | null;
  more: (Act | 'rule')[];
  details: Fact[];
  changes: Changes;
  /** Where all of them are, for whoever may see it. */
  historyHref: string | null;
  /** Told to those who look after accounts. */
  account: { state: Status; facts: Fact[]; href: string | null } | null;
  lacksAccount: boolean;
  /** Where an account is made for somebody who has none. */
  newAccountHref: string | null;
}

export function staffPage(one: Staff, account: AccountBrief | null, changes: Changes, req: Request): StaffPage {
  const { t } = req;
  const words = new Words(req);
  const may = can(req.actor, 'hr.staff.change');
  const href = `/hr/staff/${one.id}`;
  const opens = can(req.actor, 'hr.staff.accounts') && !account && !hasLeft(one, req.school!.today);
  const newAccountHref = opens ? `/hr/staff/accounts/new?staff=${one.id}` : null;
  return {
    name: [one.title, one.firstName, one.middleName, one.surname].filter(Boolean).join(' '),
    short: `${one.firstName} ${one.surname}`,
    href,
    state: stateOf(one, req, t('Works until {{day}}', { day: words.date(one.leftOn) })),
    about: [one.staffNo, one.job, one.category === 'teaching' ? t('Teaching staff') : t('Non-teaching staff')],
    editHref: may ? `${href}/edit` : null,
    more: moreToDo(one, href, newAccountHref, req),
    details: factsShown(staff, DETAILS, one, req, { own: isSelf(req, one) }),
    changes,
    historyHref: can(req.actor, 'audit.read') ? `/audit?entity=staff&entityId=${one.id}` : null,
    account: account && accountFacts(account, req, words),
    lacksAccount: can(req.actor, 'hr.staff.accounts') && !account,
    newAccountHref,
  };
}

function moreToDo(one: Staff, href: string, newAccountHref: string | null, { actor, t }: Request): StaffPage['more'] {
  const acts: StaffPage['more'] = [];
  if (can(actor, 'subjects.read')) acts.push({ label: t('Lessons'), href: `/subjects/teachers/${one.id}`, draws: 'book' });
  if (newAccountHref) acts.push({ label: t('Create an account'), href: newAccountHref, draws: 'key' });
  if (can(actor, 'privacy.read')) acts.push({ label: t('Data file'), href: `/privacy/staff/${one.id}`, draws: 'lock' });
  if (!can(actor, 'hr.staff.change')) return acts;
  if (one.leftOn) acts.push('rule', { label: t('Undo leaving'), action: `/hr/staff/${one.id}/return`, draws: 'undo' });
  const leaves = one.leftOn ? t('Change the last day') : t('Leaves the school');
  return [...acts, 'rule', { label: leaves, href: `${href}/leaving`, draws: 'door', danger: true }];
}

/** Below the head; one’s own papers are one’s own. */
const DETAILS = ['phone', 'email', 'sex', 'nationalId', 'registrationNo', 'joinedOn', 'leftOn', 'leavingReason'] as const;

function accountFacts(account: AccountBrief, { actor, t }: Request, words: Words): StaffPage['account'] {
  const states = {
    active: { kind: 'ok', word: t('Open') },
    invited: { kind: 'part', word: t('Invited') },
    disabled: { kind: 'ended', word: t('Closed') },
  };
  const login = account.login?.startsWith('+') ? words.phone(account.login) : account.login;
  return {
    href: can(actor, 'identity.users.read') ? `/identity/users/${account.userId}` : null,
    state: states[account.state],
    facts: [
      { label: t('Signs in with'), value: login || t('codes to a shared phone') },
      { label: t('Roles'), value: account.roles.map((role) => t(roleTitle(role))).join(', ') },
      { label: t('Last sign-in'), value: words.time(account.lastSignInAt) || t('never') },
    ],
  };
}

function isSelf({ actor }: Request, one: Staff): boolean {
  return actor.person?.kind === 'staff' && actor.person.id === one.id;
}
