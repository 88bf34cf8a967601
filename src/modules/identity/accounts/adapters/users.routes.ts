import type { Request, Response } from 'express';
import { z } from 'zod';
import { NotFound } from '../../../../kernel/errors.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import { roleTitle } from '../../../../platform/http/pages/page.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type { Accounts } from '../accounts.js';
import type { Passkeys } from '../../second-factor/passkeys.js';
import { isInvitationOver } from '../invitation.rules.js';
import type { AccountStore, HistoryReader, RoleName, Sessions, SignInRow, UserReader, UserRow, LinkStore } from '../../ports.js';
import { rolesField } from './roles-field.js';

export interface UsersParts {
  accounts: Accounts;
  store: AccountStore;
  sessions: Sessions;
  passkeys: Passkeys;
  users: UserReader;
  history: HistoryReader;
  /** All that may be given here. */
  roles: readonly RoleName[];
  links: Pick<LinkStore, 'isInvited'>;
  hasPasswords: boolean;
}

/** Accounts of the school. `guarded` asks for a fresh proof of who one is. */
export function usersRoutes(routes: Routes, guarded: Routes, parts: UsersParts): void {
  const { accounts, store, roles } = parts;
  const roleOptions = roles.map((value) => ({ value, label: roleTitle(value) }));

  routes.list({
    path: '/identity/users',
    can: 'identity.users.read',
    view: 'identity/users/index',
    filter: z.object({
      q: z.string().trim().max(100).optional(),
      role: z.enum(roles).optional(),
      state: z.enum(['invited', 'active', 'disabled']).optional(),
    }),
    load: (filter, query) => parts.users.users(filter, query.cursor, query.limit),
    model: async () => ({ roleOptions }),
    sheet: { name: 'accounts', columns: userColumns },
  });

  routes.form({
    path: '/identity/users/new',
    can: 'identity.users.manage',
    view: 'identity/users/new',
    schema: z.object({
      name: z.string().max(120),
      email: z.string().max(254).nullable().default(null),
      phone: z.string().max(40).nullable().default(null),
      roles: rolesField(roles),
    }),
    load: async () => ({ roleOptions }),
    save: async (values, req) => {
      const { userId } = await accounts.create({ ...values, by: 'invite', actor: req.actor });
      return {
        to: `/identity/users/${userId}`,
        flash: req.t(
          parts.hasPasswords
            ? '{{name}} has been invited. The link works for seven days.'
            : '{{name}} has been invited by email. The invitation is valid for seven days.',
          { name: values.name },
        ),
      };
    },
  });

  routes.get('/identity/users/:id', 'identity.users.read', async (req, res) => {
    const account = await find(store, req);
    const signIns = await parts.history.signIns({ userId: account.id }, req.school?.zone ?? 'UTC', null, 20);
    const over = parts.hasPasswords ? false : isInvitationOver(account, await parts.links.isInvited(account.id));
    await res.page('identity/users/show', {
      account,
      over,
      keys: await parts.passkeys.of(account.id),
      sessions: await parts.sessions.of(account.id),
      signIns: signIns.rows,
    });
  });

  guarded.form({
    path: '/identity/users/:id/roles',
    can: 'identity.roles.assign',
    view: 'identity/users/roles',
    asRead: ({ values }) => values,
    schema: z.object({ roles: rolesField(roles) }),
    load: async (req) => {
      const account = await find(store, req);
      return { values: { roles: account.roles }, account, roleOptions };
    },
    save: async ({ roles }, req) => {
      await accounts.setRoles(req.actor, idOf(req), roles);
      return { to: backTo(req), flash: 'The roles have been changed. They take effect immediately.' };
    },
  });

  guarded.form({
    path: '/identity/users/:id/contact',
    can: 'identity.users.manage',
    view: 'identity/users/contact',
    asRead: ({ values }) => values,
    schema: z.object({ email: z.string().max(254).nullable().default(null), phone: z.string().max(40).nullable().default(null) }),
    load: async (req) => {
      const account = await find(store, req);
      return { values: { email: account.email, phone: account.phone ?? account.sharedPhone }, account };
    },
    save: async (values, req) => {
      await accounts.setContact(req.actor, idOf(req), values);
      return { to: backTo(req), flash: 'Saved.' };
    },
  });

  routes.form({
    path: '/identity/users/:id/closing',
    can: 'identity.users.manage',
    view: 'identity/users/close',
    schema: z.object({ reason: z.string().max(500) }),
    load: async (req) => ({ account: await find(store, req) }),
    save: async ({ reason }, req) => {
      await accounts.disable(req.actor, idOf(req), reason);
      return { to: backTo(req), flash: 'The account has been closed and all its sessions ended.' };
    },
  });

  actions(routes, guarded, accounts);
  guarded.post('/identity/users/:id/passkeys/:key/remove', 'identity.users.manage', async (req, res) => {
    await accounts.removePasskey(req.actor, idOf(req), String(req.params.key));
    res.done(backTo(req), req.t('The passkey has been removed.'));
  });
  if (parts.hasPasswords) printedPassword(guarded, accounts);
}

