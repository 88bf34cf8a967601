import { newId } from '../../../../kernel/id.js';
import { query } from '../../../../platform/db/index.js';
import type { Counts } from '../../domain/import.js';
import type { LineToWrite, RowsShown, RowStore, SameRule, ShownRow, StagedRow, WrittenLine } from '../../ports.js';

const SHOWN: Record<RowsShown, string> = { errors: "state = 'error'", warnings: "state = 'warning'", all: 'true' };

export class PostgresRowStore implements RowStore {
  async clear(importId: string): Promise<void> {
    await query('imports.rows.clear', 'delete from imports_rows where import_id = $1', [importId]);
  }

  async add(importId: string, rows: readonly StagedRow[]): Promise<void> {
    await query(
      'imports.rows.add',
      `insert into imports_rows (id, import_id, n, sheet, row_no, cells, "values", state, action, remarks, mark_rules, mark_values, mark_details, entity_id, entity_version)
        select id, $1, n, sheet, row_no, cells, "values", state, action, remarks, mark_rules, mark_values, mark_details, entity_id, entity_version
        from unnest($2::uuid[], $3::int[], $4::text[], $5::int[], $6::text[], $7::text[], $8::uuid[], $9::int[], $10::json[])
          as x(id, n, sheet, row_no, state, action, entity_id, entity_version, rest),
        json_to_record(rest) as r(cells jsonb, "values" jsonb, remarks jsonb, mark_rules text[], mark_values text[], mark_details text[])`,
      [
        importId,
        series(rows.length),
        rows.map((row) => row.n),
        rows.map((row) => row.sheet),
        rows.map((row) => row.rowNo),
        rows.map((row) => row.state),
        rows.map((row) => row.action),
        rows.map((row) => row.entityId),
        rows.map((row) => row.version),
        rows.map(restOf),
      ],
    );
  }

  async compare(importId: string, rules: Readonly<Record<string, SameRule>>): Promise<void> {
    for (const [name, rule] of Object.entries(rules)) {
      await query(
        `imports.rows.compare.${rule.when}`,
        `with marked as (
           select r.n, r.sheet, r.row_no, m.value, m.detail
             from imports_rows r, unnest(r.mark_rules, r.mark_values, r.mark_details) as m(rule, value, detail)
             where r.import_id = $1 and m.rule = $2),
         found as (
           select n, value, detail, first_value(n) over w as first_n, first_value(row_no) over w as first_row, first_value(sheet) over w as first_sheet,
               first_value(detail) over w as first_detail
             from marked window w as (partition by value order by n)),
         hits as (
           select n, min(first_row) as first_row, min(first_sheet) as first_sheet, (array_agg(first_detail))[1] as first_detail
             from found where n <> first_n and ${WHEN[rule.when]} group by n)
         update imports_rows r set
             state = case when $3 = 'error' then 'error' when r.state = 'ready' then 'warning' else r.state end,
             remarks = r.remarks || jsonb_build_array(jsonb_build_object('column', $4::text, 'severity', $3::text, 'text', $5::text,
               'vars', jsonb_build_object('row', h.first_row, 'sheet', h.first_sheet, 'other', coalesce(h.first_detail, ''))))
           from hits h where r.import_id = $1 and r.n = h.n`,
        [importId, name, rule.severity, rule.column, rule.text],
      );
    }
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
      `select n, sheet, row_no as "rowNo", cells, state, action, remarks from imports_rows
        where import_id = $1 and n > $2 and ${SHOWN[shown]} order by n limit $3`,
      [importId, after, limit],
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
      `insert into imports_written (id, import_id, n, action, entity_id, before, trace)
        select id, $1, n, action, entity_id, before, trace
        from unnest($2::uuid[], $3::int[], $4::text[], $5::uuid[], $6::jsonb[], $7::jsonb[]) as x(id, n, action, entity_id, before, trace)`,
      [
        importId,
        series(lines.length),
        lines.map((line) => line.n),
        lines.map((line) => line.action),
        lines.map((line) => line.entityId),
        lines.map((line) => (line.before === null ? null : JSON.stringify(line.before))),
        lines.map((line) => (line.trace === null ? null : JSON.stringify(line.trace))),
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

/** Ids that share a first half and follow each other. */
function series(length: number): string[] {
  const first = newId().slice(0, 24);
  return Array.from({ length }, (_unused, at) => first + at.toString(16).padStart(12, '0'));
}

const WHEN: Record<SameRule['when'], string> = {
  same: 'true',
  differs: 'detail is distinct from first_detail',
  apart: "not (string_to_array(detail, ' ') && string_to_array(first_detail, ' '))",
};

function restOf(row: StagedRow): string {
  return JSON.stringify({
    cells: row.cells,
    values: given(row.values),
    remarks: row.remarks,
    mark_rules: row.marks.map((mark) => mark.rule),
    mark_values: row.marks.map((mark) => mark.value),
    mark_details: row.marks.map((mark) => mark.detail ?? null),
  });
}

/** Empty cells need no room. */
function given(values: StagedRow['values']): StagedRow['values'] {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
