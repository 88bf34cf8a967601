import type { RawRow } from '../columns.js';
import { packRows, type FromChild, type SheetHeader, type SheetsFound } from '../messages.js';

/** A message to the parent stays small enough to be read within a few milliseconds. */
const MAX_ROWS = 1000;
const MAX_WEIGHT = 256 * 1024;
/** So many batches may be on their way; the next waits until one has been taken. */
const IN_FLIGHT = 2;

/** Where a reading process puts what it finds: in batches, no faster than they are taken. */
export class Sink {
  rows = 0;
  private batch: RawRow[] = [];
  private weight = 0;
  private underway = 0;
  private wake: (() => void) | null = null;

  constructor(
    private readonly send: (message: FromChild) => void,
    private readonly take: number,
  ) {}

  get enough(): boolean {
    return this.rows >= this.take;
  }

  found(found: SheetsFound): void {
    this.send({ type: 'found', found });
  }

  header(header: SheetHeader): void {
    this.send({ type: 'header', header });
  }

  async row(row: RawRow): Promise<void> {
    if (this.batch.length && this.batch[0]!.sheet !== row.sheet) await this.flush();
    this.batch.push(row);
    this.rows += 1;
    this.weight += weigh(row);
    if (this.batch.length >= MAX_ROWS || this.weight >= MAX_WEIGHT) await this.flush();
  }

  async flush(): Promise<void> {
    if (!this.batch.length) return;
    while (this.underway >= IN_FLIGHT) await new Promise<void>((resolve) => (this.wake = resolve));
    this.underway += 1;
    this.send(packRows(this.batch[0]!.sheet, this.batch));
    this.batch = [];
    this.weight = 0;
  }

  /** The parent has taken a batch. */
  taken(): void {
    this.underway -= 1;
    this.wake?.();
  }
}

function weigh(row: RawRow): number {
  let weight = 8;
  for (const cell of row.cells) weight += typeof cell === 'string' ? cell.length + 3 : 12;
  return weight;
}
