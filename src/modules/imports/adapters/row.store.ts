import { idSeries } from '../../../kernel/id.js';
import { arrayOf } from '../../../platform/db/rows/arrays.js';
import { query } from '../../../platform/db/index.js';
import type { Counts } from '../import.rules.js';
import { MISREAD_SHOWN, MOST_LETTERS, type Misread } from '../replacement.rules.js';
import type { LineToWrite, Mapping, RowsShown, RowStore, SameRule, ShownRow, StagedRow, WrittenLine } from '../ports.js';

const SHOWN: Record<RowsShown, string> = { errors: "state = 'error'", warnings: "state = 'warning'", all: 'true' };

export class PostgresRowStore implements RowStore {
  async clear(importId: string): Promise<void> {
    await query('imports.rows.clear', 'delete from imports_rows where import_id = $1', [importId]);
  }

  async add(importId: string, rows: readonly StagedRow[]): Promise<void> {
    const column = (valueOf: (row: StagedRow) => unknown): string => arrayOf(rows, valueOf);
    await query(
      'imports.rows.add',
      `insert into imports_rows (school_id, id, import_id, n, sheet, row_no, cells, "values", state, action, remarks, marks, entity_id, entity_version)
        select (select app.current_school()), id, $1, n, sheet, row_no, cells, "values", state, action, remarks::jsonb, marks, entity_id, version
        from rows from (unnest($2::uuid[], $3::int[], $4::text[], $5::int[], $6::text[], $7::text[], $8::uuid[], $9::int[]),
            json_array_elements($10), json_array_elements($11), json_array_elements($12), json_array_elements($13))
          as x(id, n, sheet, row_no, state, action, entity_id, version, cells, "values", remarks, marks)`,
      [
        importId,
        arrayOf(rows, idSeries()),
        column((row) => row.n),
        column((row) => row.sheet),
        column((row) => row.rowNo),
        column((row) => row.state),
        column((row) => row.action),
        column((row) => row.entityId),
        column((row) => row.version),
        JSON.stringify(rows.map((row) => row.cells)),
        JSON.stringify(rows.map((row) => given(row.values))),
        JSON.stringify(rows.map((row) => row.remarks)),
        JSON.stringify(
          rows.map((row) =>
            row.marks.map(({ rule, value, detail }) => (detail === undefined ? [rule, value] : [rule, value, detail])),
          ),
        ),
      ],
    );
  }

  async compare(importId: string, rules: Readonly<Record<string, SameRule>>): Promise<void> {
    await query('imports.rows.room', "select set_config('work_mem', '64MB', true), set_config('jit', 'off', true)");
    const all = Object.entries(rules);
    await query(COMPARE.name, COMPARE.text, [
      importId,
      all.map(([name]) => name),
      all.map(([, rule]) => rule.when),
      all.map(([, rule]) => rule.severity),
      all.map(([, rule]) => rule.column),
      all.map(([, rule]) => rule.text),
    ]);
  }

  async count(importId: string): Promise<Omit<Counts, 'population'>> {
    const [row] = await query<Omit<Counts, 'population'>>(
      'imports.rows.count',
      `select count(*)::int as rows,
          count(*) filter (where state <> 'error' and action = 'create')::int as create,
          count(*) filter (where state <> 'error' and action = 'update')::int as update,
          count(*) filter (where state <> 'error' and action = 'unchanged')::int as unchanged,
          count(*) filter (where state = 'warning')::int as warnings,
          count(*) filter (where state = 'error')::int as errors
        from imports_rows where import_id = $1`,
      [importId],
    );
    return row!;
  }

  page(importId: string, shown: RowsShown, after: number, limit: number): Promise<ShownRow[]> {
    return query<ShownRow>(
      `imports.rows.page.${shown}`,
      `select n, sheet, row_no as "rowNo", cells, "values", state, action, remarks from imports_rows
        where import_id = $1 and n > $2 and ${SHOWN[shown]} order by n limit $3`,
      [importId, after, limit],
    );
  }

