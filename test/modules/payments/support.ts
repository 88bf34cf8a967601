import { newId } from '../../../src/kernel/id.js';
import type { Actor } from '../../../src/kernel/actor.js';
import { Approvals } from '../../../src/modules/approvals/approvals.js';
import { BooksKeeping } from '../../../src/modules/finance/books/books.js';
import { Checker } from '../../../src/modules/finance/books/checker.js';
import { LEDGER, type SystemRole } from '../../../src/modules/finance/index.js';
import { RailAccounts } from '../../../src/modules/payments/accounts/accounts.js';
import { Hearing } from '../../../src/modules/payments/messages/hearing.js';
import { Payees } from '../../../src/modules/payments/payees.js';
import { Settling } from '../../../src/modules/payments/messages/settling.js';
import { nairobiDay } from '../../../src/modules/payments/daraja/daraja.rules.js';
import { ACCOUNT_STORE } from '../../../src/modules/payments/ports.js';
import { masterKeys, secretFor } from '../../../src/platform/link/keys.js';
import { LocalDaraja, type LocalShortcode } from '../../../src/bin/local-daraja/local-daraja.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { aCore, type PlatformUnderTest } from '../../support/core.js';
import { testCluster } from '../../support/database.js';
import { admitMany } from '../../support/people/learners.js';
import { sql } from '../../support/database/sql.js';

export const MASTER = 'k1:a-master-key-of-tests-that-is-long-enough';

export interface Child {
  id: string;
  admissionNo: string;
  paymentNo: string;
}

export interface PayingSchool extends SchoolUnderTest {
  daraja: LocalDaraja;
  core: Omit<PlatformUnderTest, 'database'>;
  account: { id: string; shortcode: string; token: string };
  children: Child[];
  /** Today at the school. */
  today(): string;
  /** Minutes that the school's clock, and the network's, are ahead. */
  ahead(minutes: number): void;
  /** What the job of each minute does. */
  look(everything?: boolean): Promise<void>;
  readLists(): Promise<void>;
  balanceOf(role: SystemRole): Promise<number>;
  owes(studentId: string): Promise<number>;
  /** What became of each message, oldest first. */
  outcomes(): Promise<string[]>;
  differences(): Promise<string[]>;
  callbackUrl(kind: string): string;
}

let shortcodes = 600_100;

