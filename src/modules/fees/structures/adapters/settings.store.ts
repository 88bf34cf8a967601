import { newId } from '../../../../kernel/id.js';
import { Cached, changed, db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { FeeSettings, FeeSettingsStore } from '../../ports.js';

const KEY = 'fees.settings';
const AT_FIRST: FeeSettings = {
  autoBill: false,
  joiners: 'days',
  leavers: 'keep',
  dueDays: 14,
  planGraceDays: 7,
  howToPay: '',
  version: 0,
};

export class PostgresFeeSettingsStore implements FeeSettingsStore {
  private readonly cached = new Cached<FeeSettings>(KEY, async () => {
    const [row] = await query<FeeSettings>(
      'fees.settings',
      'select auto_bill as "autoBill", joiners, leavers, due_days as "dueDays", plan_grace_days as "planGraceDays", how_to_pay as "howToPay", version from fees_settings',
    );
    return row ?? AT_FIRST;
  });

  find(): Promise<FeeSettings> {
    return this.cached.get();
  }

  async save({ version, ...settings }: FeeSettings): Promise<boolean> {
    const count =
      version === 0
        ? await db()('fees_settings')
            .insert({ id: newId(), ...snake(settings) })
            .onConflict(['school_id'])
            .ignore()
            .then((rows) => (rows as { rowCount?: number }).rowCount ?? 1)
        : await db()('fees_settings')
            .where({ version })
            .update({ ...snake(settings), version: version + 1 });
    await changed(KEY);
    return count === 1;
  }
}
