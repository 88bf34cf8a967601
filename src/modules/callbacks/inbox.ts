import { newId } from '../../kernel/id.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { SchoolRegister } from '../schools/index.js';
import { judge, numberAsked, type Validation } from './validation.rules.js';
import type { Address, CallbackStore, MessageKind, SchoolBell } from './ports.js';

export interface InboxParts {
  unit: Unit;
  store: CallbackStore;
  register: Pick<SchoolRegister, 'find'>;
  bell: SchoolBell;
  /** Asks for `wake` after the commit. */
  wakeSoon(schoolId: string): Promise<void>;
  /** Whether this number is among a school's hashes; null when its key isn't known any more. */
  isPayee(schoolId: string, payees: { keyId: string; hashes: Buffer }, number: string): boolean | null;
  hash(token: string): string;
}

const KEPT_DAYS = 30;

/** What networks call, kept until the school has it. */
export class Inbox {
  constructor(private readonly parts: InboxParts) {}

  addressOf(token: string): Promise<Address | null> {
    return this.parts.store.addressOf(this.parts.hash(token));
  }

  /** Once this has come back the message is stored for good. */
  keep(address: Address, kind: MessageKind, body: string, ip: string | null): Promise<void> {
    const { unit, store, wakeSoon } = this.parts;
    return unit(async () => {
      await store.insert({ ...address, id: newId(), kind, body, ip });
      await wakeSoon(address.schoolId);
    });
  }

  async validate({ schoolId }: Address, body: string): Promise<Validation> {
    const number = numberAsked(body);
    const payees = number === null ? null : await this.parts.store.payeesOf(schoolId);
    return judge(payees && this.parts.isPayee(schoolId, payees, number!));
  }

  /** @throws Error when the school has not heard: the job tries again */
  async wake(schoolId: string): Promise<void> {
    const { store, register, bell } = this.parts;
    if (!(await store.waiting(schoolId))) return;
    const school = await register.find(schoolId);
    if (school && school.state !== 'deleted') await bell.ring(school);
  }

  /** For those whose waking was given up. */
  async wakeAll(): Promise<void> {
    for (const schoolId of await this.parts.store.schoolsWaiting()) await this.parts.wakeSoon(schoolId);
  }

  forgetOld(): Promise<void> {
    return this.parts.store.forgetTaken(KEPT_DAYS);
  }
}
