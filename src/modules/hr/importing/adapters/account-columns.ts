import { fold } from '../../../../kernel/people/names.js';
import { STAFF_ROLES, type RoleName } from '../../../../platform/module.js';
import type { Column } from '../../../../platform/sheets/columns.js';

/** Beside a person: whether the row makes an account too. No export has them. */
export const accountColumns: Column<never>[] = [
  {
    key: 'accountRoles',
    head: 'Account roles',
    aliases: ['Account role', 'User role', 'User roles', 'System role', 'Login role', 'Access'],
    kind: 'text',
    width: 24,
    value: () => null,
    example: 'Teacher, class teacher',
    note: 'Creates an account; separate several roles with commas. If empty, no account is created',
  },
  {
    key: 'accountBy',
    head: 'Sign-in method',
    aliases: ['Way in', 'Sign-in by', 'Invitation or slip', 'First sign-in'],
    kind: 'choice',
    choices: [
      { value: 'invite', label: 'Invitation', aliases: ['Invite', 'Link', 'Email', 'SMS'] },
      { value: 'slip', label: 'Slip', aliases: ['Sign-in slip', 'Paper', 'Printed', 'Print'] },
    ],
    value: () => null,
    example: 'Slip',
    note: 'If empty, people with an email address are invited and the others get a slip',
  },
];

const ROLES = new Map<string, RoleName>(STAFF_ROLES.map((role) => [plain(role), role]));

function plain(word: string): string {
  return fold(word).replace(/[\s_-]+/g, ' ');
}

/** `Teacher, Class teacher` → the roles, and the words that are none. */
export function readRoles(text: string): { roles: RoleName[]; unknown: string[] } {
  const words = text
    .split(/[,;/+&]|\band\b/i)
    .map((word) => word.trim())
    .filter(Boolean);
  const roles = words.flatMap((word) => ROLES.get(plain(word)) ?? []);
  return { roles: [...new Set(roles)], unknown: words.filter((word) => !ROLES.has(plain(word))) };
}
