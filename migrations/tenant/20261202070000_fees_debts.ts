import type { Knex } from 'knex';
import { grantOnlyChanges, reportView, tenantTable } from '../../src/platform/db/migration.js';

/**
 * What each family owes is kept with every bill and payment, so that the list of who owes most reads one page of it and no bill
 * of the others.
 */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(
    knex,
    'fees_debts',
    (t) => {
      t.columns.bigInteger('open_minor').notNullable();
      t.columns.date('due_on');
      t.indexed(['open_minor desc', 'id'], { where: 'due_on is not null', name: 'fees_debts_by_size' });
    },
    {
      comment:
        'What the family of a student owes on bills, changed with them and with what settles them; `id` is the student’s, `due_on` the day of the oldest that is open.',
    },
  );
  await grantOnlyChanges(knex, 'fees_debts', ['open_minor', 'due_on']);
  await reportView(knex, 'fees_bills_left', BILLS_LEFT);
  await reportView(knex, 'fees_heads_left', HEADS_LEFT);
  await knex.raw(KEEP);
  await knex.raw(TRIGGERS);
  await knex.raw("select app.fees_keep_debts(array(select distinct student_id from fees_invoices where payer_kind = 'student'))");
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['fees_invoices', 'fees_allocations']) {
    for (const when of ['added', 'changed']) await knex.raw('drop trigger ?? on ??', [`fees_debts_${when}`, table]);
  }
  for (const name of ['fees_debts_of_invoices()', 'fees_debts_of_allocations()', 'fees_keep_debts(uuid[])'])
    await knex.raw(`drop function app.${name}`);
  for (const view of ['fees_heads_left', 'fees_bills_left']) await knex.raw('drop view ??', [view]);
  await knex.schema.dropTable('fees_debts');
}

/**
 * Splits what is open by the day on which each part of it is due: what a note charges later is due by its own day, not by that
 * of its invoice, and so is never old on the day on which it is billed. What was paid or taken off goes to the part that is due
 * first. `rows` have the columns of `of`, due_on and minor; what is paid or taken off lies below zero. Whoever asks for some
 * students has only their rows read, since `of` names them.
 */
const byDueDay = (of: string, rows: string): string => `
    select ${of}, due_on, minor::bigint as left_minor from (
      select ${of}, due_on,
          greatest(upto - less, 0) - greatest(upto - part - less, 0) + case when due_on = latest then least(upto - less, 0) else 0 end as minor
        from (
          select ${of}, due_on, sum(greatest(x.minor, 0)) as part,
              sum(sum(greatest(x.minor, 0))) over (partition by ${of} order by due_on) as upto,
              sum(sum(greatest(-x.minor, 0))) over (partition by ${of}) as less,
              max(due_on) over (partition by ${of}) as latest
            from (${rows}) x group by ${of}, due_on
        ) y
    ) z where minor <> 0`;

/** By when a document `d` of the invoice `i` is due: a note never before its invoice. */
const DUE_ON = 'case when d.total_minor > 0 then greatest(d.due_on, i.due_on) else i.due_on end';
const NOTES =
  'fees_invoices d join fees_invoices i on i.school_id = d.school_id and i.id = case when d.of_id is null then d.id else d.of_id end';

/** Each bill of a family that stands, with its notes, less what settles it: a row for each day on which a part of it is due. */
const BILLS_LEFT = byDueDay(
  'school_id, student_id, invoice_id, billed_at',
  `
      select d.school_id, d.student_id, i.id as invoice_id, i.created_at as billed_at, ${DUE_ON} as due_on, d.total_minor as minor
        from ${NOTES} where d.payer_kind = 'student' and d.state = 'issued' and i.state = 'issued'
      union all
      select i.school_id, i.student_id, i.id, i.created_at, i.due_on, -a.amount_minor
        from fees_invoices i join fees_allocations a on a.school_id = i.school_id and a.invoice_id = i.id and a.freed_at is null
        where i.payer_kind = 'student' and i.state = 'issued'`,
);

/** The same by vote head, of families and sponsors. Notes count with the invoice that they correct. */
const HEADS_LEFT = byDueDay(
  'school_id, student_id, invoice_id, head_id',
  `
      select d.school_id, d.student_id, i.id as invoice_id, l.head_id, ${DUE_ON} as due_on, sum(l.amount_minor) as minor
        from ${NOTES} join fees_invoice_lines l on l.school_id = d.school_id and l.invoice_id = d.id where d.state = 'issued'
        group by d.school_id, d.student_id, i.id, l.head_id, d.id, d.total_minor, d.due_on, i.due_on
      union all
      select i.school_id, i.student_id, i.id, a.head_id, i.due_on, -a.amount_minor
        from fees_invoices i join fees_allocations a on a.school_id = i.school_id and a.invoice_id = i.id and a.freed_at is null`,
);

/** The rows are locked, in the order of their ids, before anything is added up: whoever comes second sees what the first has written. */
const KEEP = `
  create function app.fees_keep_debts(students uuid[]) returns void language plpgsql set search_path = public as $$
    begin
      if cardinality(students) = 0 then
        return;
      end if;
      insert into fees_debts (school_id, id, open_minor)
        select distinct i.school_id, i.student_id, 0 from fees_invoices i where i.student_id = any(students) and i.payer_kind = 'student'
        order by 1, 2 on conflict (school_id, id) do nothing;
      perform 1 from fees_debts k where k.id = any(students) order by k.id for update;
      update fees_debts k set open_minor = o.minor, due_on = o.due_on
        from (
          select k.id, coalesce(sum(b.left_minor), 0) as minor, min(b.due_on) filter (where b.left_minor > 0) as due_on
            from fees_debts k left join fees_bills_left b on b.school_id = k.school_id and b.student_id = k.id and b.student_id = any(students)
            where k.id = any(students) group by k.id
        ) o
        where k.id = o.id and (k.open_minor, k.due_on) is distinct from (o.minor, o.due_on);
    end $$;`;

const TRIGGERS = `
  create function app.fees_debts_of_invoices() returns trigger language plpgsql set search_path = public as $$
    begin
      if tg_op = 'INSERT' then
        perform app.fees_keep_debts(array(select distinct student_id from now_so where payer_kind = 'student'));
      else
        perform app.fees_keep_debts(array(
          select student_id from was_so where payer_kind = 'student' union select student_id from now_so where payer_kind = 'student'));
      end if;
      return null;
    end $$;
  create function app.fees_debts_of_allocations() returns trigger language plpgsql set search_path = public as $$
    begin
      perform app.fees_keep_debts(array(
        select distinct i.student_id from now_so a join fees_invoices i on i.school_id = a.school_id and i.id = a.invoice_id
          where i.payer_kind = 'student'));
      return null;
    end $$;
  create trigger fees_debts_added after insert on fees_invoices referencing new table as now_so
    for each statement execute function app.fees_debts_of_invoices();
  create trigger fees_debts_changed after update on fees_invoices referencing old table as was_so new table as now_so
    for each statement execute function app.fees_debts_of_invoices();
  create trigger fees_debts_added after insert on fees_allocations referencing new table as now_so
    for each statement execute function app.fees_debts_of_allocations();
  create trigger fees_debts_changed after update on fees_allocations referencing new table as now_so
    for each statement execute function app.fees_debts_of_allocations();`;
