import { can, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { NotFound } from '../../kernel/errors.js';
import { isId, newId } from '../../kernel/id.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { FileOwner, FilePurpose, FilesApi, FileSource, NewFile, OpenedFile, SmallPicture, StoredFile } from './index.js';
import type { FileRow, FileStore, Intake, Objects, Shrink } from './ports.js';

const DAY = 86_400_000;
const KEPT_AFTER_REMOVAL = 30 * DAY;
const PICTURES = new Set(['image/jpeg', 'image/png', 'image/webp']);
const SMALL_TYPE = 'image/webp';

export class Files implements FilesApi {
  private readonly purposes = new Map<string, FilePurpose>();

  constructor(
    private readonly prefix: string,
    private readonly store: FileStore,
    private readonly intake: Intake,
    private readonly objects: Objects,
    private readonly shrink: Shrink,
    private readonly unit: Unit,
    private readonly clock: Clock,
  ) {}

  register(...purposes: FilePurpose[]): void {
    for (const purpose of purposes) this.purposes.set(purpose.purpose, purpose);
  }

  /** Whether files of this purpose are part of a whole export. */
  isTakenAlong(purpose: string): boolean {
    return this.purposes.get(purpose)?.staysHere !== true;
  }

  async save(actor: Actor, source: FileSource, about: NewFile): Promise<StoredFile> {
    if (!this.purposes.has(about.purpose)) throw new Error(`Nobody has registered who may read files of ${about.purpose}`);
    const received = await this.intake.receive(source, about);
    try {
      const id = newId();
      const objectKey = `${this.prefix}/${about.purpose.replaceAll('.', '/')}/${id}`;
      const { name, type, size, sha256 } = received;
      const file = { id, owner: about.owner, purpose: about.purpose, name, type, size, sha256, createdAt: this.clock.now() };
      await received.store(objectKey);
      await this.unit(() => this.store.insert({ ...file, objectKey, createdBy: actor.userId }));
      return file;
    } finally {
      await received.discard();
    }
  }

  async open(id: string, actor: Actor): Promise<OpenedFile> {
    const row = await this.rowFor(id, actor);
    return { ...plain(row), body: () => this.bodyOf(row.objectKey) };
  }

  async openSmall(id: string, actor: Actor): Promise<SmallPicture | null> {
    const row = await this.rowFor(id, actor);
    if (!PICTURES.has(row.type)) return null;
    const known = await this.objects.body(smallOf(row.objectKey));
    return { type: SMALL_TYPE, bytes: known ? await bytesOf(known) : await this.makeSmall(row) };
  }

  link(id: string): string {
    return `/files/${id}`;
  }

  remove(id: string): Promise<void> {
    return this.removeAll([id]);
  }

  async removeAll(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.unit(() => this.store.remove(ids, this.clock.now()));
  }

  async removeOf(purpose: string, owner: FileOwner): Promise<void> {
    await this.unit(() => this.store.removeOf(purpose, owner, this.clock.now()));
  }

  restorable(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return this.store.removed(ids);
  }

  async restore(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.unit(() => this.store.restore(ids));
  }

  async handOver(purpose: string, files: readonly { id: string; owner: FileOwner }[]): Promise<void> {
    if (!this.purposes.has(purpose)) throw new Error(`Nobody has registered who may read files of ${purpose}`);
    if (files.length > 0) await this.unit(() => this.store.handOver(purpose, files));
  }

  /**
   * Clears away what nobody can reach: files removed a month ago, and bytes whose row was rolled back.
   * Bytes come before their row, so that only those which are a day old count as left behind.
   */
  async sweep(): Promise<void> {
    const now = this.clock.now().getTime();
    const removed = await this.store.removedBefore(new Date(now - KEPT_AFTER_REMOVAL));
    for (const key of removed.flatMap((each) => [each, smallOf(each)])) await this.objects.remove(key);
    await this.unit(() => this.store.forget(removed));
    for await (const keys of inBatches(this.objects.list(`${this.prefix}/`), 500))
      await this.sweepStrays(keys, new Date(now - DAY));
  }

  private async sweepStrays(keys: string[], before: Date): Promise<void> {
    // Other modules keep objects of their own under the same prefix; files lie at <prefix>/<module>/<what>/<id>.
    const ours = keys.filter((key) => this.isOurs(key));
    const known = await this.store.known(ours);
    for (const key of ours.filter((each) => !known.has(each))) {
      const modifiedAt = await this.objects.modifiedAt(key);
      if (modifiedAt && modifiedAt < before) await this.objects.remove(key);
    }
  }

  private isOurs(key: string): boolean {
    const parts = key.slice(this.prefix.length + 1).split('/');
    return isId(parts.at(-1)) && this.purposes.has(parts.slice(0, -1).join('.'));
  }

  private async rowFor(id: string, actor: Actor): Promise<FileRow> {
    const row = isId(id) ? await this.store.find(id) : null;
    if (!row || !(await this.mayRead(actor, row))) throw new NotFound();
    return row;
  }

  private async makeSmall({ objectKey }: FileRow): Promise<Buffer> {
    const small = await this.shrink(await bytesOf(await this.bodyOf(objectKey)));
    await this.objects.put(smallOf(objectKey), small, SMALL_TYPE);
    return small;
  }

  private async mayRead(actor: Actor, { purpose, owner }: FileRow): Promise<boolean> {
    const rule = this.purposes.get(purpose);
    if (!rule) return false;
    return 'can' in rule ? can(actor, rule.can) : rule.mayRead(actor, owner);
  }

  private async bodyOf(key: string): Promise<AsyncIterable<Uint8Array>> {
    const body = await this.objects.body(key);
    if (!body) throw new NotFound();
    return body;
  }
}

/** Beside the picture, and gone with it. */
function smallOf(objectKey: string): string {
  return `${objectKey}.small`;
}

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** What other modules are told: not where the bytes lie. */
function plain({ id, owner, purpose, name, type, size, sha256, createdAt }: FileRow): StoredFile {
  return { id, owner, purpose, name, type, size, sha256, createdAt };
}

async function* inBatches(source: AsyncIterable<string>, size: number): AsyncIterable<string[]> {
  let batch: string[] = [];
  for await (const item of source) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
