import type pg from 'pg';

export interface BareRow {
  [column: string]: unknown;
  id: string;
  surname: string;
  first_name: string;
  middle_name: string | null;
  admission_no: string;
  sex: string;
  status: string;
  stream_id: string | null;
  photo_file_id: string | null;
  special_needs: string | null;
  guardian_name: string | null;
  guardian_phone: string | null;
}

export interface BareProfile {
  student: Record<string, unknown>;
  guardians: { guardian: Record<string, unknown>; tie: Record<string, unknown> }[];
  enrolments: Record<string, unknown>[];
  status_changes: Record<string, unknown>[];
  consents: Record<string, unknown>[];
  assignments: Record<string, unknown>[];
  identifiers: Record<string, unknown>[];
  siblings: Record<string, unknown>[];
  trail: Record<string, unknown>[];
}

export interface BareAccount {
  student: Record<string, unknown>;
  moves: Record<string, unknown>[];
  open: Record<string, unknown>[];
  subscriptions: Record<string, unknown>[];
  awards: Record<string, unknown>[];
  heads: Record<string, unknown>[];
}

export const LIST_ROW = `select s.id, s.admission_no, s.payment_no, s.surname, s.first_name, s.middle_name, s.sex, s.born_on, s.status, s.boarding, s.class_id, s.stream_id,
    s.photo_file_id, s.special_needs, s.sort_name, g.full_name as guardian_name, g.phone as guardian_phone
  from students s
  left join lateral (
    select g.full_name, g.phone from students_guardianships t join students_guardians g on g.school_id = t.school_id and g.id = t.guardian_id
    where t.school_id = s.school_id and t.student_id = s.id and not t.barred order by t.priority, t.id limit 1
  ) g on true`;
const HERE = ['active', 'suspended', 'expected'];
const ORDER = 'order by s.sort_name asc, s.id asc limit';

const PROFILE = `select to_jsonb(s) as student,
    (select coalesce(jsonb_agg(to_jsonb(i)), '[]') from students_identifiers i where i.student_id = s.id) as identifiers,
    (select coalesce(jsonb_agg(jsonb_build_object('guardian', to_jsonb(g), 'tie', to_jsonb(t)) order by t.priority), '[]')
       from students_guardianships t join students_guardians g on g.school_id = t.school_id and g.id = t.guardian_id where t.student_id = s.id) as guardians,
    (select coalesce(jsonb_agg(to_jsonb(e) order by e.entered_on desc), '[]') from students_enrolments e where e.student_id = s.id) as enrolments,
    (select coalesce(jsonb_agg(to_jsonb(c) order by c.created_at desc), '[]') from students_status_changes c where c.student_id = s.id) as status_changes,
    (select coalesce(jsonb_agg(to_jsonb(c) order by c.created_at desc), '[]') from students_consents c where c.student_id = s.id) as consents,
    (select coalesce(jsonb_agg(to_jsonb(a) order by a.from_on desc), '[]') from students_assignments a where a.student_id = s.id) as assignments,
    (select coalesce(jsonb_agg(distinct jsonb_build_object('id', o.id, 'surname', o.surname, 'first_name', o.first_name)), '[]')
       from students_guardianships mine join students_guardianships theirs on theirs.school_id = mine.school_id and theirs.guardian_id = mine.guardian_id
       join students o on o.school_id = theirs.school_id and o.id = theirs.student_id
       where mine.student_id = s.id and o.id <> s.id and o.put_aside_at is null) as siblings,
    (select coalesce(jsonb_agg(to_jsonb(a)), '[]') from (select id, at, actor_name, action, label, before, after, reason from audit_entries
       where entity = 'student' and entity_id = $1::text and action not like '%.read' order by id desc limit 8) a) as trail
  from students s where s.id = $1::uuid`;

const IN_CLASS = "s.put_aside_at is null and s.status in ('active', 'suspended')";
const NO_PHONE = `not exists (select 1 from students_guardianships t join students_guardians g on g.school_id = t.school_id and g.id = t.guardian_id
  where t.school_id = s.school_id and t.student_id = s.id and not t.barred and g.phone is not null)`;
const HOME_SINCE = new Date(Date.now() - 6 * 86_400_000).toISOString().slice(0, 10);
const HOME = `select jsonb_build_object(
    'counts', (select to_jsonb(c) from (select count(*) filter (where ${IN_CLASS}) as here, count(*) filter (where ${IN_CLASS} and s.sex = 'F') as girls,
        count(*) filter (where ${IN_CLASS} and s.boarding = 'boarder') as boarders, count(*) filter (where ${IN_CLASS} and s.photo_file_id is null) as photo,
        count(*) filter (where ${IN_CLASS} and s.birth_certificate_no is null) as certificate, count(*) filter (where ${IN_CLASS} and s.class_id is null) as unplaced,
        count(*) filter (where ${IN_CLASS} and ${NO_PHONE}) as phone from students s) c),
    'classes', (select jsonb_agg(to_jsonb(x)) from (select s.class_id, count(*) filter (where s.sex = 'F') as girls, count(*) filter (where s.sex = 'M') as boys
        from students s where ${IN_CLASS} and s.class_id is not null group by s.class_id) x),
    'moves', (select jsonb_agg(to_jsonb(m)) from (select s.id, s.surname, s.first_name, s.stream_id, c.to_status, c.reason, c.on_day
        from students_status_changes c join students s on s.school_id = c.school_id and s.id = c.student_id
        where c.on_day >= $1 and s.put_aside_at is null and c.undoes_id is null and s.status = c.to_status order by c.on_day desc, c.created_at desc limit 8) m),
    'sizes', (select jsonb_agg(to_jsonb(z)) from (select s.stream_id, count(*) filter (where s.sex = 'F') as girls, count(*) filter (where s.sex = 'M') as boys
        from students s where ${IN_CLASS} and s.stream_id is not null group by s.stream_id) z)) as home`;

