import { command, type Doing } from '../../kernel/shapes/command.js';
import { NotFound } from '../../kernel/errors.js';
import type { Given } from '../../kernel/shapes/tokens.js';
import type { __Plural__Api } from './index.js';
import { __fileConst__, __TYPE___ROWS, type __Type__, type __Type__Details } from './__file__.record.js';

export interface __Type__Change {
  id: string;
  /** Of the row as it was read. */
  version: number;
  details: __Type__Details;
}

export class __Plural__ implements __Plural__Api {
  static readonly needs = { rows: __TYPE___ROWS };

  constructor(private readonly parts: Given<typeof __Plural__.needs>) {}

  async active(): Promise<__Type__[]> {
    return (await this.parts.rows.all()).filter((one) => one.active);
  }

  async findOrThrow(id: string): Promise<__Type__> {
    const found = await this.parts.rows.find(id);
    if (!found) throw new NotFound();
    return found;
  }

  async add({ note }: Doing, details: __Type__Details): Promise<__Type__> {
    const made = await this.parts.rows.insert(details);
    await note({ entityId: made.id, label: made.name, after: made });
    return made;
  }

  async change({ note }: Doing, { id, version, details }: __Type__Change): Promise<__Type__> {
    const before = await this.findOrThrow(id);
    const after = await this.parts.rows.update({ ...before, ...details, version });
    await note({ entityId: id, label: after.name, before, after });
    return after;
  }

  async remove({ note }: Doing, id: string): Promise<__Type__> {
    const before = await this.findOrThrow(id);
    await this.parts.rows.remove(id);
    await note({ entityId: id, label: before.name, before });
    return before;
  }
}

const ACT = { can: '__name__.change', on: __fileConst__.entity } as const;

export const add__Type__ = command(
  { key: '__name__.add', act: 'Added', ...ACT },
  __Plural__,
  (all, doing, details: __Type__Details) => all.add(doing, details),
);
export const change__Type__ = command(
  { key: '__name__.change', act: 'Changed', ...ACT },
  __Plural__,
  (all, doing, change: __Type__Change) => all.change(doing, change),
);
export const remove__Type__ = command(
  { key: '__name__.remove', act: 'Removed', ...ACT },
  __Plural__,
  (all, doing, id: string) => all.remove(doing, id),
);
