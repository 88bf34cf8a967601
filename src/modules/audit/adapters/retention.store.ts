import { query } from '../../../platform/db/index.js';
import type { Anchor, AuditSettings, OldStretch, RetentionStore, SettingsStore } from '../ports.js';

interface StretchRow {
  upto: number | null;
  hash: string | null;
  entries: number;
  first: Date | null;
  last: Date | null;
}

/** Up to the seal before the first entry that is young enough; the last seal where none is. */
const OLD = `with bounds as (
    select least(
      coalesce((select s.seq - 1 from audit_seals s join audit_entries e on e.id = s.entry_id where e.at >= $1 order by s.seq limit 1), (select max(seq) from audit_seals)),
      coalesce((select max(seq) from audit_anchors), 0) + $2) as upto)
  select b.upto, (select hash from audit_seals where seq = b.upto) as hash, count(e.id)::int as entries, min(e.at) as first, max(e.at) as last
  from bounds b left join audit_seals s on s.seq <= b.upto left join audit_entries e on e.id = s.entry_id group by b.upto`;

export class PgRetentionStore implements RetentionStore {
  async oldStretch(cutoff: Date, limit: number): Promise<OldStretch | null> {
    const [row] = await query<StretchRow>('audit.retention.old', OLD, [cutoff, Math.min(limit, 1_000_000_000)]);
    if (!row?.hash || row.upto === null || !row.first || !row.last) return null;
    return { upto: row.upto, hash: row.hash, entries: row.entries, first: row.first, last: row.last };
  }

  async remove(anchorId: string, upto: number, cutoff: Date, mac: string): Promise<void> {
    await query('audit.retention.remove', 'select app.remove_old_audit($1, $2, $3, $4)', [anchorId, upto, cutoff, mac]);
  }

  anchors(): Promise<Anchor[]> {
    return query<Anchor>(
      'audit.retention.anchors',
      'select id, seq, hash, cutoff, removed, made_at as "madeAt" from audit_anchors order by seq desc limit 24',
    );
  }
}

const USUAL: AuditSettings = { retentionYears: 7, mostRows: 500, mostPages: 200 };

export class PgSettingsStore implements SettingsStore {
  async read(): Promise<AuditSettings> {
    const [row] = await query<AuditSettings>(
      'audit.settings',
      'select retention_years as "retentionYears", most_rows as "mostRows", most_pages as "mostPages" from audit_settings',
    );
    return row ?? USUAL;
  }

  async save({ retentionYears, mostRows, mostPages }: AuditSettings): Promise<void> {
    // The first half makes the one row; its key differs between a school and the platform, so no conflict target is named.
    await query('audit.settings.begin', 'insert into audit_settings (id) values (gen_random_uuid()) on conflict do nothing');
    await query('audit.settings.save', 'update audit_settings set retention_years = $1, most_rows = $2, most_pages = $3', [
      retentionYears,
      mostRows,
      mostPages,
    ]);
  }
}
