import { query } from '../../../platform/db/index.js';
import { GENESIS, type Head } from '../chain.rules.js';
import type { Anchor, ChainStore, Seal, SealedEntry, Unsealed } from '../ports.js';

const ENTRY = `e.id, to_char(e.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, e.actor_id as "actorId", e.actor_name as "actorName",
  e.actor_roles as "actorRoles", e.ip, e.request_id as "requestId", e.action, e.entity, e.entity_id as "entityId", e.label, e.before, e.after, e.reason`;
type EntryRow = SealedEntry & Record<string, unknown>;
type UnsealedRow = SealedEntry & { mac: string; overdue: boolean };

const UNSEALED = (window: string): string =>
  `select ${ENTRY}, e.mac, e.at < now() - interval '10 minutes' as overdue from audit_entries e where ${window} not exists (select 1 from audit_seals s where s.entry_id = e.id) order by e.id limit $1`;

export class PgChainStore implements ChainStore {
  async lock(): Promise<void> {
    await query('audit.chain.lock', "select pg_advisory_xact_lock(hashtext('audit.chain'))");
  }

  async head(): Promise<Head & { cutoff: Date | null }> {
    const [row] = await query<{ seq: number | null; hash: string | null; cutoff: Date | null }>(
      'audit.chain.head',
      `select coalesce(s.seq, a.seq) as seq, coalesce(s.hash, a.hash) as hash, a.cutoff from (select) one
       left join lateral (select seq, hash from audit_seals order by seq desc limit 1) s on true
       left join lateral (select seq, hash, cutoff from audit_anchors order by seq desc limit 1) a on true`,
    );
    return { seq: row?.seq ?? 0, hash: row?.hash ?? GENESIS, cutoff: row?.cutoff ?? null };
  }

  async anchor(): Promise<(Anchor & { mac: string; told: boolean }) | null> {
    const [row] = await query<Anchor & { mac: string; told: boolean }>(
      'audit.chain.anchor',
      `select a.id, a.seq, a.hash, a.cutoff, a.removed, a.made_at as "madeAt", a.mac,
         exists (select 1 from audit_entries e where e.entity = 'audit_anchors' and e.entity_id = a.id::text and e.action = 'audit.retention') as told
       from audit_anchors a order by a.seq desc limit 1`,
    );
    return row ?? null;
  }

  async firstUpTo(seq: number): Promise<{ seq: number; entryId: string } | null> {
    const [row] = await query<{ seq: number; entryId: string }>(
      'audit.chain.first',
      'select seq, entry_id as "entryId" from audit_seals where seq <= $1 order by seq limit 1',
      [seq],
    );
    return row ?? null;
  }

  async unsealed(limit: number, everywhere: boolean): Promise<Unsealed[]> {
    const rows = everywhere
      ? await query<UnsealedRow>('audit.chain.unsealed-all', UNSEALED(''), [limit])
      : await query<UnsealedRow>('audit.chain.unsealed', UNSEALED("e.at > now() - interval '1 hour' and"), [limit]);
    return rows.map(({ mac, overdue, ...entry }) => ({ entry, mac, overdue }));
  }

  async append(seals: readonly Seal[]): Promise<void> {
    await query(
      'audit.chain.append',
      `insert into audit_seals (id, seq, entry_id, prev_hash, hash)
       select gen_random_uuid(), * from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[])`,
      [
        seals.map((seal) => seal.seq),
        seals.map((seal) => seal.entryId),
        seals.map((seal) => seal.prevHash),
        seals.map((seal) => seal.hash),
      ],
    );
  }

  async after(seq: number, limit: number): Promise<{ seal: Seal; entry: SealedEntry | null }[]> {
    const rows = await query<EntryRow & { seq: number; entryIdSealed: string; prevHash: string; hash: string }>(
      'audit.chain.after',
      `select s.seq, s.entry_id as "entryIdSealed", s.prev_hash as "prevHash", s.hash, ${ENTRY}
       from audit_seals s left join audit_entries e on e.id = s.entry_id where s.seq > $1 order by s.seq limit $2`,
      [seq, limit],
    );
    return rows.map(({ seq: number, entryIdSealed, prevHash, hash, ...entry }) => ({
      seal: { seq: number, entryId: entryIdSealed, prevHash, hash },
      entry: (entry.id as string | null) === null ? null : entry,
    }));
  }
}
