import type { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { RailAccount } from '../accounts/account.rules.js';
import { readMessage, SOURCES, type Message, type Source } from './message.rules.js';
import type { AccountStore, Daraja, MessageStore, PlatformInbox } from '../ports.js';

const AT_ONCE = 100;
const HOUR_MS = 3_600_000;
/** What the network's list reaches back. */
const LIST_MS = 48 * HOUR_MS;
/** A list of more pages than this is not asked for in one go. */
const MOST_PAGES = 400;

export interface HearingParts {
  unit: Unit;
  clock: Clock;
  accounts: AccountStore;
  messages: MessageStore;
  daraja: Pick<Daraja, 'pull'>;
  inbox: PlatformInbox | null;
  onError(error: unknown, where: string): void;
}

/** Brings messages into the school's own table, as they came; what becomes of them is another's work. */
export class Hearing {
  constructor(private readonly parts: HearingParts) {}

  /**
   * Takes what waits at the platform. Stored here first, marked there afterwards: killed in between, the same rows come
   * again and bring nothing. @returns how many were new
   */
  async takeInbox(): Promise<number> {
    const { inbox, messages, accounts, unit } = this.parts;
    if (!inbox) return 0;
    const known = new Set((await accounts.list()).map((one) => one.id));
    let fresh = 0;
    for (;;) {
      const rows = await inbox.waiting(AT_ONCE);
      if (rows.length === 0) return fresh;
      // An account that was never kept here (its insertion was rolled back) has nobody who could be paid.
      const ours = rows.filter((row) => known.has(row.accountId) && isSource(row.kind));
      fresh += await unit(() =>
        messages.insertAll(
          ours.map((row) =>
            this.message(row.id, row.accountId, row.kind as Source, `callback:${row.id}`, row.body, row.receivedAt),
          ),
        ),
      );
      await inbox.taken(rows.map((row) => row.id));
    }
  }

  /** Reads the network's list of the last two days, or since `from`: whatever was read before comes again and brings nothing. */
  async readList(account: RailAccount, from?: Date): Promise<number> {
    const { clock, daraja, messages, accounts, unit } = this.parts;
    const to = clock.now();
    const since = from ?? new Date(to.getTime() - LIST_MS);
    let [fresh, offset] = [0, 0];
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const rows = await daraja.pull(account, { from: since, to, offset });
      if (rows.length === 0) break;
      const read = rows.map((row) => this.listed(account.id, row));
      fresh += await unit(() => messages.insertAll(read));
      offset += rows.length;
    }
    if (!from) await unit(() => accounts.notePulled(account.id, to));
    return fresh;
  }

  async readLists(): Promise<void> {
    for (const account of await this.parts.accounts.list()) {
      if (account.state !== 'on' || !account.registeredAt) continue;
      await this.readList(account).catch((error: unknown) => this.parts.onError(error, 'the list of payments'));
    }
  }

  private listed(accountId: string, row: object): Message {
    const body = JSON.stringify(row);
    const { transId } = readMessage('list', body);
    return this.message(newId(), accountId, 'list', `list:${accountId}:${transId ?? body}`, body, this.parts.clock.now());
  }

  private message(id: string, accountId: string, source: Source, externalKey: string, body: string, receivedAt: Date): Message {
    return { id, accountId, source, externalKey, body, receivedAt, ...readMessage(source, body) };
  }
}

function isSource(kind: string): boolean {
  return kind !== 'list' && (SOURCES as readonly string[]).includes(kind);
}
