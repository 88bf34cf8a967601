import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** The school's books: chart, journal, sums of the sub-ledger. What is posted is never changed or removed. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'finance_books', (t) => {
    t.columns.text('variant').notNullable();
    t.columns.text('currency').notNullable();
    t.columns.smallint('year_starts_month').notNullable();
    t.columns.date('starts_on').notNullable();
    t.columns.date('closed_through');
    t.columns.text('income_release').notNullable();
    t.columns.integer('version').notNullable().defaultTo(1);
    t.check('variant', "variant in ('private', 'public')");
    t.check('month', 'year_starts_month between 1 and 12');
    t.check('release', "income_release in ('term', 'month')");
    t.check('closed', 'closed_through is null or closed_through >= starts_on');
    t.uniqueOn([]);
  });
  await addComment(knex, 'finance_books', 'closed_through', 'Nothing is posted on this day or before it');

  await tenantTable(
    knex,
    'finance_closings',
    (t) => {
      t.columns.text('kind').notNullable();
      t.columns.date('through_on').notNullable();
      t.columns.text('reason').notNullable().defaultTo('');
      t.columns.uuid('by_user_id');
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.check('kind', "kind in ('close', 'reopen', 'year-end')");
      t.indexed(['created_at']);
    },
    { appendOnly: true },
  );

  await tenantTable(knex, 'finance_funds', (t) => {
    t.columns.text('code').notNullable();
    t.columns.text('name').notNullable();
    t.columns.boolean('active').notNullable().defaultTo(true);
    t.uniqueOn(['code']);
  });

  await tenantTable(knex, 'finance_cost_centres', (t) => {
    t.columns.text('code').notNullable();
    t.columns.text('name').notNullable();
    t.columns.boolean('active').notNullable().defaultTo(true);
    t.uniqueOn(['code']);
  });

  await tenantTable(knex, 'finance_accounts', (t) => {
    t.columns.text('code').notNullable();
    t.columns.text('name').notNullable();
    t.columns.text('kind').notNullable();
    t.columns.text('role');
    t.ref('fund_id', 'finance_funds', { null: true });
    t.columns.boolean('active').notNullable().defaultTo(true);
    t.columns.integer('version').notNullable().defaultTo(1);
    t.check('kind', "kind in ('asset', 'liability', 'equity', 'income', 'expense')");
    t.check('code', "code ~ '^[0-9A-Z.-]{1,20}$'");
    t.uniqueOn(['code']);
    t.uniqueOn(['role', 'fund_id'], { where: 'role is not null', nullsNotDistinct: true, name: 'finance_accounts_one_per_role' });
  });
  await addComment(
    knex,
    'finance_accounts',
    'role',
    'What the product itself uses this account for; null for one of the school’s own',
  );

  await tenantTable(
    knex,
    'finance_entries',
    (t) => {
      t.columns.date('value_on').notNullable();
      t.columns.date('posted_on').notNullable();
      t.columns.text('source_kind').notNullable();
      t.columns.text('source_key').notNullable();
      t.columns.text('memo').notNullable();
      t.columns.uuid('reverses_id');
      t.columns.uuid('by_user_id');
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.columns.specificType('born_in', 'xid8').notNullable().defaultTo(knex.raw('pg_current_xact_id()'));
      t.check('not_of_itself', 'reverses_id is distinct from id');
      t.uniqueOn(['source_kind', 'source_key']);
      t.uniqueOn(['id', 'posted_on']);
      t.uniqueOn(['reverses_id'], { where: 'reverses_id is not null' });
      t.indexed(['posted_on', 'id']);
      t.indexed(['created_at']);
    },
    { appendOnly: true, comment: 'One business event in the books. Its lines are born in the same transaction and sum to zero.' },
  );
  await addComment(knex, 'finance_entries', 'value_on', 'When the money moved or the thing happened');
  await addComment(knex, 'finance_entries', 'posted_on', 'When it counts in the books');
  await addComment(knex, 'finance_entries', 'born_in', 'The transaction that wrote it: no other may add lines');
  await knex.raw(
    'alter table finance_entries add constraint finance_entries_reverses_fkey foreign key (school_id, reverses_id) references finance_entries (school_id, id)',
  );

  await tenantTable(
    knex,
    'finance_lines',
    (t) => {
      t.columns.uuid('entry_id').notNullable();
      t.columns.smallint('n').notNullable();
      t.columns.date('posted_on').notNullable();
      t.ref('account_id', 'finance_accounts');
      t.columns.bigInteger('amount_minor').notNullable();
      t.columns.text('party_kind');
      t.columns.uuid('party_id');
      t.columns.uuid('student_id');
      t.columns.uuid('vote_head_id');
      t.columns.uuid('term_id');
      t.columns.uuid('class_id');
      t.columns.uuid('fund_id');
      t.columns.uuid('cost_centre_id');
      t.columns.uuid('till_id');
      t.columns.text('memo').notNullable().defaultTo('');
      t.check('amount', 'amount_minor <> 0');
      t.check('party', '(party_kind is null) = (party_id is null)');
      t.check('party_kind', "party_kind in ('student', 'sponsor', 'supplier', 'staff')");
      t.uniqueOn(['entry_id', 'n']);
      t.indexed(['account_id', 'posted_on', 'entry_id', 'n'], { name: 'finance_lines_of_account' });
      t.indexed(['party_id', 'posted_on', 'entry_id', 'n'], { where: 'party_id is not null', name: 'finance_lines_of_party' });
    },
    { appendOnly: true },
  );
  await addComment(
    knex,
    'finance_lines',
    'amount_minor',
    'In minor units of the books’ currency: above zero a debit, below zero a credit',
  );
  await addComment(knex, 'finance_lines', 'till_id', 'The session of a till in which cash was taken or given');
  await knex.raw(
    'alter table finance_lines add constraint finance_lines_of_entry foreign key (school_id, entry_id, posted_on) references finance_entries (school_id, id, posted_on)',
  );

  await tenantTable(
    knex,
    'finance_entry_numbers',
    (t) => {
      t.columns.bigInteger('number').notNullable();
      t.uniqueOn(['number']);
    },
    {
      appendOnly: true,
      comment: 'Given after the commit, in order: `id` is the entry’s. Nobody who posts waits for another’s number.',
    },
  );
  await knex.raw(
    'alter table finance_entry_numbers add constraint finance_entry_numbers_of_entry foreign key (school_id, id) references finance_entries (school_id, id)',
  );

  await tenantTable(
    knex,
    'finance_party_sums',
    (t) => {
      t.columns.text('party_kind').notNullable();
      t.columns.bigInteger('balance_minor').notNullable();
      t.check('kind', "party_kind in ('student', 'sponsor')");
    },
    { comment: 'What each party owes on the receivable control account, changed with the lines; `id` is the party’s.' },
  );

  await tenantTable(
    knex,
    'finance_checks',
    (t) => {
      t.columns.timestamp('ran_at').notNullable();
      t.columns.jsonb('differences').notNullable();
      t.indexed(['ran_at']);
    },
    { appendOnly: true },
  );

  await knex.raw(CLOSED);
  await knex.raw(BALANCED);
  await knex.raw(OWN_LINES);
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'finance_checks',
    'finance_party_sums',
    'finance_entry_numbers',
    'finance_lines',
    'finance_entries',
    'finance_accounts',
    'finance_cost_centres',
    'finance_funds',
    'finance_closings',
    'finance_books',
  ]) {
    await knex.schema.dropTableIfExists(table);
  }
  for (const name of ['finance_refuse_closed', 'finance_demand_balance', 'finance_refuse_late_lines'])
    await knex.raw(`drop function if exists app.${name}()`);
}

