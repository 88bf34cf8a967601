import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { conditions } from '../../../../platform/db/rows/conditions.js';
import { arrayOf } from '../../../../platform/db/rows/arrays.js';
import { fetched, ofIds, query } from '../../../../platform/db/index.js';
import { monthClosed } from '../../books/books.rules.js';
import type { Entry, Line, Party } from '../entry.rules.js';
import type { EntryLine, EntryStore, JournalFilter, LedgerLine, PartyStatement, PostedEntry, Share } from '../../ports.js';

const ENTRY = `e.id, n.number, e.value_on as "valueOn", e.posted_on as "postedOn", e.source_kind as "sourceKind", e.source_key as "sourceKey", e.memo,
  e.by_name as "byName", e.created_at as "createdAt", e.reverses_id as "reversesId"`;
const NUMBERED = 'left join finance_entry_numbers n on n.school_id = e.school_id and n.id = e.id';
const DEBITS = `(select sum(l.amount_minor) from finance_lines l where l.school_id = e.school_id and l.entry_id = e.id and l.amount_minor > 0)::bigint as "amountMinor"`;

/** Lines come in one statement with their entries; parties' rows are locked in the order of their ids, after everything else. */
const INSERT = `
  with entry as (
    insert into finance_entries (id, value_on, posted_on, source_kind, source_key, memo, reverses_id, by_user_id, by_name)
      select x.*, $8::uuid, $9 from unnest($1::uuid[], $2::date[], $3::date[], $4::text[], $5::text[], $6::text[], $7::uuid[]) as x
      on conflict (school_id, source_kind, source_key) do nothing returning id, posted_on
  ), line as (
    insert into finance_lines (id, entry_id, posted_on, n, account_id, amount_minor, party_kind, party_id, student_id, vote_head_id, term_id, class_id, fund_id, cost_centre_id, till_id, memo)
      select gen_random_uuid(), entry.id, entry.posted_on, x.n, x.account_id, x.amount_minor, x.party_kind, x.party_id, x.student_id, x.vote_head_id, x.term_id, x.class_id, x.fund_id, x.cost_centre_id, x.till_id, x.memo
        from unnest($10::uuid[], $11::smallint[], $12::uuid[], $13::bigint[], $14::text[], $15::uuid[], $16::uuid[], $17::uuid[], $18::uuid[], $19::uuid[], $20::uuid[], $21::uuid[], $22::uuid[], $23::text[])
          as x (entry_id, n, account_id, amount_minor, party_kind, party_id, student_id, vote_head_id, term_id, class_id, fund_id, cost_centre_id, till_id, memo)
        join entry on entry.id = x.entry_id
      returning account_id, party_kind, party_id, amount_minor
  ), sums as (
    insert into finance_party_sums as s (id, party_kind, balance_minor)
      select party_id, party_kind, sum(amount_minor) from line where account_id = $24::uuid and party_kind in ('student', 'sponsor') group by party_id, party_kind order by party_id
      on conflict (school_id, id) do update set balance_minor = s.balance_minor + excluded.balance_minor
  )
  select id from entry`;

const BALANCES_OF = ofIds(
  'finance.party.balances',
  (ids) => `select id, balance_minor as "balanceMinor" from finance_party_sums where id ${ids}`,
);

const STATEMENTS_OF = ofIds(
  'finance.party.statements',
  (
    ids,
  ) => `select l.party_id as "partyId", e.id as "entryId", l.posted_on as "postedOn", e.value_on as "valueOn", e.memo, e.source_kind as "sourceKind", e.reverses_id as "reversesId", sum(l.amount_minor)::bigint as "amountMinor", l.posted_on < $4 as before
    from finance_lines l join finance_entries e on e.school_id = l.school_id and e.id = l.entry_id
    where l.party_id ${ids} and l.party_kind = $2 and l.account_id = $3 and l.posted_on <= $5
    group by l.party_id, e.id, l.posted_on, e.value_on, e.memo, e.source_kind, e.reverses_id, e.created_at order by l.posted_on, e.created_at, e.id`,
);

