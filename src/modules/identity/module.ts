import type { Container } from 'inversify';
import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { changed, runWith, unit, type Database } from '../../platform/db/index.js';
import { AUDIT, SCHOOL_SOURCE, SIGN_IN, type AuditTrail } from '../../platform/http/ports.js';
import type { Texts } from '../../platform/i18n/i18n.js';
import { enqueue } from '../../platform/jobs/index.js';
import { MAILER, type Mailer } from '../../platform/mail/index.js';
import { on, ROLES_OF, type AnyRole, type Get, type MenuItem, type Module } from '../../platform/module.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { SMS_SENDER, type SmsSender } from '../../platform/sms/index.js';
import { CLOCK, DATABASE, MENU, PERMISSION_CATALOGUE, TEXTS, token, UNIT } from '../../platform/tokens.js';
import { ACTS } from './acts.js';
import { ArgonPasswords } from './accounts/adapters/passwords.js';
import { DerivedSecrets, derivedKey } from './adapters/secrets.js';
import { Tokens } from './adapters/tokens.js';
import { otpauthTotp } from './second-factor/adapters/totp.js';
import { SimpleWebAuthn } from './second-factor/adapters/web-authn.js';
import { AlertRaised, ReadTooMuch } from '../audit/index.js';
import { NOTIFICATIONS } from '../notifications/index.js';
import { identityCron, identityJobs } from './adapters/jobs.js';
import { PgLimits } from './sign-in/adapters/pg-limits.store.js';
import { OwnersWarned } from './accounts/adapters/owners-warned.js';
import { DirectMessages } from './accounts/adapters/direct-messages.js';
import { PEOPLE, PgAccountStore } from './accounts/adapters/account.store.js';
import { PgFactorStore } from './second-factor/adapters/factor.store.js';
import { historyReader, PgHistoryStore } from './accounts/adapters/history.store.js';
import { PgLivePeople } from './accounts/adapters/live-people.store.js';
import { PgMatrixStore } from './roles/adapters/matrix.store.js';
import { accountData, signInHistory } from './adapters/own-data.js';
import { PgChallengeStore, PgPasskeyStore } from './second-factor/adapters/passkey.store.js';
import { PgSessions } from './sign-in/adapters/session.store.js';
import { PgStepStore } from './sign-in/adapters/step.store.js';
import { PgLinkStore, PgRefreshStore } from './adapters/token.store.js';
import { userReader } from './accounts/adapters/user-list.store.js';
import { loginRoutes } from './sign-in/adapters/login.routes.js';
import { passkeySignIn } from './second-factor/adapters/passkey.routes.js';
import { passwordRoutes } from './accounts/adapters/password.routes.js';
import { profileRoutes } from './profile/adapters/profile.routes.js';
import { matrixRoutes, rolesRoutes } from './roles/adapters/roles.routes.js';
import { sessionRoutes } from './sign-in/adapters/session.routes.js';
import { SessionStore } from './sign-in/adapters/session-store.js';
import { WebSignIn } from './sign-in/adapters/sign-in.js';
import { withStepUp } from './sign-in/adapters/step-up.js';
import { ticketRoutes } from './accounts/adapters/ticket.routes.js';
import { tokenRoutes } from './api-tokens/adapters/token.routes.js';
import { historyRoutes, usersRoutes } from './accounts/adapters/users.routes.js';
import { offers } from './adapters/offers.js';
import { Accounts } from './accounts/accounts.js';
import { ApiTokens } from './api-tokens/api-tokens.js';
import { IdentityDoor } from './door.js';
import { Factors } from './second-factor/factors.js';
import { Links } from './accounts/links.js';
import { RoleMatrix } from './roles/matrix.js';
import { Passkeys } from './second-factor/passkeys.js';
import { Profile } from './profile/profile.js';
import { SigningIn } from './sign-in/sign-in.js';
import { STEP_UP_MINUTES } from './sign-in/session.rules.js';
import { ENTRY_TICKETS, IDENTITY, type EntryTickets } from './index.js';
import type { Later, Messages, Permission, SchoolWords } from './ports.js';

