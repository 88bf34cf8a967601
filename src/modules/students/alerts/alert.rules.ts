import { addDays } from '../../../kernel/clock.js';

export const ALERT_KINDS = ['medical', 'behaviour', 'academic'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];
/** Health is nothing that is counted from notes of teachers. */
export const CONCERN_KINDS = ['behaviour', 'academic'] as const;
export type ConcernKind = (typeof CONCERN_KINDS)[number];
export const ALERT_LEVELS = ['low', 'medium', 'high'] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

export interface Alert {
  id: string;
  studentId: string;
  kind: AlertKind;
  level: AlertLevel;
  reason: string;
  source: 'hand' | 'concerns';
  /** The last day on which it is shown. */
  untilOn: string | null;
  byUserId: string | null;
  byName: string | null;
}

export type AlertChip = Pick<Alert, 'studentId' | 'kind' | 'level' | 'reason'>;

/** One that nobody has ended; its last day may be over. */
export type OpenAlert = AlertChip & Pick<Alert, 'untilOn'>;

export interface Concern {
  id: string;
  studentId: string;
  kind: ConcernKind;
  text: string;
  onDay: string;
  byUserId: string | null;
  byName: string | null;
}

/** So many concerns within so many days make an alert of that level. */
export interface AlertLimits {
  low: number;
  medium: number;
  high: number;
  days: number;
}

export const USUAL_LIMITS: AlertLimits = { low: 3, medium: 5, high: 9, days: 60 };

/**
 * What the concerns of one kind come to: the level by their number within the window, and the last day on which there
 * are enough of them for an alert at all; null when there are too few.
 * @param days the days of the concerns, in any order
 */
export function alertFrom(
  days: readonly string[],
  limits: AlertLimits,
  today: string,
): { level: AlertLevel; untilOn: string; count: number } | null {
  const first = addDays(today, -(limits.days - 1));
  const recent = days
    .filter((day) => day >= first && day <= today)
    .sort()
    .reverse();
  if (recent.length < limits.low) return null;
  const level = recent.length >= limits.high ? 'high' : recent.length >= limits.medium ? 'medium' : 'low';
  return { level, untilOn: addDays(recent[limits.low - 1]!, limits.days - 1), count: recent.length };
}
