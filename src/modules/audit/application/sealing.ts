import type { Unit } from '../../../kernel/unit-of-work.js';
import { chain, firstBreak, GENESIS, provenText, type Break, type Head } from '../domain/chain.js';
import type { Verdict } from '../index.js';
import type { ChainStore, Hashes, HeadKeeper, Unsealed } from '../ports.js';

const BATCH = 1_000;

/** Chains committed entries, one process at a time, and proves the chain. */
export class Sealing {
  constructor(
    private readonly store: ChainStore,
    private readonly keeper: HeadKeeper,
    private readonly unit: Unit,
    private readonly hashes: Hashes,
  ) {}

  /** Returns how many entries were sealed. `everywhere` also finds what a very long transaction left behind. */
  async seal(everywhere = false): Promise<number> {
    let sealed = 0;
    for (;;) {
      const batch = await this.sealBatch(everywhere);
      sealed += batch;
      if (batch < BATCH) return sealed;
    }
  }

  private async sealBatch(everywhere: boolean): Promise<number> {
    const done = await this.unit(async () => {
      await this.store.lock();
      // What the product did not write is left without a seal, where `verify` finds it.
      const entries = (await this.store.unsealed(BATCH, everywhere)).filter((found) => this.isGenuine(found)).map((found) => found.entry);
      if (entries.length === 0) return null;
      const seals = chain(this.hashes.sha256, await this.store.head(), entries);
      await this.store.append(seals);
      return seals;
    });
    const last = done?.at(-1);
    if (last) await this.keeper.keep({ seq: last.seq, hash: last.hash });
    return done?.length ?? 0;
  }

  /** Walks the whole chain and names the first thing that is wrong. */
  async verify(): Promise<Verdict> {
    const outside = await this.keeper.last();
    let head = { seq: 0, hash: GENESIS };
    for (;;) {
      const links = await this.store.after(head.seq, BATCH);
      const broken = firstBreak(this.hashes.sha256, head, links) ?? this.againstHead(outside, links);
      if (broken) return { sound: false, ...broken };
      const last = links.at(-1)?.seal;
      if (!last) break;
      head = { seq: last.seq, hash: last.hash };
    }
    return this.end(head, outside);
  }

  /** Somebody who rewrites everything in the database can't rewrite what was kept elsewhere. */
  private againstHead(outside: Head | null, links: readonly { seal: { seq: number; hash: string; entryId: string } }[]): Break | null {
    const same = links.find(({ seal }) => seal.seq === outside?.seq)?.seal;
    if (!same || same.hash === outside?.hash) return null;
    return { seq: same.seq, entryId: same.entryId, what: 'the chain was written anew: its hash differs from the one kept outside of the database' };
  }

  private async end(head: Head, outside: Head | null): Promise<Verdict> {
    if (outside && outside.seq > head.seq) {
      return { sound: false, seq: head.seq + 1, entryId: null, what: `the end is cut off: seal ${outside.seq} was seen before` };
    }
    const wrong = (await this.store.unsealed(BATCH, true)).find((found) => found.overdue || !this.isGenuine(found));
    if (!wrong) return { sound: true, seals: head.seq, head: head.hash };
    const what = this.isGenuine(wrong) ? `an entry of ${wrong.entry.at} was never sealed` : 'an entry was put in that the product did not write';
    return { sound: false, seq: head.seq + 1, entryId: wrong.entry.id, what };
  }

  private isGenuine({ mac, entry }: Unsealed): boolean {
    return this.hashes.isMac(mac, provenText(entry));
  }
}
