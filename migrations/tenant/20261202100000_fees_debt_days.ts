import type { Knex } from 'knex';
import { addComment } from '../../src/platform/db/migration.js';

/** On which days the parts of a debt are due is kept with it, so that the list of who owes most reads no bill at all. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    "alter table fees_debts add column due_days date[] not null default '{}', add column due_minor bigint[] not null default '{}'",
  );
  await addComment(knex, 'fees_debts', 'due_days', 'When the parts of the debt are due, the earliest first.');
  await addComment(knex, 'fees_debts', 'due_minor', 'The part that is due on the day in the same place of due_days.');
  await knex.raw('grant update (due_days, due_minor) on fees_debts to aims_app');
  await knex.raw(keeping(WITH_DAYS));
  await knex.raw('select app.fees_keep_debts(array(select id from fees_debts))');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(keeping(TOTALS));
  await knex.raw('alter table fees_debts drop column due_days, drop column due_minor');
}

interface Kept {
  columns: string;
  /** Of the rows `b` of fees_bills_left of one student. */
  sums: string;
}

const TOTALS: Kept = {
  columns: 'open_minor, due_on',
  sums: 'coalesce(sum(b.left_minor), 0) as open_minor, min(b.due_on) filter (where b.left_minor > 0) as due_on',
};

const WITH_DAYS: Kept = {
  columns: `${TOTALS.columns}, due_days, due_minor`,
  sums: `${TOTALS.sums},
            coalesce(array_agg(b.due_on order by b.due_on, b.invoice_id) filter (where b.invoice_id is not null), '{}') as due_days,
            coalesce(array_agg(b.left_minor order by b.due_on, b.invoice_id) filter (where b.invoice_id is not null), '{}') as due_minor`,
};

/** The rows are locked, in the order of their ids, before anything is added up: whoever comes second sees what the first has written. */
function keeping({ columns, sums }: Kept): string {
  const of = (alias: string): string =>
    columns
      .split(', ')
      .map((column) => `${alias}.${column}`)
      .join(', ');
  return `
  create or replace function app.fees_keep_debts(students uuid[]) returns void language plpgsql set search_path = public as $$
    begin
      if cardinality(students) = 0 then
        return;
      end if;
      insert into fees_debts (school_id, id, open_minor)
        select distinct i.school_id, i.student_id, 0 from fees_invoices i where i.student_id = any(students) and i.payer_kind = 'student'
        order by 1, 2 on conflict (school_id, id) do nothing;
      perform 1 from fees_debts k where k.id = any(students) order by k.id for update;
      update fees_debts k set (${columns}) = (${of('o')})
        from (
          select k.id, ${sums}
            from fees_debts k left join fees_bills_left b on b.school_id = k.school_id and b.student_id = k.id and b.student_id = any(students)
            where k.id = any(students) group by k.id
        ) o
        where k.id = o.id and (${of('k')}) is distinct from (${of('o')});
    end $$;`;
}