/** A school in Kenya with open books and one paybill number, beside a platform and a local Daraja. */
export async function aPayingSchool(
  options: { children?: number; pull?: boolean; initiator?: boolean; background?: boolean } = {},
): Promise<PayingSchool> {
  let minutes = 0;
  const now = (): Date => new Date(Date.now() + minutes * 60_000);
  const own: LocalShortcode = {
    shortcode: String((shortcodes += 1)),
    passkey: 'a-passkey-of-tests',
    consumerKey: 'a-key',
    consumerSecret: 'a-secret',
  };
  const daraja = new LocalDaraja({ shortcodes: [own], now, initiator: 'apiop' });
  const sandbox = await daraja.listen();
  const { platform } = await testCluster();
  const school = await aSchool({
    country: 'KE',
    clock: { now },
    background: options.background ?? false,
    settings: (config) => ({
      launcher: true,
      school: { ...config.school!, bootstrapSecret: secretFor(masterKeys(MASTER), config.school!.id) },
      coreDb: {
        host: config.db.host,
        port: config.db.port,
        database: platform.coreApp.database,
        user: config.db.user,
        password: config.db.password,
      },
      rails: { production: sandbox, sandbox, callbackUrl: '' },
    }),
  });
  const core = await aCore(school, MASTER);
  school.app.config.rails.callbackUrl = core.url;
  const { id: schoolId, subdomain } = school.app.config.school!;
  await core.sql(
    "insert into schools (id, subdomain, skeleton, name, name_folded, country) values ($1, $2, $2, 'Paying School', 'paying school', 'KE')",
    [schoolId, subdomain],
  );
  await school.run(() =>
    school.get(BooksKeeping).open(school.office, {
      variant: 'private',
      yearStartsMonth: 1,
      startsOn: `${nairobiDay(now()).slice(0, 4)}-01-01`,
      release: 'term',
    }),
  );
  await admitMany(school, options.children ?? 4);
  const children = await sql<Child & Record<string, string>>(
    school.database,
    'select id, admission_no as "admissionNo", payment_no as "paymentNo" from students order by admission_no',
  );
  const account = await anAccount(school, own, options.initiator ?? false);
  if (options.pull !== false) await school.run(() => school.get(RailAccounts).register(school.office, account.id));
  else await addressAlone(school, daraja, core, account, own.shortcode);
  const callbackUrl = (kind: string): string => `${core.url}/api/callbacks/${account.token}/${kind}`;
  return {
    ...school,
    daraja,
    core,
    children,
    account: { ...account, shortcode: own.shortcode },
    callbackUrl,
    today: () => nairobiDay(now()),
    ahead: (more) => (minutes += more),
    look: (everything = false) =>
      school.run(async () => {
        await school.get(Hearing).takeInbox();
        await school.get(Settling).settleAll(everything);
      }),
    readLists: () =>
      school.run(async () => {
        await school.get(Hearing).readLists();
        await school.get(Settling).settleAll(true);
      }),
    balanceOf: async (role) => {
      const rows = await sql<{ sum: string }>(
        school.database,
        'select coalesce(sum(l.amount_minor), 0)::text as sum from finance_lines l join finance_accounts a on a.id = l.account_id where a.role = $1',
        [role],
      );
      return Number(rows[0]!.sum);
    },
    owes: (studentId) => school.run(() => school.get(LEDGER).balance({ kind: 'student', id: studentId })),
    outcomes: async () => {
      const rows = await sql<{ said: string }>(
        school.database,
        "select m.source || ' ' || coalesce(o.outcome, 'waiting') as said from payments_messages m left join payments_outcomes o on o.message_id = m.id order by m.id",
      );
      return rows.map((row) => row.said);
    },
    differences: () => school.run(async () => (await school.get(Checker).differences()).map((one) => one.sentence)),
    stop: async () => {
      await school.stop();
      await core.stop();
      await daraja.close();
    },
  };
}

/** Asked for by one person, agreed to by another. */
async function anAccount(
  school: SchoolUnderTest,
  own: LocalShortcode,
  initiator: boolean,
): Promise<{ id: string; token: string }> {
  const [bursar, owner]: Actor[] = [
    { ...school.office, userId: newId(), name: 'Bursar' },
    { ...school.office, userId: newId(), name: 'Owner', roles: ['owner'] },
  ];
  const accounts = school.get(RailAccounts);
  const id = await school.run(async () => {
    const ledgerAccount = (await accounts.ledgerAccounts()).find((one) => one.role === 'clearing.mobile');
    const details = {
      name: 'Paybill',
      environment: 'sandbox',
      kind: 'paybill',
      shortcode: own.shortcode,
      till: null,
      nominatedPhone: '+254722000111',
      ledgerAccountId: ledgerAccount!.id,
    } as const;
    return accounts.add(bursar!, details, {
      ...own,
      initiatorName: initiator ? 'apiop' : '',
      initiatorCredential: initiator ? 'sealed' : '',
    });
  });
  const [request] = await sql(school.database, 'select id from approvals_requests limit 1');
  await school.run(() => school.get(Approvals).decide(owner!, request!.id!, { approve: true, note: '' }));
  await school.run(() => school.get(Payees).put());
  const account = await school.run(() => school.get(ACCOUNT_STORE).find(id));
  return { id, token: account!.token };
}

/** The network knows where to call, and its list was never asked for. */
async function addressAlone(
  school: SchoolUnderTest,
  daraja: LocalDaraja,
  core: { url: string; sql: PlatformUnderTest['sql'] },
  { id, token }: { id: string; token: string },
  shortcode: string,
): Promise<void> {
  const { hashOf } = await import('../../../src/modules/payments/accounts/adapters/secrets.js');
  await core.sql('insert into callbacks_addresses (id, school_id, account_id, token_hash) values ($1, $2, $3, $4)', [
    newId(),
    school.app.config.school!.id,
    id,
    hashOf(token),
  ]);
  const base = `${core.url}/api/callbacks/${token}`;
  daraja.urls.set(shortcode, { validation: `${base}/validation`, confirmation: `${base}/confirmation` });
}
