import type { ServiceIdentifier } from 'inversify';
import type { Page } from '../../../kernel/page.js';
import type { Alert, AlertChip, AlertKind, AlertLevel, AlertLimits, Concern, ConcernKind } from './alert.rules.js';
import type { Scope } from '../register/ports.js';

export type { AlertChip, OpenAlert } from './alert.rules.js';

/** An alert as the list of all shows it. */
export interface AlertLine extends Alert {
  surname: string;
  firstName: string;
  admissionNo: string;
  streamId: string | null;
  sortName: string;
}

export interface AlertFilter {
  kinds: readonly AlertKind[];
  level: AlertLevel | null;
  streamId: string | null;
  /** Of the medical ones only those that may become an emergency. */
  urgentOnly: boolean;
}

export interface AlertStore {
  /** Those that are shown today, of these children and kinds. */
  current(studentIds: readonly string[], kinds: readonly AlertKind[], today: string): Promise<AlertChip[]>;
  /** All of one child, newest first, with how they ended. */
  ofStudent(
    studentId: string,
  ): Promise<(Alert & { createdAt: Date; endedAt: Date | null; endedBy: string | null; endReason: string | null })[]>;
  lines(filter: AlertFilter, scope: Scope, today: string, cursor: string | null, limit: number): Promise<Page<AlertLine>>;
  insert(alert: Alert): Promise<void>;
  /** The open one that concerns have raised. */
  byConcerns(studentId: string, kind: ConcernKind): Promise<Alert | null>;
  change(id: string, to: Pick<Alert, 'level' | 'reason' | 'untilOn'>): Promise<void>;
  /** False when it was ended already. */
  end(id: string, by: string, reason: string, at: Date): Promise<boolean>;
  concerns(studentId: string): Promise<Concern[]>;
  addConcern(concern: Concern): Promise<void>;
  limits(): Promise<Partial<Record<ConcernKind, AlertLimits>>>;
  setLimits(kind: ConcernKind, limits: AlertLimits): Promise<void>;
}

export const ALERT_STORE: ServiceIdentifier<AlertStore> = Symbol('AlertStore');
