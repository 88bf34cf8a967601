import { demand, systemActor, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/id.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { anchorText } from './chain.rules.js';
import { cutoffOf } from './retention.rules.js';
import type { Verdict } from './index.js';
import type {
  Anchor,
  AuditSettings,
  AuditTrail,
  ChainStore,
  Hashes,
  OldStretch,
  RetentionStore,
  SettingsStore,
  Sighting,
} from './ports.js';

/** Seals that go in one transaction. */
const STEP = 50_000;

interface RetentionParts {
  store: RetentionStore;
  chain: Pick<ChainStore, 'lock'>;
  settings: SettingsStore;
  hashes: Pick<Hashes, 'mac'>;
  audit: AuditTrail;
  clock: Clock;
  unit: Unit;
  verify(): Promise<Verdict>;
  alarm(sighting: Sighting): Promise<void>;
}

/** Removes what is older than the school keeps it, whole stretches of the chain from its beginning. */
export class Retention {
  constructor(private readonly parts: RetentionParts) {}

  /** What the next run would remove: counted, nothing done. */
  async plan(): Promise<{ settings: AuditSettings; cutoff: Date; old: OldStretch | null; anchors: Anchor[] }> {
    const settings = await this.parts.settings.read();
    const cutoff = cutoffOf(this.parts.clock.now(), settings.retentionYears);
    return {
      settings,
      cutoff,
      old: await this.parts.store.oldStretch(cutoff, Number.MAX_SAFE_INTEGER),
      anchors: await this.parts.store.anchors(),
    };
  }

  /** Returns how many entries went. A chain that does not prove right is left as it is, as evidence. */
  async run(): Promise<number> {
    const cutoff = cutoffOf(this.parts.clock.now(), (await this.parts.settings.read()).retentionYears);
    if (!(await this.parts.store.oldStretch(cutoff, 1))) return 0;
    const verdict = await this.parts.verify();
    if (!verdict.sound) {
      await this.parts.alarm({
        rule: 'chain-broken',
        actorId: null,
        actorName: '',
        amount: 1,
        detail: `${verdict.seq}: ${verdict.what}`,
      });
      return 0;
    }
    let removed = 0;
    for (;;) {
      const gone = await this.step(cutoff);
      removed += gone;
      if (gone < STEP) return removed;
    }
  }

  private step(cutoff: Date): Promise<number> {
    const { store, chain, hashes, audit, unit } = this.parts;
    return unit(async () => {
      await chain.lock();
      const old = await store.oldStretch(cutoff, STEP);
      if (!old) return 0;
      const anchor = { id: newId(this.parts.clock.now().getTime()), seq: old.upto, hash: old.hash, cutoff, removed: old.entries };
      await audit.record(systemActor('audit.retention'), {
        action: 'audit.retention',
        entity: 'audit_anchors',
        entityId: anchor.id,
        after: { removed: old.entries, first: old.first, last: old.last, olderThan: cutoff, lastSeal: old.upto, head: old.hash },
      });
      await store.remove(anchor.id, old.upto, cutoff, hashes.mac(anchorText(anchor)));
      return old.entries;
    });
  }

  async save(actor: Actor, wanted: AuditSettings): Promise<void> {
    demand(actor, 'audit.settings');
    await this.parts.unit(async () => {
      const before = await this.parts.settings.read();
      await this.parts.settings.save(wanted);
      await this.parts.audit.record(actor, {
        action: 'audit.settings.change',
        entity: 'audit_settings',
        entityId: null,
        before,
        after: wanted,
      });
    });
  }
}
