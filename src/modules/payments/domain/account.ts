export const RAIL_KINDS = ['paybill', 'till'] as const;
export type RailKind = (typeof RAIL_KINDS)[number];
export const ENVIRONMENTS = ['sandbox', 'production'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

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
