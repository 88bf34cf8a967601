import type { Knex } from 'knex';

/**
 * The number of a birth certificate had two places: the record's own field, and an identifier that lists could bring and
 * the next edit of the child took away. It goes into the field. Where that says something else, where another child has
 * the number, or where it can't be one, it is kept as a second number until somebody has looked at the paper.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    update students s set birth_certificate_no = btrim(i.value), version = s.version + 1
      from students_identifiers i
      where i.school_id = s.school_id and i.student_id = s.id and i.type = 'birth-certificate' and s.birth_certificate_no is null
        and btrim(i.value) ~ '^[A-Za-z0-9_/ -]{3,30}$'
        and not exists (select 1 from students o where o.school_id = s.school_id and o.id <> s.id and o.birth_certificate_no = btrim(i.value));
    delete from students_identifiers i using students s
      where s.school_id = i.school_id and s.id = i.student_id and i.type = 'birth-certificate'
        and replace(upper(s.birth_certificate_no), ' ', '') = replace(upper(i.value), ' ', '');
    update students_identifiers set type = 'other-birth-certificate' where type = 'birth-certificate';`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("update students_identifiers set type = 'birth-certificate' where type = 'other-birth-certificate'");
}