/** Of a line `l`: whose it is, and the accounts on the other side of its entry. */
const ABOUT_LINE = `l.party_kind as "partyKind", l.party_id as "partyId",
            array(select distinct a.code from finance_lines o join finance_accounts a on a.school_id = o.school_id and a.id = o.account_id
              where o.school_id = l.school_id and o.entry_id = l.entry_id and sign(o.amount_minor) <> sign(l.amount_minor) order by a.code) as against`;

type FlatLedgerLine = Omit<LedgerLine, 'party'> & { partyKind: Party['kind'] | null; partyId: string | null };

function ledgerLine({ partyKind, partyId, ...row }: FlatLedgerLine): LedgerLine {
  return { ...row, party: partyOf(partyKind, partyId) };
}

const LINE = `n, account_id as "accountId", amount_minor as "amountMinor", party_kind as "partyKind", party_id as "partyId", student_id as "studentId",
  vote_head_id as "voteHeadId", term_id as "termId", class_id as "classId", fund_id as "fundId", cost_centre_id as "costCentreId", till_id as "tillId", memo`;

type StoredLine = Omit<Line, 'party'> & { n: number; partyKind: Party['kind'] | null; partyId: string | null };

function lineOf({ partyKind, partyId, ...line }: StoredLine): PostedEntry['lines'][number] {
  return { ...line, party: partyOf(partyKind, partyId) };
}

interface FlatLine extends Line {
  entryId: string;
  n: number;
}

export class PostgresEntryStore implements EntryStore {
  async insert(
    entries: readonly Entry[],
    by: { userId: string | null; name: string },
    receivableId: string | null,
  ): Promise<Set<string>> {
    const lines: FlatLine[] = entries.flatMap((entry) =>
      entry.lines.map((line, n) => ({ ...line, entryId: entry.id, n: n + 1 })),
    );
    const ofEntries = (valueOf: (entry: Entry) => unknown): string => arrayOf(entries, valueOf);
    const ofLines = (valueOf: (line: FlatLine) => unknown): string => arrayOf(lines, valueOf);
    const written = query<{ id: string }>('finance.entries.insert', INSERT, [
      ofEntries((one) => one.id),
      ofEntries((one) => one.valueOn),
      ofEntries((one) => one.postedOn),
      ofEntries((one) => one.source.kind),
      ofEntries((one) => one.source.key),
      ofEntries((one) => one.memo),
      ofEntries((one) => one.reversesId),
      by.userId,
      by.name,
      ofLines((one) => one.entryId),
      ofLines((one) => one.n),
      ofLines((one) => one.accountId),
      ofLines((one) => one.amountMinor),
      ofLines((one) => one.party?.kind),
      ofLines((one) => one.party?.id),
      ofLines((one) => one.studentId),
      ofLines((one) => one.voteHeadId),
      ofLines((one) => one.termId),
      ofLines((one) => one.classId),
      ofLines((one) => one.fundId),
      ofLines((one) => one.costCentreId),
      ofLines((one) => one.tillId),
      ofLines((one) => one.memo),
      receivableId,
    ]);
    return new Set((await written.catch(sayClosed)).map((row) => row.id));
  }

  async idOfSource(kind: string, key: string): Promise<string | null> {
    const [row] = await query<{ id: string }>(
      'finance.entries.of-source',
      'select id from finance_entries where source_kind = $1 and source_key = $2',
      [kind, key],
    );
    return row?.id ?? null;
  }

  async find(id: string): Promise<PostedEntry | null> {
    const [entry] = await query<Omit<PostedEntry, 'lines'>>(
      'finance.entries.one',
      `select ${ENTRY}, ${DEBITS}, (select r.id from finance_entries r where r.school_id = e.school_id and r.reverses_id = e.id) as "reversedById"
        from finance_entries e ${NUMBERED} where e.id = $1`,
      [id],
    );
    if (!entry) return null;
    const lines = await query<StoredLine>(
      'finance.entries.lines',
      `select ${LINE} from finance_lines where entry_id = $1 order by n`,
      [id],
    );
    return { ...entry, lines: lines.map(lineOf) };
  }

