import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import { orTaken } from '../../../../platform/db/rows/taken.js';
import type { Sponsor, SponsorStore } from '../../ports.js';

const NAME_TAKEN = 'Another sponsor already has this name';

export class PostgresSponsorStore implements SponsorStore {
  all(): Promise<Sponsor[]> {
    return query<Sponsor>(
      'fees.sponsors.all',
      'select id, name, contact, phone, email, active, version from fees_sponsors order by name',
    );
  }

  async insert(sponsor: Sponsor): Promise<void> {
    await orTaken(db()('fees_sponsors').insert(snake(sponsor)).then(), 'name', NAME_TAKEN);
  }

  async update({ id, version, ...sponsor }: Sponsor): Promise<boolean> {
    const count = await orTaken(
      db()('fees_sponsors')
        .where({ id, version })
        .update({ ...snake(sponsor), version: version + 1 })
        .then(),
      'name',
      NAME_TAKEN,
    );
    return count === 1;
  }
}
