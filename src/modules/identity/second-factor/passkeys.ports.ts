/** A key that lives in a person's phone, computer or security stick; we know its public half. */
export interface Passkey {
  id: string;
  userId: string;
  credentialId: string;
  publicKey: Uint8Array<ArrayBuffer>;
  counter: number;
  transports: string[];
  name: string;
  backedUp: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
}

export interface PasskeyStore {
  of(userId: string): Promise<Passkey[]>;
  byCredential(credentialId: string): Promise<Passkey | null>;
  /** @throws Conflict when this key is known already */
  insert(key: Omit<Passkey, 'createdAt' | 'lastUsedAt'>): Promise<void>;
  /** False when somebody was faster with a count as high as this: the key is in two places. */
  used(id: string, counter: number, backedUp: boolean): Promise<boolean>;
  /** The name that it had; null when this person has no such key. */
  rename(userId: string, id: string, name: string): Promise<string | null>;
  /** The name of what is gone; null when there was none. */
  remove(userId: string, id: string): Promise<string | null>;
  removeAll(userId: string): Promise<void>;
}

export type ChallengePurpose = 'sign-in' | 'confirm' | 'enrol';

/** What a key is asked to sign; good once, for five minutes, for whoever asked. */
export interface ChallengeStore {
  insert(challenge: { challenge: string; purpose: ChallengePurpose; holder: string; expiresAt: Date }): Promise<void>;
  /** True once. */
  use(challenge: string, purpose: ChallengePurpose, holder: string): Promise<boolean>;
}

/** What the browser hands to the authenticator, and back from it; JSON of the WebAuthn standard. */
export interface WebAuthn {
  creationOptions(
    person: { id: string; login: string; name: string; house: string },
    challenge: string,
    known: readonly Passkey[],
  ): Promise<object>;
  requestOptions(challenge: string, allowed: readonly Passkey[]): Promise<object>;
  /** Null when anything about it is not right. `isOurs` is asked for the challenge, which is then used up. */
  verifyCreation(response: unknown, isOurs: (challenge: string) => Promise<boolean>): Promise<NewCredential | null>;
  credentialOf(response: unknown): { credentialId: string; userId: string | null } | null;
  /** `copied`: right but for its counter, which went back. */
  verifyRequest(
    response: unknown,
    key: Passkey,
    isOurs: (challenge: string) => Promise<boolean>,
  ): Promise<{ counter: number; backedUp: boolean } | 'copied' | null>;
}

export type NewCredential = Pick<Passkey, 'credentialId' | 'publicKey' | 'counter' | 'transports' | 'backedUp'>;