  async findAll(ids: readonly string[]): Promise<Pick<PostedEntry, 'id' | 'reversedById' | 'lines'>[]> {
    const entries = await query<{ id: string; reversedById: string | null }>(
      'finance.entries.all',
      `select e.id, (select r.id from finance_entries r where r.school_id = e.school_id and r.reverses_id = e.id) as "reversedById" from finance_entries e where e.id = any($1::uuid[]) order by e.id`,
      [ids],
    );
    const lines = await query<StoredLine & { entryId: string }>(
      'finance.entries.all-lines',
      `select entry_id as "entryId", ${LINE} from finance_lines where entry_id = any($1::uuid[]) order by entry_id, n`,
      [ids],
    );
    const found = new Map(entries.map((entry) => [entry.id, { ...entry, lines: [] as PostedEntry['lines'] }]));
    for (const { entryId, ...line } of lines) found.get(entryId)!.lines.push(lineOf(line));
    return [...found.values()];
  }

  async statementsOf(
    kind: Party['kind'],
    ids: readonly string[],
    receivableId: string,
    from: string,
    to: string,
  ): Promise<Map<string, PartyStatement>> {
    const rows = await STATEMENTS_OF<PartyStatement['rows'][number] & { partyId: string; before: boolean }>(
      ids,
      kind,
      receivableId,
      from,
      to,
    );
    const found = new Map(ids.map((id) => [id, { openingMinor: 0, rows: [] as PartyStatement['rows'][number][] }]));
    for (const { partyId, before, ...row } of rows) {
      const statement = found.get(partyId)!;
      if (before) statement.openingMinor += row.amountMinor;
      else if (row.amountMinor !== 0) statement.rows.push(row);
    }
    return found;
  }

  sharesOf(accountId: string): Promise<Share[]> {
    return query<Share>(
      'finance.shares',
      `select term_id as "termId", vote_head_id as "voteHeadId", class_id as "classId", sum(amount_minor)::bigint as "balanceMinor"
        from finance_lines where account_id = $1 group by term_id, vote_head_id, class_id order by term_id, vote_head_id, class_id`,
      [accountId],
    );
  }

  async journal(filter: JournalFilter, cursor: string | null, limit: number): Promise<Page<EntryLine>> {
    const { values, keys, where, param, add } = conditions();
    if (filter.from) add('from', `e.posted_on >= ${param(filter.from)}`);
    if (filter.to) add('to', `e.posted_on <= ${param(filter.to)}`);
    if (filter.source) add('source', `e.source_kind = ${param(filter.source)}`);
    if (filter.text)
      add(
        'text',
        `(e.memo ilike '%' || ${param(filter.text.replace(/[\\%_]/g, '\\$&'))} || '%' or n.number::text = ${param(filter.text)})`,
      );
    if (cursor !== null) {
      const [postedOn, id] = decodeCursor(cursor, 2);
      add('after', `(e.posted_on, e.id) < (${param(postedOn)}::date, ${param(id)}::uuid)`);
    }
    const rows = await query<EntryLine>(
      `finance.journal.${keys.join('.')}`,
      `select ${ENTRY}, ${DEBITS} from finance_entries e ${NUMBERED} ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
        order by e.posted_on desc, e.id desc limit ${param(limit + 1)}`,
      values,
    );
    return toPage(rows, limit, (row) => [row.postedOn, row.id]);
  }

