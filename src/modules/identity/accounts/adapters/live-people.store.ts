import { changed, onChanged, PAGE_PATIENCE_MS, query, runWith, type Database } from '../../../../platform/db/index.js';
import type { RoleName } from '../../ports.js';
import { ABSOLUTE_HOURS, IDLE_MINUTES, TOUCH_MINUTES } from '../../sign-in/session.rules.js';
import type { LivePeople, LivePerson, LiveSession, PersonKind } from '../../ports.js';
import { PEOPLE } from './account.store.js';

/** Changes are announced and drop the entry at once; this is what holds if an announcement is lost. */
const KEPT_MS = 1_000;
const MOST = 5_000;

interface PersonRow {
  userId: string;
  name: string;
  version: number;
  person_kind: PersonKind | null;
  person_id: string | null;
  roles: RoleName[];
  language: string | null;
  density: 'compact' | 'normal' | null;
  mustSetPassword: boolean;
  hasFactor: boolean;
  factorDue: number | null;
  doubtedUntil: number;
  matrixVersion: number;
}
interface SessionRow extends PersonRow {
  sess: Record<string, unknown>;
  minutes: number;
  idle: number;
}

const PERSON = `u.id as "userId", u.name, u.version, u.person_kind, u.person_id, u.language, u.density, u.must_set_password as "mustSetPassword",
  array(select r.role from identity_user_roles r where r.user_id = u.id order by r.role) as roles,
  (exists (select 1 from identity_factors f where f.user_id = u.id and f.confirmed_at is not null) or exists (select 1 from identity_passkeys k where k.user_id = u.id)) as "hasFactor",
  extract(epoch from u.factor_due_at)::float8 * 1000 as "factorDue",
  coalesce(extract(epoch from u.doubted_until)::float8 * 1000, 0) as "doubtedUntil",
  coalesce((select permissions_version from identity_settings), 0) as "matrixVersion"`;

/** Session, person, roles and the version of the matrix in one statement. */
const BY_SESSION = `select s.sess, extract(epoch from now() - s.created_at)::float8 / 60 as minutes, extract(epoch from now() - s.last_seen_at)::float8 / 60 as idle, ${PERSON}
  from identity_sessions s join identity_users u on u.id = s.user_id
  where s.sid = $1 and u.state = 'active'
    and s.created_at > now() - interval '${ABSOLUTE_HOURS} hours' and s.last_seen_at > now() - interval '${IDLE_MINUTES} minutes'`;

const BY_ID = `select ${PERSON} from identity_users u where u.id = $1 and u.state = 'active'`;

/** A short memory in front of the table; works on the pool, outside of whatever transaction is under way. */
export class PgLivePeople implements LivePeople {
  private readonly sessions = new Memory<LiveSession>();
  private readonly people = new Memory<LivePerson>();

  constructor(private readonly database: Database) {
    onChanged(database, (key) => {
      if (key !== null && key !== PEOPLE) return;
      this.sessions.forget();
      this.people.forget();
    });
  }

  bySession(sidHash: string): Promise<LiveSession | null> {
    return this.sessions.get(sidHash, async () => {
      const [row] = await this.query<SessionRow>('identity.live.session', BY_SESSION, [sidHash]);
      return row ? { sess: row.sess, age: { minutes: row.minutes, idleMinutes: row.idle }, person: toPerson(row) } : null;
    });
  }

  byId(userId: string): Promise<LivePerson | null> {
    return this.people.get(userId, async () => {
      const [row] = await this.query<PersonRow>('identity.live.person', BY_ID, [userId]);
      return row ? toPerson(row) : null;
    });
  }

  async save(sidHash: string, sess: object): Promise<void> {
    await this.query('identity.live.save', 'update identity_sessions set sess = $2 where sid = $1', [
      sidHash,
      JSON.stringify(sess),
    ]);
    await runWith(this.database, () => changed(PEOPLE));
  }

  touch(sidHash: string): Promise<void> | null {
    const kept = this.sessions.peek(sidHash);
    if (!kept || kept.age.idleMinutes < TOUCH_MINUTES) return null;
    kept.age.idleMinutes = 0;
    return this.touchRow(sidHash);
  }

  private async touchRow(sidHash: string): Promise<void> {
    await this.query(
      'identity.live.touch',
      `update identity_sessions set last_seen_at = now() where sid = $1 and last_seen_at < now() - interval '1 minute'`,
      [sidHash],
    );
  }

  private query<Row = Record<string, unknown>>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
    return runWith(this.database, () => query<Row>(name, text, values), PAGE_PATIENCE_MS);
  }
}

/** Keeps what was found for a moment. What was read before a change is not kept after it. */
class Memory<Value> {
  private entries = new Map<string, { value: Value; at: number }>();
  private generation = 0;

  async get(key: string, load: () => Promise<Value | null>): Promise<Value | null> {
    const kept = this.entries.get(key);
    if (kept && performance.now() - kept.at < KEPT_MS) return kept.value;
    const { generation } = this;
    const value = await load();
    if (value === null) this.entries.delete(key);
    else if (generation === this.generation) {
      if (this.entries.size >= MOST) this.entries.clear();
      this.entries.set(key, { value, at: performance.now() });
    }
    return value;
  }

  peek(key: string): Value | null {
    return this.entries.get(key)?.value ?? null;
  }

  forget(): void {
    this.generation += 1;
    this.entries.clear();
  }
}

function toPerson(row: PersonRow): LivePerson {
  return {
    userId: row.userId,
    name: row.name,
    version: row.version,
    person: row.person_kind && row.person_id ? { kind: row.person_kind, id: row.person_id } : null,
    roles: row.roles,
    language: row.language,
    density: row.density,
    mustSetPassword: row.mustSetPassword,
    hasFactor: row.hasFactor,
    factorDue: row.factorDue,
    doubtedUntil: row.doubtedUntil,
    matrixVersion: row.matrixVersion,
  };
}
