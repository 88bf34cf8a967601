import { demand, demandProof, type Actor } from '../../kernel/actor.js';
import type { AuditTrail } from '../../kernel/audit.js';
import type { Clock } from '../../kernel/clock.js';
import { Conflict, NotFound } from '../../kernel/errors.js';
import { newId } from '../../kernel/id.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { FilesApi, OpenedFile } from '../files/index.js';
import { KEPT_DAYS, type WholeExport } from './export.rules.js';
import type { Contents, ExportStore, OrderExport } from './ports.js';

export const MAKE = 'exports.make';
export const FILE_PURPOSE = 'exports.whole';
const SHOWN = 10;
const TELL_MS = 500;
/** Far above any school; so that a mistake does not fill the disk. */
const MAX_BYTES = 64 * 1024 ** 3;

export interface ExportParts {
  unit: Unit;
  audit: AuditTrail;
  clock: Clock;
  store: ExportStore;
  files: FilesApi;
  contents: Contents;
  order: OrderExport;
  /** The school itself: it sees everything, since the owner who asked may take everything along. */
  maker: Actor;
}

/** The one file with everything that the school holds: ordered, made, fetched, and gone after some days. */
export class Exports {
  constructor(private readonly parts: ExportParts) {}

  newest(actor: Actor): Promise<WholeExport[]> {
    demand(actor, MAKE);
    return this.parts.store.newest(SHOWN);
  }

  /** @throws Conflict when one is at work; ProofNeeded */
  async order(actor: Actor, language: string): Promise<void> {
    demand(actor, MAKE);
    demandProof(actor, Infinity, 'page');
    const { unit, audit, clock, store, order } = this.parts;
    await unit(async () => {
      const made: WholeExport = {
        id: newId(),
        state: 'waiting',
        done: 0,
        total: 0,
        language,
        byUserId: actor.userId,
        byName: actor.name,
        fileId: null,
        bytes: null,
        createdAt: clock.now(),
        finishedAt: null,
      };
      if (!(await store.insert(made)))
        throw new Conflict('An export is already being made. Wait until it is ready.', 'exports.at-work');
      await audit.record(actor, { action: 'exports.order', entity: 'exports', entityId: made.id });
      await order(made.id);
    });
  }

  /** The newest one that can be fetched; who fetches it stands in the audit. @throws NotFound; ProofNeeded */
  async fetch(actor: Actor): Promise<OpenedFile> {
    demand(actor, MAKE);
    demandProof(actor);
    const { unit, audit, files, store } = this.parts;
    const made = (await store.newest(SHOWN)).find((one) => one.state === 'done');
    if (!made) throw new NotFound('This file is no longer available. Make a new export.');
    const opened = await files.open(made.fileId!, actor);
    await unit(() =>
      audit.record(actor, { action: 'exports.fetch', entity: 'exports', entityId: made.id, after: { bytes: opened.size } }),
    );
    return opened;
  }

  /** A job: done again from the start when it was interrupted, since nothing of half a file is kept. */
  async make(id: string, attempt: { signal: AbortSignal; last: boolean }): Promise<void> {
    const made = await this.parts.store.find(id);
    if (made?.state !== 'waiting' && made?.state !== 'making') return;
    try {
      await this.write(made, attempt.signal);
    } catch (error) {
      if (attempt.last && !attempt.signal.aborted) await this.fail(id);
      throw error;
    }
  }

  /** Also for one whose process died at the last try. */
  async fail(id: string): Promise<void> {
    const { unit, files, store, clock } = this.parts;
    await unit(async () => {
      await files.removeOf(FILE_PURPOSE, { kind: 'export', id });
      await store.change(id, { state: 'failed', finishedAt: clock.now() });
    });
  }

  /** Files that nobody needs any more. */
  async sweep(): Promise<void> {
    const { clock, store } = this.parts;
    for (const old of await store.fetchedUntil(new Date(clock.now().getTime() - KEPT_DAYS * 86_400_000))) await this.drop(old);
  }

  private async write(made: WholeExport, signal: AbortSignal): Promise<void> {
    const { contents, maker, files, store, unit, clock } = this.parts;
    const owner = { kind: 'export', id: made.id };
    // Of a try that was killed after its file was whole and before the order said so.
    await files.removeOf(FILE_PURPOSE, owner);
    await store.change(made.id, { state: 'making', done: 0, total: await contents.count() });
    const body = contents.archive(maker, made, this.counter(made.id, signal));
    const file = await files.save(maker, body, {
      purpose: FILE_PURPOSE,
      owner,
      name: 'whole-export.zip',
      maxBytes: MAX_BYTES,
      types: ['application/zip'],
    });
    const before = (await store.newest(SHOWN)).filter((one) => one.state === 'done');
    await unit(async () => {
      await store.change(made.id, { state: 'done', fileId: file.id, bytes: file.size, finishedAt: clock.now() });
      for (const old of before) await this.drop(old);
    });
  }

  /** Writes down how far it is, but not for each of a thousand photos. */
  private counter(id: string, signal: AbortSignal): () => Promise<void> {
    let done = 0;
    let told = 0;
    return async () => {
      signal.throwIfAborted();
      const now = this.parts.clock.now().getTime();
      if (now - told >= TELL_MS) {
        told = now;
        await this.parts.store.change(id, { done });
      }
      done += 1;
    };
  }

  private async drop({ id, fileId }: WholeExport): Promise<void> {
    await this.parts.unit(async () => {
      await this.parts.store.change(id, { state: 'over', fileId: null });
      if (fileId) await this.parts.files.remove(fileId);
    });
  }
}
