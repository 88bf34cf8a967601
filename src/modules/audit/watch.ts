import { newId } from '../../kernel/id.js';
import type { Publish, Unit } from '../../kernel/unit-of-work.js';
import { limitsFor, LOCK_OUT, MANY_LOCK_OUTS, rowsTaken, sightingOf } from './alert.rules.js';
import { AlertRaised, ReadTooMuch } from './index.js';
import type { AlertLimits, AlertStore, Noted, ReadTally, SealedEntry, SettingsStore, Sighting } from './ports.js';

/**
 * Looks at every entry once, in the transaction that seals it: nothing is looked at twice or left out, and a rolled
 * back act raises no alert. Whom people look at on pages comes from a count in memory.
 */
export class Watch {
  constructor(
    private readonly store: AlertStore,
    private readonly settings: Pick<SettingsStore, 'read'>,
    private readonly unit: Unit,
    private readonly publish: Publish,
  ) {}

  async look(entries: readonly SealedEntry[]): Promise<void> {
    const taken = new Map<string, { rows: number; last: SealedEntry }>();
    for (const entry of entries) {
      const rows = rowsTaken(entry);
      if (entry.action === LOCK_OUT) await this.lookAtLockOuts(entry);
      else if (rows > 0 && entry.actorId)
        taken.set(entry.actorId, { rows: rows + (taken.get(entry.actorId)?.rows ?? 0), last: entry });
      else await this.lookAtAct(entry);
    }
    for (const [accountId, { rows, last }] of taken) await this.lookAtRows(accountId, rows, last);
  }

  private async lookAtAct(entry: SealedEntry): Promise<void> {
    const sighting = sightingOf(entry);
    if (!sighting) return;
    if (sighting.rule === 'large-import' && sighting.amount <= (await this.settings.read()).mostRows) return;
    await this.raise(sighting);
  }

  private async lookAtRows(accountId: string, rows: number, last: SealedEntry): Promise<void> {
    const { mostRows } = limitsFor(last.actorRoles, await this.settings.read());
    const [reads] = await this.store.readsOf([accountId]);
    const all = (await this.store.exportedBy(accountId, last.at)) + (reads?.people ?? 0);
    if (all > mostRows)
      await this.raise(
        { rule: 'rows-taken', actorId: accountId, actorName: last.actorName, amount: all, detail: last.label },
        rows,
      );
  }

  private async lookAtLockOuts(entry: SealedEntry): Promise<void> {
    const accounts = await this.store.lockOuts(entry.at);
    if (accounts >= MANY_LOCK_OUTS)
      await this.raise({ rule: 'lock-outs', actorId: null, actorName: '', amount: accounts, detail: entry.label }, 1);
  }

  /** Takes over what was counted in memory since the last time. */
  async noteReads(tallies: readonly ReadTally[], at: number): Promise<Noted> {
    return this.unit(async () => {
      await this.store.addReads(tallies);
      const limits = await this.settings.read();
      const over: string[] = [];
      for (const reads of await this.store.readsOf(tallies.map((one) => one.accountId))) {
        const tally = tallies.find((one) => one.accountId === reads.accountId)!;
        if (!(await this.lookAtReads(tally, reads, limitsFor(tally.roles, limits)))) continue;
        over.push(reads.accountId);
        await this.publish(ReadTooMuch({ accountId: reads.accountId, at }));
      }
      return { limits, over };
    });
  }

  /** @returns whether the account is past its limits, and has to prove who it is before it reads on */
  private async lookAtReads(
    { accountId, name }: ReadTally,
    { people, opened }: { people: number; opened: number },
    { mostRows, mostPages }: AlertLimits,
  ): Promise<boolean> {
    const by = { actorId: accountId, actorName: name, detail: null };
    const all = people + (people > 0 ? await this.store.exportedBy(accountId, null) : 0);
    if (opened > mostPages) await this.raise({ ...by, rule: 'pages-opened', amount: opened });
    if (all > mostRows) await this.raise({ ...by, rule: 'rows-taken', amount: all }, people);
    if (opened > mostPages || all > mostRows) await this.store.tellReads(accountId);
    return opened > mostPages || people > mostRows;
  }

  /** One alert per rule, account and hour; what comes later within the hour is added to it. */
  async raise(sighting: Sighting, more = sighting.amount): Promise<void> {
    await this.unit(async () => {
      await this.store.lock();
      const fresh = await this.store.fresh(sighting.rule, sighting.actorId);
      if (fresh) return this.store.extend(fresh, more, sighting.detail);
      const alertId = newId();
      await this.store.insert(alertId, sighting);
      await this.publish(AlertRaised({ alertId, ...sighting }));
    });
  }
}