/** What needs no container: one of each for all databases. */
const stores = {
  accounts: new PgAccountStore(),
  challenges: new PgChallengeStore(),
  factors: new PgFactorStore(),
  history: new PgHistoryStore(),
  links: new PgLinkStore(),
  limits: new PgLimits(),
  matrix: new PgMatrixStore(),
  passkeys: new PgPasskeyStore(),
  refresh: new PgRefreshStore(),
  sessions: new PgSessions(),
  steps: new PgStepStore(),
};
/** The tickets of the platform, where there is one. */
const ENTRY = token<{ tickets: EntryTickets | null }>('Entry');
const later: Later = { enqueue: async (job, payload, options) => void (await enqueue(job, payload, options)) };

/** The parts that all use cases share, made once for a process. */
class Shared {
  readonly secrets: DerivedSecrets;
  readonly passwords: ArgonPasswords;
  readonly tokens: Tokens;

  constructor(
    readonly config: Config,
    readonly clock: Clock,
    readonly unit: Unit,
    readonly audit: AuditTrail,
    readonly school: SchoolWords,
    readonly messages: Messages,
    readonly matrix: RoleMatrix,
  ) {
    const schoolId = config.school?.id ?? 'core';
    this.secrets = new DerivedSecrets(config.secretKey, schoolId);
    this.passwords = new ArgonPasswords(derivedKey(config.secretKey, schoolId, 'printed'));
    this.tokens = new Tokens(derivedKey(config.secretKey, schoolId, 'token'), schoolId);
  }
}

