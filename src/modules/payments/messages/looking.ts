import { demand, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Invalid } from '../../../kernel/errors.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { PayingApi, TracedPayment } from '../../fees/index.js';
import type { StudentBrief, StudentsApi } from '../../students/index.js';
import type { RailAccount } from '../accounts/account.rules.js';
import { readPasted, type Pasted } from './pasted.rules.js';
import {
  RailAway,
  RailRefused,
  type AccountStore,
  type MessageStore,
  type SettledMessage,
  type SuspenseItem,
  type SuspenseStore,
} from '../ports.js';
import type { Hearing } from './hearing.js';
import type { Settling } from './settling.js';

export interface LookingParts {
  unit: Unit;
  audit: AuditTrail;
  accounts: Pick<AccountStore, 'list'>;
  store: Pick<SuspenseStore, 'ofTransaction' | 'ofReversal' | 'alike'>;
  messages: Pick<MessageStore, 'ofTransaction'>;
  fees: Pick<PayingApi, 'traced'>;
  students: Pick<StudentsApi, 'briefs'>;
  hearing: Pick<Hearing, 'readList'>;
  settling: Pick<Settling, 'settleAll' | 'ask'>;
}

/** Everything that is known of what somebody shows. */
export interface Found extends Pasted {
  payments: TracedPayment[];
  students: ReadonlyMap<string, StudentBrief>;
  items: SuspenseItem[];
  messages: SettledMessage[];
  /** Money of the same sum and days whose child isn't known, where the number itself says nothing: a letter may be mistyped. */
  alike: SuspenseItem[];
  /** What M-Pesa has told of under the number, where what is shown names another sum. */
  toldMinor: number | null;
}

/** “I paid, here is my message”: one search over receipts, slips, suspense and all that was heard, and what can be done when nothing is found. */
export class Looking {
  constructor(private readonly parts: LookingParts) {}

  async find(actor: Actor, written: string): Promise<Found> {
    demand(actor, 'payments.read');
    const { fees, students, store, messages } = this.parts;
    const pasted = readPasted(written);
    const payments = pasted.numbers.length > 0 ? await fees.traced(pasted.numbers) : [];
    const items: SuspenseItem[] = [];
    const heard: SettledMessage[] = [];
    for (const number of pasted.numbers) {
      const item = (await store.ofTransaction(number)) ?? (await store.ofReversal(number));
      if (item) items.push(item);
      heard.push(...(await messages.ofTransaction(item?.transId ?? number)));
    }
    const briefs = await students.briefs(actor, [...new Set(payments.flatMap((one) => one.studentIds))]);
    const nothing = payments.length + items.length + heard.length === 0;
    return {
      ...pasted,
      payments,
      students: new Map(briefs.map((one) => [one.id, one])),
      items,
      messages: heard,
      alike: nothing && pasted.amountMinor !== null ? await store.alike(pasted.amountMinor, pasted.paidOn) : [],
      toldMinor: toldOtherwise(pasted, heard),
    };
  }

  /** Whom the money is for, where the search began at somebody's account. */
  async child(actor: Actor, studentId: string): Promise<StudentBrief | null> {
    return (await this.parts.students.briefs(actor, [studentId]))[0] ?? null;
  }

  /** What can be asked of the network. */
  async means(): Promise<{ list: boolean; question: boolean }> {
    const on = await this.on();
    return { list: on.some((one) => one.registeredAt !== null), question: on.some((one) => one.keys.initiator !== null) };
  }

  /** Reads the network's own list at once. @returns how many messages were new; null when it gave no answer */
  async readNow(actor: Actor): Promise<number | null> {
    demand(actor, 'payments.match');
    const { hearing, settling, unit, audit } = this.parts;
    let fresh = 0;
    for (const account of (await this.on()).filter((one) => one.registeredAt)) {
      try {
        fresh += await hearing.readList(account);
      } catch (error) {
        if (error instanceof RailAway || error instanceof RailRefused) return null;
        throw error;
      }
    }
    await settling.settleAll();
    await unit(() =>
      audit.record(actor, { action: 'payments.list.read', entity: 'payments_messages', entityId: null, after: { fresh } }),
    );
    return fresh;
  }

  /** Asks the network about one payment; its answer comes as a message. @throws Invalid for what is no code */
  async ask(actor: Actor, written: string): Promise<'asked' | 'lately' | 'away'> {
    demand(actor, 'payments.match');
    const [code] = readPasted(written).numbers;
    if (!code || !/^[A-Z0-9]{6,20}$/.test(code)) throw new Invalid({ number: 'Enter the code from the message' });
    const { settling, unit, audit } = this.parts;
    const answers: string[] = [];
    for (const account of await this.on()) if (account.keys.initiator) answers.push(await settling.ask(account, code));
    await unit(() =>
      audit.record(actor, {
        action: 'payments.question.ask',
        entity: 'payments_messages',
        entityId: null,
        label: code,
        after: { answers },
      }),
    );
    return answers.includes('asked') ? 'asked' : answers.includes('lately') ? 'lately' : 'away';
  }

  private async on(): Promise<RailAccount[]> {
    return (await this.parts.accounts.list()).filter((one) => one.state === 'on');
  }
}

/** A message on a phone whose sum was changed. */
function toldOtherwise({ amountMinor, numbers }: Pasted, heard: readonly SettledMessage[]): number | null {
  if (amountMinor === null) return null;
  const told = heard.find(
    (one) => one.transId === numbers[0] && one.amountMinor !== null && one.outcome !== null && one.outcome !== 'rejected',
  );
  return told && told.amountMinor !== amountMinor ? told.amountMinor : null;
}