function actions(routes: Routes, guarded: Routes, accounts: Accounts): void {
  const act = (where: Routes, name: string, work: (req: Request) => Promise<string>): void =>
    where.post(`/identity/users/:id/${name}`, 'identity.users.manage', async (req, res) => {
      const sentence = await work(req);
      res.done(backTo(req), req.t(sentence));
    });

  act(routes, 'opening', async (req) => {
    await accounts.enable(req.actor, idOf(req));
    return 'The account has been reopened.';
  });
  act(routes, 'invitation', async (req) => {
    const sent = await accounts.invite(req.actor, idOf(req));
    return sent
      ? 'A new invitation is on its way. The older ones no longer work.'
      : 'An invitation has just been sent. Wait ten minutes before you send another.';
  });
  act(routes, 'sessions/end', async (req) => {
    await accounts.endSessions(req.actor, idOf(req));
    return 'All sessions of this account have been ended.';
  });
  act(guarded, 'factor/remove', async (req) => {
    await accounts.removeFactor(req.actor, idOf(req));
    return 'The second step has been removed. If a role needs one, the person sets up a new one at the next sign-in.';
  });
}

function printedPassword(guarded: Routes, accounts: Accounts): void {
  guarded.post('/identity/users/:id/slip', 'identity.users.manage', async (req: Request, res: Response) => {
    const slip = await accounts.printNew(req.actor, idOf(req));
    await res.page('identity/users/slip', { slip, userId: idOf(req) });
  });
}

/** Sign-ins, lock-outs and what else happened at the door. */
export function historyRoutes(routes: Routes, history: HistoryReader): void {
  const outcomes = ['signed-in', 'wrong', 'wrong-factor', 'locked', 'disabled', 'reset', 'invited', 'refresh-reused'] as const;
  routes.list({
    path: '/identity/sign-ins',
    can: 'identity.history.read',
    view: 'identity/sign-ins/index',
    filter: z.object({
      outcome: z.enum(outcomes).optional(),
      userId: z.uuid().optional(),
      from: z.iso.date().optional(),
      to: z.iso.date().optional(),
    }),
    load: (filter, query, req) => history.signIns(filter, req.school?.zone ?? 'UTC', query.cursor, query.limit),
    model: async () => ({ outcomes }),
    sheet: { name: 'sign-ins', columns: signInColumns },
  });
}

async function find(store: AccountStore, req: Request) {
  const account = await store.find(idOf(req));
  if (!account) throw new NotFound();
  return account;
}

function backTo(req: Request): string {
  return `/identity/users/${idOf(req)}`;
}

const userColumns: Column<UserRow>[] = [
  { key: 'name', head: 'Name', kind: 'name', width: 28, value: (row) => row.name },
  { key: 'email', head: 'Email', kind: 'email', width: 30, value: (row) => row.email },
  { key: 'phone', head: 'Phone', kind: 'phone', width: 18, value: (row) => row.phone },
  { key: 'roles', head: 'Roles', kind: 'text', width: 30, value: (row) => row.roles.map(roleTitle).join(', ') },
  { key: 'state', head: 'State', kind: 'text', width: 12, value: (row) => row.state },
  { key: 'factor', head: 'Second step', kind: 'flag', width: 14, value: (row) => row.hasFactor },
  { key: 'last', head: 'Last sign-in (UTC)', kind: 'text', width: 26, value: (row) => row.lastSignInAt?.toISOString() ?? null },
];

const signInColumns: Column<SignInRow>[] = [
  { key: 'at', head: 'Time (UTC)', kind: 'text', width: 26, value: (row) => row.at.toISOString() },
  { key: 'name', head: 'Account', kind: 'text', width: 28, value: (row) => row.name },
  { key: 'login', head: 'Login', kind: 'text', width: 24, value: (row) => row.login },
  { key: 'outcome', head: 'Outcome', kind: 'text', width: 16, value: (row) => row.outcome },
  { key: 'method', head: 'Method', kind: 'text', width: 18, value: (row) => row.method },
  { key: 'known', head: 'Known browser', kind: 'flag', width: 14, value: (row) => row.knownDevice },
  { key: 'ip', head: 'Address', kind: 'text', width: 18, value: (row) => row.ip },
  { key: 'agent', head: 'Browser', kind: 'text', width: 50, value: (row) => row.userAgent },
];