export const identity: Module<AnyRole> = {
  name: 'identity',
  acts: ACTS,
  permissions: [
    {
      key: 'identity.users.read',
      label: 'See who has an account',
      group: 'Accounts',
      roles: ['owner', 'administrator', 'head', 'auditor', 'super-admin', 'support'],
    },
    {
      key: 'identity.users.manage',
      label: 'Invite people, close accounts, end sessions',
      group: 'Accounts',
      roles: ['owner', 'administrator', 'super-admin'],
      guarded: 'accounts',
    },
    {
      key: 'identity.roles.assign',
      label: 'Give people roles',
      group: 'Accounts',
      roles: ['owner', 'administrator', 'super-admin'],
      guarded: 'accounts',
    },
    {
      key: 'identity.matrix.read',
      label: 'See what each role may do',
      group: 'Accounts',
      roles: ['owner', 'administrator', 'head', 'auditor', 'super-admin', 'support'],
    },
    {
      key: 'identity.matrix.change',
      label: 'Change what each role may do',
      group: 'Accounts',
      roles: ['owner', 'administrator'],
      guarded: 'accounts',
    },
    {
      key: 'identity.history.read',
      label: 'See who signed in, and who was refused',
      group: 'Accounts',
      roles: ['owner', 'administrator', 'head', 'auditor', 'super-admin', 'support'],
    },
  ],
  menu: [
    { group: 'School', label: 'Accounts', href: '/identity/users', icon: 'lock', can: 'identity.users.read', order: 90 },
    { group: 'School', label: 'Roles', href: '/identity/roles', icon: 'id', can: 'identity.matrix.read', order: 91 },
    { group: 'School', label: 'Sign-ins', href: '/identity/sign-ins', icon: 'door', can: 'identity.history.read', order: 92 },
  ],

  offers,
  bind(container) {
    bindShared(container);
    container
      .bind(SigningIn)
      .toResolvedValue(
        (shared: Shared, factors: Factors, passkeys: Passkeys) =>
          new SigningIn({ ...stores, ...useful(shared), factors, passkeys, later }),
        [Shared, Factors, Passkeys],
      );
    container
      .bind(Factors)
      .toResolvedValue(
        (shared: Shared) => new Factors({ ...stores, ...useful(shared), totp: otpauthTotp, matrix: shared.matrix, later }),
        [Shared],
      );
    container.bind(Passkeys).toResolvedValue(
      (shared: Shared, factors: Factors) =>
        new Passkeys({
          ...stores,
          ...useful(shared),
          factors,
          webAuthn: new SimpleWebAuthn(shared.config.publicUrl),
          matrix: shared.matrix,
          later,
        }),
      [Shared, Factors],
    );
    container
      .bind(Accounts)
      .toResolvedValue(
        (shared: Shared) => new Accounts({ ...stores, ...useful(shared), matrix: shared.matrix, later }),
        [Shared],
      );
    container
      .bind(Links)
      .toResolvedValue(
        (shared: Shared) => new Links({ ...stores, ...useful(shared), later, publicUrl: shared.config.publicUrl }),
        [Shared],
      );
    container.bind(Profile).toResolvedValue((shared: Shared) => new Profile({ ...stores, ...useful(shared), later }), [Shared]);
    container
      .bind(ApiTokens)
      .toResolvedValue(
        (shared: Shared, signIn: SigningIn) =>
          new ApiTokens({ ...stores, ...useful(shared), matrix: shared.matrix, signIn, signer: shared.tokens }),
        [Shared, SigningIn],
      );
    container
      .bind(IDENTITY)
      .toResolvedValue(
        (accounts: Accounts, factors: Factors, matrix: RoleMatrix) =>
          new IdentityDoor(accounts, factors, stores.accounts, matrix),
        [Accounts, Factors, RoleMatrix],
      );
    bindWeb(container);
    container
      .bind(ENTRY)
      .toResolvedValue(() => ({ tickets: container.isBound(ENTRY_TICKETS) ? container.get(ENTRY_TICKETS) : null }));
  },

  routes(routes, get) {
    const inSchool = get(Shared).school.kind === 'school';
    const parts = {
      web: get(WebSignIn),
      signIn: get(SigningIn),
      links: get(Links),
      clock: get(CLOCK),
      start: startFor(get),
      hasPasswords: inSchool,
    };
    const guarded = withStepUp(routes);
    loginRoutes(routes, parts);
    sessionRoutes(routes, inSchool ? 'identity/login/password' : 'identity/login/index');
    passkeySignIn(routes, parts);
    if (inSchool) passwordRoutes(routes, parts);
    const { tickets } = get(ENTRY);
    if (tickets) ticketRoutes(routes, parts, tickets);
    // A program signs in with a password, so the platform has nobody to let in.
    if (inSchool) tokenRoutes(routes, get(ApiTokens));
    profileRoutes(routes, {
      ...parts,
      profile: get(Profile),
      accounts: get(Accounts),
      factors: get(Factors),
      passkeys: get(Passkeys),
      history: historyReader,
    });
    usersRoutes(routes, guarded, {
      accounts: get(Accounts),
      store: stores.accounts,
      sessions: stores.sessions,
      passkeys: get(Passkeys),
      users: userReader,
      history: historyReader,
      roles: get(RoleMatrix).roles,
      links: stores.links,
      hasPasswords: inSchool,
    });
    rolesRoutes(routes, get(RoleMatrix));
    if (inSchool) matrixRoutes(guarded, get(RoleMatrix));
    historyRoutes(routes, historyReader);
  },

  work(get) {
    const { messages, school, config } = get(Shared);
    const jobs = identityJobs({
      signIn: get(SigningIn),
      links: get(Links),
      messages,
      school,
      steps: stores.steps,
      refresh: stores.refresh,
      pruneSessions: () => stores.sessions.prune(),
    });
    const warned = new OwnersWarned(stores.accounts, get(NOTIFICATIONS), () => school.name(), config.publicUrl);
    const subscribe = [
      on(AlertRaised, 'identity.warn-owners', (alert) => warned.tell(alert)),
      on(AlertRaised, 'identity.ask-again', (alert) => doubt(alert, get(CLOCK).now())),
      on(ReadTooMuch, 'identity.ask-readers', ({ accountId, at }) => stores.sessions.doubt(accountId, new Date(at))),
    ];
    return { jobs, cron: identityCron, personalData: [accountData], retention: [signInHistory], subscribe };
  },
};

