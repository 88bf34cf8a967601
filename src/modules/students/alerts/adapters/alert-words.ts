import type { T } from '../../../../platform/i18n/i18n.js';
import type { AlertKind, AlertLevel } from '../alert.rules.js';

/** `Medical: high`, as chips and lists say it. */
export function alertWords({ kind, level }: { kind: AlertKind; level: AlertLevel }, t: T): string {
  const kinds: Record<AlertKind, string> = { medical: t('Medical'), behaviour: t('Behaviour'), academic: t('Academic') };
  const levels: Record<AlertLevel, string> = { low: t('low'), medium: t('medium'), high: t('high') };
  return `${kinds[kind]}: ${levels[level]}`;
}