/** Postings share this lock, closing takes it alone: nobody posts into a month while it is being closed. */
const CLOSED = `
  create function app.finance_refuse_closed() returns trigger language plpgsql set search_path = public as $$
    begin
      perform pg_advisory_xact_lock_shared(4720, 1);
      if not exists (select 1 from finance_books b where new.posted_on >= b.starts_on and (b.closed_through is null or new.posted_on > b.closed_through)) then
        raise exception 'The books are closed on %', new.posted_on using errcode = '23514', constraint = 'finance_entries_in_open_books';
      end if;
      return new;
    end $$;
  create trigger finance_open_books before insert on finance_entries for each row execute function app.finance_refuse_closed();`;

const BALANCED = `
  create function app.finance_demand_balance() returns trigger language plpgsql set search_path = public as $$
    declare
      lines integer;
      total numeric;
    begin
      select count(*), coalesce(sum(amount_minor), 0) into lines, total from finance_lines where school_id = new.school_id and entry_id = new.id;
      if lines < 2 or total <> 0 then
        raise exception 'Entry % has % lines that sum to %', new.id, lines, total using errcode = '23514', constraint = 'finance_entries_balance';
      end if;
      return null;
    end $$;
  create constraint trigger finance_balance after insert on finance_entries deferrable initially deferred for each row execute function app.finance_demand_balance();`;

/** With the one above this keeps an entry balanced for ever: lines come with their entry or not at all. */
const OWN_LINES = `
  create function app.finance_refuse_late_lines() returns trigger language plpgsql set search_path = public as $$
    begin
      if exists (select 1 from added a join finance_entries e on e.school_id = a.school_id and e.id = a.entry_id where e.born_in <> pg_current_xact_id()) then
        raise exception 'Lines are added to an entry that is posted already' using errcode = '23514', constraint = 'finance_lines_with_entry';
      end if;
      return null;
    end $$;
  create trigger finance_own_lines after insert on finance_lines referencing new table as added for each statement execute function app.finance_refuse_late_lines();`;
