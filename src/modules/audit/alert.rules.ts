import type { SealedEntry } from './chain.rules.js';

export type AlertRule =
  | 'rows-taken'
  | 'pages-opened'
  | 'role-given'
  | 'factor-removed'
  | 'factor-lowered'
  | 'lock-outs'
  | 'students-merged'
  | 'import-undone'
  | 'large-import'
  | 'limits-changed'
  | 'chain-broken'
  | 'books-differ'
  | 'everything-taken';

/** Minutes over which reading and lock-outs are added up. */
export const WINDOW_MINUTES = 10;
/** Accounts locked out within the window before somebody is told. */
export const MANY_LOCK_OUTS = 10;
export const LOCK_OUT = 'identity.account.lock-out';

/** What the school has set. */
export interface AlertLimits {
  mostRows: number;
  mostPages: number;
}

/** They serve the whole school, and look at more of it in a day's work than whoever teaches, nurses or feeds some. */
const WHOLE_SCHOOL = ['owner', 'administrator', 'head', 'registrar', 'bursar', 'auditor', 'super-admin', 'support', 'analyst'];
const SHARE_OF_OTHERS = { rows: 0.6, pages: 0.5 };

/** How much somebody with these roles may read in ten minutes: what the school has set is for its offices, others get a part of it. */
export function limitsFor(roles: readonly string[], { mostRows, mostPages }: AlertLimits): AlertLimits {
  if (roles.some((role) => WHOLE_SCHOOL.includes(role))) return { mostRows, mostPages };
  return { mostRows: Math.ceil(mostRows * SHARE_OF_OTHERS.rows), mostPages: Math.ceil(mostPages * SHARE_OF_OTHERS.pages) };
}

/** Something that somebody should look at. */
export interface Sighting {
  rule: AlertRule;
  actorId: string | null;
  actorName: string;
  amount: number;
  detail: string | null;
}

type Seen = Pick<SealedEntry, 'action' | 'actorId' | 'actorName' | 'actorRoles' | 'entityId' | 'label' | 'before' | 'after'>;

const HIGH_ROLES = ['owner', 'administrator', 'super-admin'];

/** How many rows about people left the house with this act: a list as a file, or a print of many. */
export function rowsTaken({ action, after }: Pick<Seen, 'action' | 'after'>): number {
  const amount = action === 'list.export' ? after?.rows : action.startsWith('students.print-') ? after?.students : 0;
  return typeof amount === 'number' ? amount : 0;
}

/**
 * An act that is worth a look by itself; an import only if it is large, which is for the caller to say. What adds up
 * (exports, pages, lock-outs) is judged where it is added up.
 */
export function sightingOf(entry: Seen): Sighting | null {
  const found = ruleOf(entry);
  return found && { ...found, actorId: entry.actorId, actorName: entry.actorName };
}

function ruleOf(entry: Seen): Pick<Sighting, 'rule' | 'amount' | 'detail'> | null {
  const { action, label } = entry;
  const once = (rule: AlertRule, detail = label): Pick<Sighting, 'rule' | 'amount' | 'detail'> => ({ rule, amount: 1, detail });
  if (action === 'identity.account.roles' || action === 'identity.account.create') {
    const given = newHighRoles(entry);
    // The product itself makes the first owner of a school.
    return given.length > 0 && !byProduct(entry) ? once('role-given', `${label ?? ''}: ${given.join(', ')}`) : null;
  }
  if (action === 'identity.account.remove-factor') return once('factor-removed');
  if (action === 'identity.factor.remove') return entry.actorId !== entry.entityId ? once('factor-removed') : null;
  if (action === 'identity.factor-roles.change') {
    const letOff = listOf(entry.before?.roles).filter((role) => !listOf(entry.after?.roles).includes(role));
    return letOff.length > 0 ? once('factor-lowered', letOff.join(', ')) : null;
  }
  if (action === 'students.merge') return once('students-merged');
  if (action === 'finance.check.differ')
    return { rule: 'books-differ', amount: numberOf(entry.after?.differences), detail: null };
  if (action === 'exports.fetch') return once('everything-taken', null);
  if (action === 'audit.settings.change') return once('limits-changed', null);
  if (action.endsWith('.import-undo')) return once('import-undone');
  if (action.endsWith('.import') && !byProduct(entry)) {
    const rows = numberOf(entry.after?.new) + numberOf(entry.after?.changed);
    return { rule: 'large-import', amount: rows, detail: label };
  }
  return null;
}

function newHighRoles({ before, after }: Pick<Seen, 'before' | 'after'>): string[] {
  const had = listOf(before?.roles);
  return listOf(after?.roles).filter((role) => HIGH_ROLES.includes(role) && !had.includes(role));
}

function byProduct({ actorId, actorRoles }: Pick<Seen, 'actorId' | 'actorRoles'>): boolean {
  return actorId === null && actorRoles.includes('system');
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

type Translate = (text: string, vars?: Record<string, string | number>) => string;

const SENTENCES: Record<AlertRule, string> = {
  'rows-taken': '{{who}} read or exported {{amount}} records within ten minutes',
  'pages-opened': '{{who}} opened the pages of {{amount}} people within ten minutes',
  'role-given': '{{who}} gave a high role',
  'factor-removed': '{{who}} removed someone’s second step',
  'factor-lowered': '{{who}} let roles sign in without the second step',
  'lock-outs': '{{amount}} accounts were locked out within a short time',
  'students-merged': '{{who}} merged records of students',
  'import-undone': '{{who}} took an import back',
  'large-import': '{{who}} imported {{amount}} rows',
  'limits-changed': '{{who}} changed how long acts are kept, or when to warn',
  'chain-broken': 'The audit record failed its check',
  'books-differ': 'The check of the school’s books found {{amount}} differences',
  'everything-taken': '{{who}} took everything along that the school holds',
};

/** The alert as a sentence, in the language of `t`. */
export function alertSentence(
  t: Translate,
  { rule, actorName, amount }: Pick<Sighting, 'rule' | 'actorName' | 'amount'>,
): string {
  return t(SENTENCES[rule], { who: actorName, amount });
}
