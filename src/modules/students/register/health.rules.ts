import { fold } from '../../../kernel/people/names.js';
import type { AlertKind, AlertLevel } from '../alerts/alert.rules.js';

/** As PostgreSQL and JavaScript both read it, with the words that schools write in French and Kiswahili too. */
export const URGENT_WORDS =
  'allerg|mzio|anaphyla|asthm|pumu|[eé]pilep|kifafa|seizure|convuls|diab[eè]t|kisukari|insulin|sickle|seli mundu|dr[eé]pano|ha?emophil|h[eé]mophil|heart|cardia|epi-?pen|adrenalin|inhaler|bleed';
const URGENT = new RegExp(URGENT_WORDS, 'i');
const FOOD =
  /allerg|mzio|anaphyla|intoleran|lactos|gluten|c(o|œ)?eliac|c(o|œ)?eliaque|diab[eè]t|kisukari|\bnuts?\b|peanut|karanga|\bmilk|maziwa|\beggs?\b|\bfish|seafood|shellfish|\bdiet|\bfoods?\b|chakula|vegetarian|vegan|halal|swallow|ulcer/i;

/** Needs that may become an emergency within minutes; they are marked wherever they are shown. */
export function isUrgent(text: string | null): boolean {
  return URGENT.test(text ?? '');
}

/** An alert is urgent by its level, or by what it says. */
export function isUrgentAlert({ level, reason }: { level: AlertLevel; reason: string }): boolean {
  return level !== 'low' || isUrgent(reason);
}

/** What the kitchen must know: what a child may not eat, or must. */
export function concernsMeals(text: string | null): boolean {
  return FOOD.test(text ?? '');
}

export interface Need {
  text: string;
  urgent: boolean;
}

/** What must be known about a child's health, the urgent first: medical alerts and special needs; what is said twice stands once. */
export function needsOf(
  specialNeeds: string | null,
  alerts: readonly { kind: AlertKind; level: AlertLevel; reason: string }[],
): Need[] {
  const medical = alerts.filter((alert) => alert.kind === 'medical' && fold(alert.reason) !== fold(specialNeeds ?? ''));
  const said = new Map<string, Need>();
  const all = [
    ...medical.map((alert) => ({ text: alert.reason, urgent: isUrgentAlert(alert) })),
    ...(specialNeeds ? [{ text: specialNeeds, urgent: isUrgent(specialNeeds) }] : []),
  ];
  for (const need of all) {
    const known = said.get(fold(need.text));
    if (known) known.urgent ||= need.urgent;
    else said.set(fold(need.text), need);
  }
  return [...said.values()].sort((one, other) => Number(other.urgent) - Number(one.urgent));
}

/** How much of a child's health somebody may see; each is more than nothing, `all` is everything. */
export interface HealthRights {
  all: boolean;
  urgent: boolean;
  meals: boolean;
  /** Every medical alert. */
  alerts: boolean;
}

/** The part of what is written down that these rights open, sentence by sentence. */
export function seenHealth(text: string | null, may: HealthRights): string | null {
  if (text === null || may.all) return text;
  const parts = text
    .split(/[;\n]+|\.(?:\s|$)/)
    .map((part) => part.trim())
    .filter(Boolean);
  return parts.filter((part) => (may.urgent && isUrgent(part)) || (may.meals && concernsMeals(part))).join('; ') || null;
}

export function seesMedicalAlert(alert: { level: AlertLevel; reason: string }, may: HealthRights): boolean {
  return may.alerts || (may.urgent && isUrgentAlert(alert)) || (may.meals && concernsMeals(alert.reason));
}
