import { Cached, changed, db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import { orTaken } from '../../../../platform/db/rows/taken.js';
import type { VoteHead } from '../vote-head.rules.js';
import type { HeadStore } from '../../ports.js';

const KEY = 'fees.heads';
const CODE_TAKEN = 'Another vote head already has this code';

export class PostgresHeadStore implements HeadStore {
  private readonly cached = new Cached<readonly VoteHead[]>(KEY, () =>
    query<VoteHead>(
      'fees.heads',
      'select id, code, name, kind, frequency, mandatory, account_id as "accountId", priority, active, version from fees_vote_heads order by priority, code',
    ),
  );

  list(): Promise<readonly VoteHead[]> {
    return this.cached.get();
  }

  async insert(head: VoteHead): Promise<void> {
    await orTaken(db()('fees_vote_heads').insert(snake(head)).then(), 'code', CODE_TAKEN);
    await changed(KEY);
  }

  async update({ id, version, ...head }: VoteHead): Promise<boolean> {
    const change = db()('fees_vote_heads')
      .where({ id, version })
      .update({ ...snake(head), version: version + 1 });
    const count = await orTaken(change.then(), 'code', CODE_TAKEN);
    await changed(KEY);
    return count === 1;
  }
}
