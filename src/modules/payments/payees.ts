import type { Clock } from '../../kernel/clock.js';
import { plainReference } from '../../kernel/references.js';
import type { StudentsApi } from '../students/index.js';
import type { AccountStore, PlatformInbox } from './ports.js';

export interface PayeeParts {
  inbox: PlatformInbox | null;
  accounts: Pick<AccountStore, 'list'>;
  students: Pick<StudentsApi, 'payees'>;
  clock: Clock;
  /** Null where the platform gave the school no key. */
  setOf: ((numbers: Iterable<string>) => { keyId: string; hashes: Buffer }) | null;
}

/** The platform answers for a school that sleeps: it needs to know whom one can pay for, and nothing else about them. */
export class Payees {
  constructor(private readonly parts: PayeeParts) {}

  async put(): Promise<void> {
    const { inbox, accounts, students, setOf, clock } = this.parts;
    if (!inbox || !setOf || (await accounts.list()).every((one) => one.state !== 'on')) return;
    const madeAt = clock.now();
    const numbers = (await students.payees()).flatMap((one) => [one.paymentNo, plainReference(one.admissionNo)]);
    const { keyId, hashes } = setOf(numbers);
    await inbox.putPayees(keyId, hashes, madeAt);
  }
}
