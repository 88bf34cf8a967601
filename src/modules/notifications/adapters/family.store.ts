import { newId } from '../../../kernel/id.js';
import { decodeCursor, toPage, type Page } from '../../../kernel/page.js';
import { Cached, changed, query } from '../../../platform/db/index.js';
import type { FamilySettings, FamilyStore, OptOut, OptOutStore } from '../ports.js';

const SETTINGS = 'notifications.settings';
/** Until the school says otherwise. */
const USUAL: FamilySettings = { quietFrom: '20:00', quietUntil: '07:00', segmentPriceMinor: null, version: 0 };

export class PostgresFamilyStore implements FamilyStore {
  private readonly cached = new Cached<FamilySettings>(SETTINGS, async () => {
    const [row] = await query<FamilySettings>(
      'notifications.settings',
      'select quiet_from as "quietFrom", quiet_until as "quietUntil", segment_price_minor as "segmentPriceMinor", version from notifications_settings',
    );
    return row ?? USUAL;
  });

  settings(): Promise<FamilySettings> {
    return this.cached.get();
  }

  async save({ quietFrom, quietUntil, segmentPriceMinor, version }: FamilySettings): Promise<boolean> {
    const values = [quietFrom, quietUntil, segmentPriceMinor];
    const rows =
      version === 0
        ? await query(
            'notifications.settings.first',
            'insert into notifications_settings (quiet_from, quiet_until, segment_price_minor, id) values ($1, $2, $3, $4) on conflict (school_id) do nothing returning id',
            [...values, newId()],
          )
        : await query(
            'notifications.settings.save',
            'update notifications_settings set quiet_from = $1, quiet_until = $2, segment_price_minor = $3, version = version + 1 where version = $4 returning id',
            [...values, version],
          );
    await changed(SETTINGS);
    return rows.length === 1;
  }
}

export class PostgresOptOutStore implements OptOutStore {
  async among(addresses: readonly string[]): Promise<ReadonlySet<string>> {
    if (addresses.length === 0) return new Set();
    const rows = await query<{ address: string }>(
      'notifications.opt-outs.among',
      'select address from notifications_opt_outs where address = any($1::text[])',
      [addresses],
    );
    return new Set(rows.map((row) => row.address));
  }

  async insert({ id, address, source, byName, at }: OptOut): Promise<boolean> {
    const rows = await query(
      'notifications.opt-outs.insert',
      'insert into notifications_opt_outs (id, address, source, by_name, at) values ($1, $2, $3, $4, $5) on conflict (school_id, address) do nothing returning id',
      [id, address, source, byName, at],
    );
    return rows.length === 1;
  }

  async remove(id: string): Promise<string | null> {
    const [row] = await query<{ address: string }>(
      'notifications.opt-outs.remove',
      'delete from notifications_opt_outs where id = $1 returning address',
      [id],
    );
    return row?.address ?? null;
  }

  async removeAddress(address: string): Promise<boolean> {
    return (
      (
        await query(
          'notifications.opt-outs.remove-address',
          'delete from notifications_opt_outs where address = $1 returning id',
          [address],
        )
      ).length > 0
    );
  }

  async page(cursor: string | null, limit: number): Promise<Page<OptOut>> {
    const after = cursor === null ? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] : decodeCursor(cursor, 2);
    const rows = await query<OptOut>(
      'notifications.opt-outs.page',
      'select id, address, source, by_name as "byName", at from notifications_opt_outs where (at, id) < ($1::timestamptz, $2::uuid) order by at desc, id desc limit $3',
      [...after, limit + 1],
    );
    return toPage(rows, limit, (row) => [row.at.toISOString(), row.id]);
  }
}
