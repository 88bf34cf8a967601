import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { NotFound } from '../../kernel/errors.js';
import { newId } from '../../kernel/id.js';
import type { Page } from '../../kernel/page.js';
import { differencesOf, type Difference } from './differences.rules.js';
import { provenText } from './chain.rules.js';
import { cleanText, maskedPair } from './mask.rules.js';
import type { TrailEntry } from './index.js';
import type { AuditEntry, AuditTrail, Hashes, TrailFilter, TrailStore } from './ports.js';

export type ShownEntry = TrailEntry & { differences: Difference[] };

/** Writing entries and reading them. */
export class Trail implements AuditTrail {
  constructor(
    private readonly store: TrailStore,
    private readonly clock: Clock,
    private readonly hashes: Hashes,
    /** Wakes the sealer once the entry is committed. */
    private readonly written: () => void,
  ) {}

  async record(actor: Actor, entry: AuditEntry): Promise<void> {
    const written: Omit<TrailEntry, 'at'> = {
      id: newId(this.clock.now().getTime()),
      actorId: actor.userId,
      actorName: cleanText(actor.name),
      actorRoles: [...actor.roles],
      ip: actor.ip,
      requestId: actor.requestId,
      action: entry.action,
      entity: entry.entity,
      entityId: entry.entityId,
      label: optional(entry.label?.slice(0, 300)),
      ...maskedPair(entry.before, entry.after),
      reason: optional(entry.reason),
    };
    await this.store.insert(written, this.hashes.mac(provenText(written)));
    this.written();
  }

  async trailOf(entity: string, id: string, limit: number): Promise<ShownEntry[]> {
    return (await this.store.of(entity, id, limit)).map(withDifferences);
  }

  page(filter: TrailFilter, zone: string, cursor: string | null, limit: number): Promise<Page<TrailEntry>> {
    return this.store.page(filter, zone, cursor, limit);
  }

  async show(id: string): Promise<ShownEntry> {
    const entry = await this.store.find(id);
    if (!entry) throw new NotFound();
    return withDifferences(entry);
  }
}

function optional(text: string | null | undefined): string | null {
  return text ? cleanText(text) : null;
}

function withDifferences(entry: TrailEntry): ShownEntry {
  return { ...entry, differences: differencesOf(entry.before, entry.after) };
}
