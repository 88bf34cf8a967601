import { token } from '../../../kernel/shapes/tokens.js';
import type { Page } from '../../../kernel/page.js';
import type { AwardKind } from '../awards/discount.rules.js';
import type { Boarding } from '../structures/structure.rules.js';

/** How the school bills. */
export interface FeeSettings {
  /** Admissions, moves and departures are billed by themselves once their term is billed. */
  autoBill: boolean;
  /** Who joins in the middle of a term, or takes up something then, pays for the school days that are left, or for the whole term. */
  joiners: 'days' | 'whole';
  /** Who leaves in the middle of a term, or gives up something then, gets back the school days that are left, or nothing. */
  leavers: 'days' | 'keep';
  /** Days from the beginning of the term, or from the invoice where that is later. */
  dueDays: number;
  /** Days after an instalment's own at which a plan still holds; of plans that are agreed on from now. */
  planGraceDays: number;
  /** Printed on invoices and statements. */
  howToPay: string;
  version: number;
}

export interface FeeSettingsStore {
  /** Those that hold until somebody has changed them, with version 0. */
  find(): Promise<FeeSettings>;
  /** False when somebody else changed them since that version. */
  save(settings: FeeSettings): Promise<boolean>;
}

/** Whom a run bills; nothing named is the whole school. */
export interface RunScope {
  classIds: readonly string[];
  streamIds: readonly string[];
  boarding: Boarding | null;
  /** Only these; null: whoever fits the rest. */
  studentIds: readonly string[] | null;
}

export type RunState = 'queued' | 'done' | 'failed' | 'reversing' | 'reversed';

export interface BillingRun {
  id: string;
  termId: string;
  scope: RunScope;
  state: RunState;
  /** Students for whom something was written. */
  learners: number;
  documents: number;
  /** How many of its documents are written so far. */
  done: number;
  totalMinor: number;
  problem: string | null;
  reversalReason: string | null;
  byUserId: string | null;
  byName: string;
  createdAt: Date;
  finishedAt: Date | null;
}

export interface RunStore {
  /** @throws Conflict while another run of the term is under way */
  insert(run: Omit<BillingRun, 'createdAt' | 'finishedAt'>): Promise<void>;
  find(id: string): Promise<BillingRun | null>;
  list(cursor: string | null, limit: number): Promise<Page<BillingRun>>;
  update(run: Pick<BillingRun, 'id'> & Partial<BillingRun>): Promise<void>;
  /** @throws Conflict while another run of the term is under way */
  beginReversal(id: string, reason: string): Promise<void>;
  /** Read to be changed: others who do so wait until this transaction ends. */
  hold(id: string): Promise<BillingRun | null>;
  /** What stands of what it wrote itself. */
  totals(id: string): Promise<Pick<BillingRun, 'learners' | 'documents' | 'totalMinor'>>;
  /** Terms of which a run stands. */
  billedTerms(): Promise<ReadonlySet<string>>;
}

export interface Subscription {
  id: string;
  studentId: string;
  headId: string;
  fromTermId: string;
  /** The last term; null until somebody ends it. */
  toTermId: string | null;
  /** The first day, inside of the first term; null: from its beginning. */
  fromOn: string | null;
  /** The last day, inside of the last term; null: to its end. */
  toOn: string | null;
  version: number;
}

export interface AwardRow {
  id: string;
  studentId: string;
  kindId: string;
  sponsorId: string | null;
  /** Instead of the kind's own. */
  value: number | null;
  fromTermId: string;
  toTermId: string | null;
  state: 'asked' | 'active' | 'refused' | 'ended';
  reason: string;
  byName: string;
  createdAt: Date;
  version: number;
}

export interface AwardStore {
  kinds(): Promise<AwardKind[]>;
  /** Those in force. */
  active(): Promise<AwardRow[]>;
  find(id: string): Promise<AwardRow | null>;
  /** Newest first; of one student or one sponsor, or of everybody. */
  /** `total`: of a sponsor, where one is named. */
  list(
    of: { studentId?: string; sponsorId?: string },
    cursor: string | null,
    limit: number,
  ): Promise<Page<AwardRow> & { total: number }>;
  insert(award: Omit<AwardRow, 'createdAt'>): Promise<void>;
  /** False when somebody else changed it since that version. */
  update(award: Omit<AwardRow, 'createdAt'>): Promise<boolean>;
  /** @throws Invalid when the name is taken */
  insertKind(kind: AwardKind): Promise<void>;
  /** @throws Invalid when the name is taken; false when somebody else changed it since that version */
  updateKind(kind: AwardKind): Promise<boolean>;
}

export interface Sponsor {
  id: string;
  name: string;
  contact: string;
  phone: string | null;
  email: string | null;
  active: boolean;
  version: number;
}

export interface SponsorStore {
  /** By name, those switched off too. */
  all(): Promise<Sponsor[]>;
  /** @throws Invalid when the name is taken */
  insert(sponsor: Sponsor): Promise<void>;
  /** @throws Invalid when the name is taken; false when somebody else changed it since that version */
  update(sponsor: Sponsor): Promise<boolean>;
}

export interface SubscriptionStore {
  all(): Promise<Subscription[]>;
  ofStudent(studentId: string): Promise<Subscription[]>;
  insert(subscription: Subscription): Promise<void>;
  /** False when somebody else changed it since that version. */
  update(subscription: Subscription): Promise<boolean>;
  remove(id: string): Promise<void>;
}

export const FEE_SETTINGS_STORE = token<FeeSettingsStore>('FeeSettingsStore');
export const RUN_STORE = token<RunStore>('FeeRunStore');
export const AWARD_STORE = token<AwardStore>('FeeAwardStore');
export const SPONSOR_STORE = token<SponsorStore>('FeeSponsorStore');
export const SUBSCRIPTION_STORE = token<SubscriptionStore>('FeeSubscriptionStore');