  async ledger(accountId: string, from: string, to: string, cursor: string | null, limit: number): Promise<Page<LedgerLine>> {
    const [postedOn, entryId, n] = cursor === null ? [from, '00000000-0000-0000-0000-000000000000', 0] : decodeCursor(cursor, 3);
    const rows = await query<FlatLedgerLine>(
      'finance.ledger',
      `with page as (
          select l.* from finance_lines l where l.account_id = $1 and l.posted_on >= $2 and l.posted_on <= $3
            and (l.posted_on, l.entry_id, l.n) > ($4::date, $5::uuid, $6::int) order by l.posted_on, l.entry_id, l.n limit $7
        ), before as (
          select coalesce(sum(l.amount_minor), 0) as minor from finance_lines l
            where l.account_id = $1 and (l.posted_on, l.entry_id, l.n) <= ($4::date, $5::uuid, $6::int)
        )
        select l.entry_id as "entryId", l.n, n.number, e.value_on as "valueOn", l.posted_on as "postedOn", coalesce(nullif(l.memo, ''), e.memo) as memo,
            l.amount_minor as "amountMinor", (before.minor + sum(l.amount_minor) over (order by l.posted_on, l.entry_id, l.n))::bigint as "balanceMinor",
            ${ABOUT_LINE}
          from page l cross join before join finance_entries e on e.school_id = l.school_id and e.id = l.entry_id ${NUMBERED}
          order by l.posted_on, l.entry_id, l.n`,
      [accountId, from, to, postedOn, entryId, n, limit + 1],
    );
    return toPage(rows.map(ledgerLine), limit, (row) => [row.postedOn, row.entryId, row.n]);
  }

  async *wholeLedger(accountId: string, from: string, to: string): AsyncGenerator<readonly LedgerLine[]> {
    const pages = fetched<FlatLedgerLine>(
      'finance.ledger.whole',
      `select l.entry_id as "entryId", l.n, n.number, e.value_on as "valueOn", l.posted_on as "postedOn", coalesce(nullif(l.memo, ''), e.memo) as memo, l.amount_minor as "amountMinor",
          (coalesce((select sum(x.amount_minor) from finance_lines x where x.account_id = $1 and x.posted_on < $2), 0) + sum(l.amount_minor) over (order by l.posted_on, l.entry_id, l.n))::bigint as "balanceMinor",
          ${ABOUT_LINE}
        from finance_lines l join finance_entries e on e.school_id = l.school_id and e.id = l.entry_id ${NUMBERED}
        where l.account_id = $1 and l.posted_on >= $2 and l.posted_on <= $3 order by l.posted_on, l.entry_id, l.n`,
      [accountId, from, to],
    );
    for await (const rows of pages) yield rows.map(ledgerLine);
  }

  async giveNumbers(): Promise<number> {
    await query('finance.numbers.alone', 'select pg_advisory_xact_lock(4720, 2)');
    const rows = await query(
      'finance.numbers.give',
      `insert into finance_entry_numbers (id, number)
        select e.id, coalesce((select max(number) from finance_entry_numbers), 0) + row_number() over (order by e.created_at, e.id)
          from finance_entries e ${NUMBERED}
          where n.id is null and e.created_at >= coalesce((select o.created_at from finance_entry_numbers m join finance_entries o on o.school_id = m.school_id and o.id = m.id order by m.number desc limit 1), '-infinity') - interval '1 day'
        returning 1`,
    );
    return rows.length;
  }

  async balanceOf(party: Party): Promise<number> {
    const [row] = await query<{ balanceMinor: number }>(
      'finance.party.balance',
      'select balance_minor as "balanceMinor" from finance_party_sums where id = $1 and party_kind = $2',
      [party.id, party.kind],
    );
    return row?.balanceMinor ?? 0;
  }

  async balancesOf(partyIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await BALANCES_OF<{ id: string; balanceMinor: number }>(partyIds);
    return new Map(rows.map((row) => [row.id, row.balanceMinor]));
  }
}

/** The last word on a closed month is the database's; a person hears it in the sentence of the rule. */
function sayClosed(error: unknown): never {
  throw (error as { constraint?: unknown }).constraint === 'finance_entries_in_open_books' ? monthClosed() : error;
}

function partyOf(kind: Party['kind'] | null, id: string | null): Party | null {
  return kind !== null && id !== null ? { kind, id } : null;
}
