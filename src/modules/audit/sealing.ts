import type { Unit } from '../../kernel/unit-of-work.js';
import { anchorText, chain, firstBreak, GENESIS, provenText, type Break, type Head } from './chain.rules.js';
import { madeAt } from './retention.rules.js';
import type { Verdict } from './index.js';
import type { Anchor, ChainStore, Hashes, HeadKeeper, SealedEntry, Unsealed } from './ports.js';

const BATCH = 1_000;

/** Chains committed entries, one process at a time, and proves the chain. */
export class Sealing {
  constructor(
    private readonly store: ChainStore,
    private readonly keeper: HeadKeeper,
    private readonly unit: Unit,
    private readonly hashes: Hashes,
    /** Sees every entry once, in the transaction that seals it. */
    private readonly look: (entries: readonly SealedEntry[]) => Promise<void>,
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
      const found = await this.store.unsealed(BATCH, everywhere);
      if (found.length === 0) return null;
      const head = await this.store.head();
      // What the product did not write, or has removed, is left without a seal, where `verify` finds it.
      const entries = found.filter((one) => this.isGenuine(one) && !isFromBefore(one, head)).map(({ entry }) => entry);
      if (entries.length === 0) return null;
      const seals = chain(this.hashes.sha256, head, entries);
      await this.store.append(seals);
      await this.look(entries);
      return seals;
    });
    const last = done?.at(-1);
    if (last) await this.keeper.keep({ seq: last.seq, hash: last.hash });
    return done?.length ?? 0;
  }

  /** Walks the whole chain, from its beginning or the last anchor, and names the first thing that is wrong. */
  async verify(): Promise<Verdict> {
    const anchor = await this.store.anchor();
    const verdict = await this.verifyFrom(anchor);
    // Something may have been removed meanwhile, for its age.
    return verdict.sound || (await this.store.anchor())?.seq === anchor?.seq ? verdict : this.verify();
  }

  private async verifyFrom(anchor: AnchorFound | null): Promise<Verdict> {
    const outside = await this.keeper.last();
    const loose = anchor && (await this.brokenAnchor(anchor, outside));
    if (loose) return { sound: false, ...loose };
    let head: Head = anchor ?? { seq: 0, hash: GENESIS };
    for (;;) {
      const links = await this.store.after(head.seq, BATCH);
      const broken = firstBreak(this.hashes.sha256, head, links) ?? this.againstHead(outside, links);
      if (broken) return { sound: false, ...broken };
      const last = links.at(-1)?.seal;
      if (!last) break;
      head = { seq: last.seq, hash: last.hash };
    }
    return this.end(head, outside, anchor);
  }

  private async brokenAnchor(anchor: AnchorFound, outside: Head | null): Promise<Break | null> {
    const at = { seq: anchor.seq, entryId: null };
    if (!this.hashes.isMac(anchor.mac, anchorText(anchor)))
      return { ...at, what: 'the beginning was cut off: its anchor was not made by the product' };
    if (!anchor.told) return { ...at, what: 'the beginning was cut off: no entry tells of it' };
    if (outside?.seq === anchor.seq && outside.hash !== anchor.hash)
      return { ...at, what: 'the anchor differs from the head kept outside of the database' };
    const back = await this.store.firstUpTo(anchor.seq);
    return back && { ...back, what: 'a seal was put back before the anchor' };
  }

  /** Somebody who rewrites everything in the database can't rewrite what was kept elsewhere. */
  private againstHead(
    outside: Head | null,
    links: readonly { seal: { seq: number; hash: string; entryId: string } }[],
  ): Break | null {
    const same = links.find(({ seal }) => seal.seq === outside?.seq)?.seal;
    if (!same || same.hash === outside?.hash) return null;
    return {
      seq: same.seq,
      entryId: same.entryId,
      what: 'the chain was written anew: its hash differs from the one kept outside of the database',
    };
  }

  private async end(head: Head, outside: Head | null, anchor: AnchorFound | null): Promise<Verdict> {
    if (outside && outside.seq > head.seq) {
      return { sound: false, seq: head.seq + 1, entryId: null, what: `the end is cut off: seal ${outside.seq} was seen before` };
    }
    const wrong = (await this.store.unsealed(BATCH, true)).find(
      (found) => found.overdue || !this.isGenuine(found) || (anchor && isFromBefore(found, anchor)),
    );
    if (!wrong) return { sound: true, seals: head.seq, head: head.hash, anchor: anchor && publicPart(anchor) };
    return { sound: false, seq: head.seq + 1, entryId: wrong.entry.id, what: this.whyUnsealed(wrong, anchor) };
  }

  private whyUnsealed(wrong: Unsealed, anchor: AnchorFound | null): string {
    if (!this.isGenuine(wrong)) return 'an entry was put in that the product did not write';
    if (anchor && isFromBefore(wrong, anchor)) return 'an entry was put back that had been removed for its age';
    return `an entry of ${wrong.entry.at} was never sealed`;
  }

  private isGenuine({ mac, entry }: Unsealed): boolean {
    return this.hashes.isMac(mac, provenText(entry));
  }
}

type AnchorFound = Anchor & { mac: string; told: boolean };

/** Its id, which its proof covers, says that it belongs to the part that was removed. */
function isFromBefore({ entry }: Unsealed, { cutoff }: { cutoff: Date | null }): boolean {
  return cutoff !== null && madeAt(entry.id) < cutoff.getTime();
}

function publicPart({ id, seq, hash, cutoff, removed, madeAt: at }: Anchor): Anchor {
  return { id, seq, hash, cutoff, removed, madeAt: at };
}