/** A child's account: what moved it, with the paper of each line; what is open, oldest first; who else is at home; what it takes and was awarded. */
const ACCOUNT = `select to_jsonb(s) as student,
    (select coalesce(jsonb_agg(to_jsonb(x) order by x.posted_on, x.created_at), '[]') from (
        select l.posted_on, e.created_at, e.memo, sum(l.amount_minor) as minor, max(coalesce(i.number, r.number)) as number, max(i.kind) as kind, max(i.term_id::text) as term
          from finance_lines l join finance_entries e on e.school_id = l.school_id and e.id = l.entry_id
          left join fees_invoices i on i.school_id = e.school_id and i.entry_id = e.id left join fees_payments p on p.school_id = e.school_id and p.entry_id = e.id
          left join fees_receipts r on r.school_id = p.school_id and r.payment_id = p.id and r.student_id = l.party_id
          where l.party_id = s.id and l.party_kind = 'student' group by l.posted_on, e.id, e.created_at, e.memo) x) as moves,
    (select coalesce(jsonb_agg(to_jsonb(x)), '[]') from (
        select i.number, i.due_on, i.total_minor - coalesce((select sum(a.amount_minor) from fees_allocations a where a.school_id = i.school_id and a.invoice_id = i.id and a.freed_at is null), 0) as minor
          from fees_invoices i where i.student_id = s.id and i.state = 'issued' order by i.due_on) x) as open,
    (select coalesce(jsonb_agg(to_jsonb(x)), '[]') from fees_subscriptions x where x.student_id = s.id) as subscriptions,
    (select coalesce(jsonb_agg(to_jsonb(x)), '[]') from fees_awards x where x.student_id = s.id) as awards,
    (select coalesce(jsonb_agg(to_jsonb(h)), '[]') from fees_vote_heads h where not h.mandatory) as heads
  from students s where s.id = $1::uuid`;

/** Who owes most first: what each invoice has left, by child, with the guardian whom the school calls. */
const BALANCES = `with owing as (
    select i.student_id, sum(i.total_minor - coalesce(a.minor, 0)) as minor, min(i.due_on) filter (where i.total_minor > coalesce(a.minor, 0)) as due_on
      from fees_invoices i left join (select invoice_id, sum(amount_minor) as minor from fees_allocations where freed_at is null group by invoice_id) a on a.invoice_id = i.id
      where i.state = 'issued' and i.payer_kind = 'student' group by i.student_id
  )
  select o.minor, o.due_on, x.* from (select * from owing where minor > 0 order by minor desc, student_id limit $1) o join lateral (${LIST_ROW} where s.id = o.student_id) x on true order by o.minor desc, o.student_id`;

/** The nearest matches of a word, rank by rank, each read no further than to a full page. */
const FOUND = `select student_id, term, sort_name from (${[1, 2, 3, 4, 5]
  .map(
    (rank) => `(select t.student_id, t.term, t.sort_name from students_terms t join students o on o.id = t.student_id
    where t.term >= '${rank}' || $1 and t.term < '${rank}' || $2 and o.put_aside_at is null
    order by t.term, t.sort_name, t.student_id limit $3)`,
  )
  .join(' union all ')}) r order by term, sort_name, student_id limit $3`;

/** The same reads as the product's pages do, in as few trips as they can be done in. */
export class BareStatements {
  constructor(private readonly pool: pg.Pool) {}

  list(name: string | null, id: string | null): Promise<BareRow[]> {
    return name === null
      ? this.rows('list', `${LIST_ROW} where s.put_aside_at is null and s.status = any($1) ${ORDER} $2`, [HERE, 51])
      : this.rows(
          'deep',
          `${LIST_ROW} where s.put_aside_at is null and s.status = any($1) and (s.sort_name, s.id) > ($2, $3::uuid) ${ORDER} $4`,
          [HERE, name, id, 51],
        );
  }

  filtered(stream: string, status: string): Promise<BareRow[]> {
    return this.rows(
      'filtered',
      `${LIST_ROW} where s.put_aside_at is null and s.status = any($1) and s.stream_id = $2 ${ORDER} $3`,
      [[status], stream, 51],
    );
  }

  search(text: string): Promise<BareRow[]> {
    return this.rows(
      'search',
      `${LIST_ROW} join (${FOUND}) m on m.student_id = s.id order by m.term, m.sort_name, m.student_id`,
      [text, `${text}\u{10ffff}`, 9],
    );
  }

  async profile(id: string): Promise<BareProfile> {
    const { rows } = await this.pool.query<BareProfile>({ name: 'profile', text: PROFILE, values: [id] });
    return rows[0]!;
  }

  /** The figures of the registrar's first page: who is here by class, what is missing, who came and went. */
  async home(): Promise<unknown> {
    const { rows } = await this.pool.query<{ home: unknown }>({ name: 'home', text: HOME, values: [HOME_SINCE] });
    return rows[0]!.home;
  }

  async account(id: string): Promise<BareAccount> {
    const { rows } = await this.pool.query<BareAccount>({ name: 'account', text: ACCOUNT, values: [id] });
    return rows[0]!;
  }

  balances(): Promise<BareRow[]> {
    return this.rows('balances', BALANCES, [51]);
  }

  private async rows(name: string, text: string, values: unknown[]): Promise<BareRow[]> {
    return (await this.pool.query<BareRow>({ name, text, values })).rows;
  }
}
