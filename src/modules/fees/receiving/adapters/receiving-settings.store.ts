import { Cached, changed, query } from '../../../../platform/db/index.js';
import type { ReceivingSettings, ReceivingSettingsStore } from '../../ports.js';

const KEY = 'fees.receiving-settings';
const AT_FIRST: ReceivingSettings = {
  allocationOrder: 'priority',
  reversalLimitMinor: 0,
  receiptPaper: 'roll',
  tellFamilies: true,
  version: 0,
};

export class PostgresReceivingSettings implements ReceivingSettingsStore {
  private readonly cached = new Cached<ReceivingSettings>(KEY, async () => {
    const [row] = await query<ReceivingSettings>(
      'fees.receiving-settings',
      'select allocation_order as "allocationOrder", reversal_limit_minor as "reversalLimitMinor", receipt_paper as "receiptPaper", tell_families as "tellFamilies", version from fees_receiving_settings',
    );
    return row ?? AT_FIRST;
  });

  read(): Promise<ReceivingSettings> {
    return this.cached.get();
  }

  async save({ allocationOrder, reversalLimitMinor, receiptPaper, tellFamilies, version }: ReceivingSettings): Promise<boolean> {
    const rows = await query(
      'fees.receiving-settings.save',
      `insert into fees_receiving_settings as s (id, allocation_order, reversal_limit_minor, receipt_paper, tell_families, version) values (gen_random_uuid(), $1, $2, $4, $5, 1)
        on conflict (school_id) do update set allocation_order = excluded.allocation_order, reversal_limit_minor = excluded.reversal_limit_minor, receipt_paper = excluded.receipt_paper, tell_families = excluded.tell_families, version = s.version + 1
        where s.version = $3 returning id`,
      [allocationOrder, reversalLimitMinor, version, receiptPaper, tellFamilies],
    );
    await changed(KEY);
    return rows.length === 1;
  }
}
