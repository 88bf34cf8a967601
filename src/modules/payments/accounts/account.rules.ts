export const RAIL_KINDS = ['paybill', 'till'] as const;
export type RailKind = (typeof RAIL_KINDS)[number];
export const ENVIRONMENTS = ['sandbox', 'production'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** The one currency of M-Pesa in Kenya. */
export const CURRENCY = 'KES';

/** What the operator gave the school; kept sealed and never shown again. */
export interface RailKeys {
  consumerKey: string;
  consumerSecret: string;
  passkey: string;
  /** Who may ask for the status of a transaction; null where the school has nobody for it. */
  initiator: { name: string; credential: string } | null;
}

/** As Daraja knows it. */
export interface DarajaAccount {
  environment: Environment;
  kind: RailKind;
  /** The paybill number, or the store number behind a till. */
  shortcode: string;
  /** The number that is paid to, where it is not the shortcode itself. */
  till: string | null;
  keys: RailKeys;
}

/** What people may see and change of it; all of a change is carried out at once. */
export interface AccountDetails extends Omit<DarajaAccount, 'keys'> {
  name: string;
  /** E.164: the phone that the operator asks before its list may be read. */
  nominatedPhone: string;
  ledgerAccountId: string;
}

export interface RailAccount extends AccountDetails {
  id: string;
  /** `waiting` until a second person has agreed to it for the first time. */
  state: 'waiting' | 'on' | 'off';
  keys: RailKeys;
  /** The secret in the addresses that are called back: 64 hexadecimal digits, in which no forbidden word can be written. */
  token: string;
  /** What it becomes once a second person agrees. */
  pending: (AccountDetails & { keys: RailKeys }) | null;
  /** Since when its addresses are known to the network. */
  registeredAt: Date | null;
  /** Until when the network’s own list was read. */
  pulledAt: Date | null;
  triedAt: Date | null;
  /** What the network said to its keys; empty when it took them. */
  triedSays: string | null;
  version: number;
}

/** The number that people pay to. */
export function paidTo({ till, shortcode }: Pick<AccountDetails, 'till' | 'shortcode'>): string {
  return till ?? shortcode;
}

/** After so long without a look the network's list no longer reaches back to the last one. */
const LIST_REACHES_MS = 48 * 3_600_000;

export function hasGap({ pulledAt, state }: Pick<RailAccount, 'pulledAt' | 'state'>, now: Date): boolean {
  return state === 'on' && pulledAt !== null && now.getTime() - pulledAt.getTime() > LIST_REACHES_MS;
}
