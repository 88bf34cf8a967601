import type { PayWay, PayWays } from '../index.js';
import type { FeeSettingsStore } from '../ports.js';

/** Where money can go, as papers say it: numbers that networks know, then the school's own lines. */
export interface PayTo {
  ways: readonly PayWay[];
  words: string;
}

/** For papers and for pages that whoever has their address may read. */
export class HowToPay {
  constructor(
    private readonly settings: Pick<FeeSettingsStore, 'find'>,
    private readonly others: () => readonly PayWays[],
  ) {}

  async find(): Promise<PayTo> {
    const ways = (await Promise.all(this.others().map((one) => one.list()))).flat();
    return { ways, words: (await this.settings.find()).howToPay };
  }
}
