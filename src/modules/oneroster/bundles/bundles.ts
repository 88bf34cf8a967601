import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { Clock } from '../../../kernel/clock.js';
import { Conflict, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { FilesApi } from '../../files/index.js';
import type { ImportKind } from '../../imports/index.js';
import type { Choices } from '../format/guess.rules.js';
import type { Bundle, BundleStatus, BundleStore, Enqueue } from '../ports.js';
import { LISTS } from './taking.js';

export const IMPORT = 'oneroster.import';
export const FILE_PURPOSE = 'oneroster.bundle';
export const MOST_BYTES = 50 * 1024 * 1024;
export const FILE_TYPES = ['application/zip'] as const;

const OPEN: readonly BundleStatus[] = ['checked', 'refused', 'failed'];

/** What people do with a bundle; reading, writing and taking back run as jobs. */
export class Bundles {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly store: BundleStore,
    private readonly files: FilesApi,
    private readonly enqueue: Enqueue,
    private readonly kinds: () => readonly ImportKind[],
  ) {}

  list(actor: Actor, cursor: string | null, limit: number): Promise<Page<Bundle>> {
    demand(actor, IMPORT);
    return this.store.list(cursor, limit);
  }

  async find(actor: Actor, id: string): Promise<Bundle> {
    demand(actor, IMPORT);
    const found = await this.store.find(id);
    if (!found) throw new Missing('bundle');
    return found;
  }

  /** Takes the archive; what is in it is found out in the background. A bundle touches every list, so the rights of all of them are needed. */
  async take(actor: Actor, file: { path: string; name: string }): Promise<string> {
    this.demandAll(actor);
    const id = newId();
    await this.unit(async () => {
      const kept = await this.files.save(
        actor,
        { path: file.path },
        {
          purpose: FILE_PURPOSE,
          owner: { kind: 'oneroster-bundle', id },
          name: file.name,
          maxBytes: MOST_BYTES,
          types: FILE_TYPES,
        },
      );
      await this.store.insert({
        id,
        status: 'checking',
        fileId: kept.id,
        fileName: kept.name,
        version: null,
        sourceName: null,
        sourceCode: null,
        choices: {},
        findings: null,
        outcome: null,
        step: null,
        done: 0,
        total: 0,
        sentence: null,
        actor: packed(actor),
        byName: actor.name,
        writtenIn: null,
        createdAt: this.clock.now(),
        writtenAt: null,
        undoneAt: null,
        undoneBy: null,
        forgottenAt: null,
      });
      await this.audit.record(actor, { action: 'oneroster.send', entity: 'oneroster-bundle', entityId: id, label: kept.name });
      await this.enqueue('oneroster.check', id);
    });
    return id;
  }

  /** Looks again, with other choices where some are given. */
  async check(actor: Actor, id: string, choices: Partial<Choices> | null = null): Promise<void> {
    this.demandAll(actor);
    await this.move(actor, id, OPEN, 'checking', 'oneroster.check', choices ? { choices } : {});
  }

  async commit(actor: Actor, id: string): Promise<void> {
    this.demandAll(actor);
    const { outcome } = await this.find(actor, id);
    if (outcome && changes(outcome.parts) === 0)
      throw new RuleBroken('nothing-to-write', 'Everything in this bundle is already in the school.');
    await this.move(actor, id, ['checked'], 'writing', 'oneroster.write');
  }

  async undo(actor: Actor, id: string): Promise<void> {
    this.demandAll(actor);
    if ((await this.find(actor, id)).forgottenAt)
      throw new RuleBroken('forgotten', 'The details needed to undo this bundle are no longer kept, so it can’t be undone.');
    await this.move(actor, id, ['done'], 'undoing', 'oneroster.undo');
  }

  /** Throws away what was never written, with the file. */
  async discard(actor: Actor, id: string): Promise<void> {
    const found = await this.find(actor, id);
    await this.unit(async () => {
      if (!(await this.store.step(id, OPEN, { status: 'failed' }))) throw stale();
      await this.files.remove(found.fileId);
      await this.store.remove(id);
      await this.audit.record(actor, {
        action: 'oneroster.discard',
        entity: 'oneroster-bundle',
        entityId: id,
        label: found.fileName,
      });
    });
  }

  private async move(
    actor: Actor,
    id: string,
    from: readonly BundleStatus[],
    status: BundleStatus,
    job: Parameters<Enqueue>[0],
    more: Partial<Bundle> = {},
  ): Promise<void> {
    await this.find(actor, id);
    await this.unit(async () => {
      if (
        !(await this.store.step(id, from, {
          status,
          sentence: null,
          step: null,
          done: 0,
          total: 0,
          actor: packed(actor),
          ...more,
        }))
      )
        throw stale();
      await this.enqueue(job, id);
    });
  }

  private demandAll(actor: Actor): void {
    demand(actor, IMPORT);
    for (const { kind } of Object.values(LISTS)) demand(actor, this.kinds().find((one) => one.key === kind)!.can);
    demand(actor, 'school.years.change');
  }
}

export function changes(parts: Record<string, { create: number; update: number }>): number {
  return Object.values(parts).reduce((sum, one) => sum + one.create + one.update, 0);
}

function packed(actor: Actor): Bundle['actor'] {
  return { ...actor, permissions: [...actor.permissions] };
}

function stale(): Conflict {
  return new Conflict('This bundle has changed since you opened it. Open it again.');
}