  misread(importId: string, mapping: Mapping, except: readonly string[]): Promise<Misread[]> {
    const columns = mapping.flatMap((key, at) => (key === null ? [] : [{ key, at }]));
    return query<Misread>(
      'imports.rows.misread',
      `select c.key as "column", btrim(r.cells ->> c.at, e' \\t\\r\\n') as text, count(distinct r.n)::int as rows, (array_agg(m.remark order by r.n))[1] as remark
        from imports_rows r
          cross join lateral jsonb_array_elements(r.remarks) as m(remark)
          join unnest($2::text[], $3::int[]) as c(key, at) on c.key = m.remark ->> 'column'
        where r.import_id = $1 and r.state = 'error' and m.remark ->> 'severity' = 'error' and m.remark ->> 'text' <> all ($4)
          and length(r.cells ->> c.at) between 1 and ${MOST_LETTERS}
        group by 1, 2 order by 3 desc, min(r.n) limit ${MISREAD_SHOWN}`,
      [importId, columns.map(({ key }) => key), columns.map(({ at }) => at), except],
    );
  }

  toWrite(importId: string, after: number, limit: number): Promise<LineToWrite[]> {
    return query<LineToWrite>(
      'imports.rows.to-write',
      `select n, "values", action, entity_id as "entityId", entity_version as version from imports_rows
        where import_id = $1 and n > $2 and state <> 'error' and action <> 'unchanged' order by n limit $3`,
      [importId, after, limit],
    );
  }

  async keep(importId: string, lines: readonly WrittenLine[]): Promise<void> {
    await query(
      'imports.written.keep',
      `insert into imports_written (school_id, id, import_id, n, action, entity_id, before, trace)
        select (select app.current_school()), id, $1, n, action, entity_id, before, trace
        from unnest($2::uuid[], $3::int[], $4::text[], $5::uuid[], $6::jsonb[], $7::jsonb[]) as x(id, n, action, entity_id, before, trace)`,
      [
        importId,
        arrayOf(lines, idSeries()),
        arrayOf(lines, (line) => line.n),
        arrayOf(lines, (line) => line.action),
        arrayOf(lines, (line) => line.entityId),
        arrayOf(lines, (line) => line.before),
        arrayOf(lines, (line) => line.trace),
      ],
    );
  }

  written(importId: string, before: number, limit: number): Promise<WrittenLine[]> {
    return query<WrittenLine>(
      'imports.written.page',
      `select n, action, entity_id as "entityId", before, trace from imports_written
        where import_id = $1 and n < $2 order by n desc limit $3`,
      [importId, before, limit],
    );
  }
}

/**
 * All rules at once: what the rows say is read and sorted a single time. Each later row is compared with the first
 * that has its mark, and gets one remark for each rule.
 */
const COMPARE = {
  name: 'imports.rows.compare',
  text: `with rules as (
      select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) with ordinality as x(rule, hits_when, severity, col, text, place)),
    marked as (
      select r.n, r.sheet, r.row_no, m ->> 0 as rule, m ->> 1 as value, m ->> 2 as detail
        from imports_rows r, json_array_elements(r.marks) as m where r.import_id = $1),
    found as (
      select n, rule, detail, first_value(n) over w as first_n, first_value(row_no) over w as first_row, first_value(sheet) over w as first_sheet,
          first_value(detail) over w as first_detail
        from marked window w as (partition by value collate "C", rule collate "C" order by n)),
    hits as (
      select f.n, u.place, min(u.severity) as severity, min(u.col) as col, min(u.text) as text, min(first_row) as first_row, min(first_sheet) as first_sheet,
          (array_agg(first_detail))[1] as first_detail
        from found f join rules u on u.rule = f.rule
        where f.n <> f.first_n and case u.hits_when
          when 'same' then true
          when 'differs' then f.detail is distinct from f.first_detail
          else not (string_to_array(f.detail, ' ') && string_to_array(f.first_detail, ' ')) end
        group by f.n, u.place),
    added as (
      select n, bool_or(severity = 'error') as wrong,
          jsonb_agg(jsonb_build_object('column', col, 'severity', severity, 'text', text,
            'vars', jsonb_build_object('row', first_row, 'sheet', first_sheet, 'other', coalesce(first_detail, ''))) order by place) as remarks
        from hits group by n)
    update imports_rows r set
        state = case when a.wrong then 'error' when r.state = 'ready' then 'warning' else r.state end,
        remarks = r.remarks || a.remarks
      from added a where r.import_id = $1 and r.n = a.n`,
};

/** Empty cells need no room. */
function given(values: StagedRow['values']): StagedRow['values'] {
  const filled: StagedRow['values'] = {};
  for (const key in values) if (values[key] !== null) filled[key] = values[key]!;
  return filled;
}