/**
 * Whoever reads in bulk is asked who they are before they go on: it may be somebody else at their browser. Whoever takes
 * many rows out in files has just been asked, so that only older proofs are doubted.
 */
async function doubt({ rule, actorId }: { rule: string; actorId: string | null }, now: Date): Promise<void> {
  if (!actorId) return;
  if (rule === 'pages-opened') await stores.sessions.doubt(actorId, now);
  if (rule === 'rows-taken') await stores.sessions.doubt(actorId, new Date(now.getTime() - STEP_UP_MINUTES * 60_000));
}

/** `Shared` without its private parts, to be spread. */
function useful({ clock, unit: inUnit, audit, school, messages, secrets, passwords }: Shared) {
  return { clock, unit: inUnit, audit, school, messages, secrets, passwords };
}

function bindShared(container: Container): void {
  const get: Get = (token) => container.get(token);
  container
    .bind(RoleMatrix)
    .toResolvedValue(
      (config: Config, catalogue: readonly Permission[], audit: AuditTrail) =>
        new RoleMatrix(catalogue, ROLES_OF[config.role], stores.matrix, unit, audit),
      [CONFIG, PERMISSION_CATALOGUE, AUDIT],
    );
  container.bind(Shared).toResolvedValue(
    (
      config: Config,
      clock: Clock,
      inUnit: Unit,
      audit: AuditTrail,
      mailer: Mailer,
      sms: SmsSender,
      texts: Texts,
      matrix: RoleMatrix,
    ) => {
      const school = schoolWords(get, config);
      return new Shared(config, clock, inUnit, audit, school, new DirectMessages(mailer, sms, texts, school), matrix);
    },
    [CONFIG, CLOCK, UNIT, AUDIT, MAILER, SMS_SENDER, TEXTS, RoleMatrix],
  );
}

function bindWeb(container: Container): void {
  container.bind(WebSignIn).toResolvedValue(
    (shared: Shared, database: Database) => {
      const people = new PgLivePeople(database);
      const announce = (): Promise<void> => runWith(database, () => changed(PEOPLE));
      const { matrix, tokens, secrets, config, clock } = shared;
      return new WebSignIn({
        store: new SessionStore(database, people, WebSignIn.liveness(matrix), announce),
        people,
        matrix,
        tokens,
        sessions: stores.sessions,
        secrets,
        clock,
        mayPutOff: config.role === 'tenant',
        secure: config.secure,
        cookieKey: derivedKey(config.secretKey, config.school?.id ?? 'core', 'cookie').toString('base64url'),
      });
    },
    [Shared, DATABASE],
  );
  container.bind(SIGN_IN).toService(WebSignIn);
}

/** A school has a start page for everybody; on the platform one begins with the first thing that one may open. */
function startFor(get: Get): (roles: readonly string[]) => Promise<string> {
  if (get(Shared).school.kind === 'school') return () => Promise.resolve('/');
  const menu: readonly MenuItem[] = get(MENU);
  return async (roles) => {
    const { permissions } = (await get(RoleMatrix).now()).matrix.held(roles);
    return menu.find((item) => permissions.has(item.can))?.href ?? '/profile';
  };
}

/** The school module is asked when a sentence needs it; it comes after this one. */
function schoolWords(get: Get, config: Config): SchoolWords {
  if (config.role === 'core')
    return {
      kind: 'platform',
      country: () => Promise.resolve(''),
      name: () => Promise.resolve('AIMS'),
      words: () => Promise.resolve(['AIMS']),
    };
  return {
    kind: 'school',
    country: async () => (await get(SCHOOL_SOURCE).facts()).country,
    name: async () => (await get(SCHOOL_SOURCE).facts()).name,
    words: async () => {
      const { name, shortName, place } = await get(SCHOOL_SOURCE).facts();
      return [name, shortName, place, config.school?.subdomain ?? ''];
    },
  };
}
