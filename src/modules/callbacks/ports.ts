export const MESSAGE_KINDS = ['stk', 'confirmation', 'status', 'timeout', 'pull'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

export interface Address {
  schoolId: string;
  accountId: string;
}

export interface CallbackStore {
  addressOf(tokenHash: string): Promise<Address | null>;
  insert(message: Address & { id: string; kind: MessageKind; body: string; ip: string | null }): Promise<void>;
  waiting(schoolId: string): Promise<boolean>;
  /** Schools for which something waits. */
  schoolsWaiting(): Promise<string[]>;
  payeesOf(schoolId: string): Promise<{ keyId: string; hashes: Buffer } | null>;
  forgetTaken(days: number): Promise<void>;
  forgetSchool(schoolId: string): Promise<void>;
}

/** A school's process, which may be asleep. */
export interface SchoolBell {
  /** @throws Error when nobody has heard it */
  ring(school: { id: string; subdomain: string }): Promise<void>;
}
