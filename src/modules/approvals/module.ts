import type { Clock } from '../../kernel/clock.js';
import type { Module } from '../../platform/module.js';
import { AUDIT } from '../../platform/http/ports.js';
import { enqueue } from '../../platform/jobs/index.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { CLOCK, token, UNIT } from '../../platform/tokens.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { IDENTITY, type IdentityApi } from '../identity/index.js';
import { NOTIFICATIONS, type NotificationsApi } from '../notifications/index.js';
import { SCHOOL, type SchoolApi } from '../school/index.js';
import { ACTS } from './acts.js';
import { PostgresRequestStore } from './adapters/request.store.js';
import { approvalsApi } from './adapters/approvals.api.js';
import { waitingCard } from './adapters/dashboard.js';
import { inboxRoutes } from './adapters/inbox.routes.js';
import { Approvals } from './approvals.js';
import { Inbox } from './inbox.js';
import { Kinds, OVERSEE } from './kinds.js';
import { Notices, TELL } from './notices.js';
import { APPROVALS } from './index.js';
import { APPROVAL_KINDS, REQUEST_STORE, type ApprovalKind, type RequestStore } from './ports.js';

const ALL_KINDS = token<() => readonly ApprovalKind[]>('AllApprovalKinds');

export const approvals: Module = {
  name: 'approvals',
  acts: ACTS,
  permissions: [
    {
      key: 'approvals.read',
      label: 'Open Approvals: own requests, and those they may decide',
      group: 'Approvals',
      roles: [
        'owner',
        'administrator',
        'head',
        'registrar',
        'bursar',
        'class-teacher',
        'teacher',
        'hr-officer',
        'librarian',
        'nurse',
        'caterer',
        'auditor',
      ],
    },
    {
      key: 'approvals.decide',
      label: 'Decide requests, and withdraw own requests',
      group: 'Approvals',
      roles: [
        'owner',
        'administrator',
        'head',
        'registrar',
        'bursar',
        'class-teacher',
        'teacher',
        'hr-officer',
        'librarian',
        'nurse',
        'caterer',
      ],
    },
    {
      key: OVERSEE,
      label: 'See every request and its decision',
      group: 'Approvals',
      roles: ['owner', 'auditor'],
      guarded: 'money',
    },
  ],
  menu: [{ group: '', label: 'Approvals', href: '/approvals', icon: 'tick', can: 'approvals.read', order: 1 }],

  bind(c) {
    c.bind(REQUEST_STORE).toResolvedValue(() => new PostgresRequestStore());
    c.bind(ALL_KINDS).toDynamicValue((context) => () => context.getAll(APPROVAL_KINDS));
    c.bind(Kinds).toResolvedValue((all: () => readonly ApprovalKind[]) => new Kinds(all), [ALL_KINDS]);
    c.bind(Notices).toResolvedValue(
      (
        unit: Unit,
        clock: Clock,
        store: RequestStore,
        kinds: Kinds,
        identity: IdentityApi,
        notifications: NotificationsApi,
        school: SchoolApi,
        config: Config,
      ) =>
        new Notices(
          unit,
          clock,
          store,
          { enqueue },
          kinds,
          identity,
          notifications,
          async () => (await school.profile()).name,
          config.publicUrl,
        ),
      [UNIT, CLOCK, REQUEST_STORE, Kinds, IDENTITY, NOTIFICATIONS, SCHOOL, CONFIG],
    );
    c.bind(Approvals).toResolvedValue((...parts) => new Approvals(...parts), [UNIT, AUDIT, CLOCK, REQUEST_STORE, Kinds, Notices]);
    c.bind(APPROVALS).toService(Approvals);
    c.bind(Inbox).toResolvedValue((...parts) => new Inbox(...parts), [REQUEST_STORE, Kinds, IDENTITY]);
  },

  routes(r, get) {
    const pages = { approvals: get(Approvals), inbox: get(Inbox), kinds: get(Kinds) };
    inboxRoutes(r, pages);
    approvalsApi(r, pages);
  },

  work: (get) => ({
    jobs: { [TELL]: () => get(Notices).tell() },
    menuCounts: { '/approvals': async (actor) => (await get(Inbox).waitingFor(actor)).length },
    dashboard: [waitingCard(get(Inbox))],
  }),
};
