import { newId } from '../../../../kernel/id.js';
import { db, query } from '../../../../platform/db/index.js';
import { insertRows } from '../../../../platform/db/rows/row-sets.js';
import type { Audience, FeeStructure, StructureLine } from '../structure.rules.js';
import type { StructureStore } from '../../ports.js';

const STRUCTURE = `s.id, s.year_id as "yearId", s.name, s.boarding, s.state, s.edition, s.replaces_id as "replacesId", s.published_at as "publishedAt", s.published_by as "publishedBy", s.version,
  coalesce((select array_agg(a.class_id) from fees_structure_audiences a where a.school_id = s.school_id and a.structure_id = s.id and a.class_id is not null), '{}')::uuid[] as "classIds",
  coalesce((select array_agg(a.stream_id) from fees_structure_audiences a where a.school_id = s.school_id and a.structure_id = s.id and a.stream_id is not null), '{}')::uuid[] as "streamIds",
  coalesce((select json_agg(json_build_object('headId', l.head_id, 'termId', l.term_id, 'amountMinor', l.amount_minor)) from fees_structure_lines l
    where l.school_id = s.school_id and l.structure_id = s.id), '[]') as lines`;

type Row = Omit<FeeStructure, 'audience'> & Audience;

export class PostgresStructureStore implements StructureStore {
  async ofYear(yearId: string): Promise<FeeStructure[]> {
    const rows = await query<Row>(
      'fees.structures.of-year',
      `select ${STRUCTURE} from fees_structures s where s.year_id = $1 order by s.name, s.edition desc, s.id`,
      [yearId],
    );
    return rows.map(structureOf);
  }

  async find(id: string): Promise<FeeStructure | null> {
    const [row] = await query<Row>('fees.structures.one', `select ${STRUCTURE} from fees_structures s where s.id = $1`, [id]);
    return row ? structureOf(row) : null;
  }

  async insert(structure: FeeStructure): Promise<void> {
    const { id, yearId, name, audience, edition, replacesId, lines, state, version } = structure;
    await db()('fees_structures').insert({
      id,
      year_id: yearId,
      name,
      boarding: audience.boarding,
      edition,
      replaces_id: replacesId,
      state,
      version,
    });
    await this.insertAudience(id, audience);
    await this.insertLines(id, lines);
  }

  async update({ id, version, name, audience, state, publishedAt, publishedBy }: FeeStructure): Promise<boolean> {
    const count = await db()('fees_structures')
      .where({ id, version })
      .update({
        name,
        boarding: audience.boarding,
        state,
        published_at: publishedAt,
        published_by: publishedBy,
        version: version + 1,
      });
    await db()('fees_structure_audiences').where({ structure_id: id }).delete();
    await this.insertAudience(id, audience);
    return count === 1;
  }

  async replaceLines(structureId: string, lines: readonly StructureLine[]): Promise<void> {
    await db()('fees_structure_lines').where({ structure_id: structureId }).delete();
    await this.insertLines(structureId, lines);
  }

  async remove(id: string): Promise<void> {
    await db()('fees_structures').where({ id }).delete();
  }

  async draftOf(id: string): Promise<string | null> {
    const [row] = await query<{ id: string }>(
      'fees.structures.draft-of',
      "select id from fees_structures where replaces_id = $1 and state = 'draft'",
      [id],
    );
    return row?.id ?? null;
  }

  async holdYear(yearId: string): Promise<void> {
    await query('fees.structures.hold-year', 'select id from fees_structures where year_id = $1 order by id for update', [
      yearId,
    ]);
  }

  private async insertAudience(structureId: string, { classIds, streamIds }: Audience): Promise<void> {
    const rows = [
      ...classIds.map((id) => ({ class_id: id, stream_id: null })),
      ...streamIds.map((id) => ({ class_id: null, stream_id: id })),
    ];
    await insertRows(
      'fees_structure_audiences',
      rows.map((row) => ({ id: newId(), structure_id: structureId, ...row })),
    );
  }

  private async insertLines(structureId: string, lines: readonly StructureLine[]): Promise<void> {
    await insertRows(
      'fees_structure_lines',
      lines.map(({ headId, termId, amountMinor }) => ({
        id: newId(),
        structure_id: structureId,
        head_id: headId,
        term_id: termId,
        amount_minor: amountMinor,
      })),
    );
  }
}

function structureOf({ classIds, streamIds, boarding, ...row }: Row): FeeStructure {
  return { ...row, audience: { classIds, streamIds, boarding } };
}
