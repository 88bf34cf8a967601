import { can, type Actor } from '../../../kernel/actor.js';
import { seenHealth, type HealthRights } from './health.rules.js';
import type { Guardian } from '../guardians/guardian.rules.js';
import type { Student } from './student.rules.js';

/**
 * What a fact about a child is, beyond name, class and photo. `details` is what everybody sees who has one of the
 * other rights for their work, and nobody who needs no more than name, class and photo.
 */
export type Sensitivity = 'contacts' | 'identity' | 'health' | 'faith' | 'details';

export const SEES = {
  contacts: 'students.contacts',
  identity: 'students.identity',
  health: 'students.health',
  faith: 'students.faith',
} as const satisfies Record<Exclude<Sensitivity, 'details'>, string>;
export const SEES_URGENT = 'students.health-urgent';
export const SEES_FOR_MEALS = 'students.health-meals';
export const SEES_MEDICAL_ALERTS = 'students.alerts.health';

/** Declared once; pages, sheets, prints and the API ask `Sight`. What isn't named is for everybody who may see the child. */
export const STUDENT_FIELDS: { readonly [Field in keyof Student]?: Sensitivity } = {
  bornOn: 'details',
  previousSchool: 'details',
  birthCertificateNo: 'identity',
  address: 'contacts',
  homeArea: 'contacts',
  specialNeeds: 'health',
  religion: 'faith',
  nationality: 'faith',
  firstLanguage: 'faith',
  orphanStatus: 'faith',
};

/** A guardian is a contact as a whole; the number of the identity card is more. */
const GUARDIAN_FIELDS: { readonly [Field in keyof Guardian]?: Sensitivity } = {
  fullName: 'contacts',
  phone: 'contacts',
  otherPhone: 'contacts',
  email: 'contacts',
  nationalId: 'identity',
  occupation: 'contacts',
  address: 'contacts',
};

/** By the name that forms, requests and the audit give it. */
export function sensitivityOf(field: string): Sensitivity | null {
  const name = field.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()).split('.');
  if (name[0] === 'identifiers') return 'identity';
  const last = name.at(-1)!;
  return STUDENT_FIELDS[last as keyof Student] ?? GUARDIAN_FIELDS[last as keyof Guardian] ?? null;
}

/** What one person may see of the children whom they may see at all. */
export class Sight {
  readonly health: HealthRights;
  private readonly kinds: ReadonlySet<Sensitivity>;

  constructor(actor: Pick<Actor, 'permissions'>) {
    const holds = (permission: string): boolean => can(actor as Actor, permission);
    const kinds = (Object.keys(SEES) as (keyof typeof SEES)[]).filter((kind) => holds(SEES[kind]));
    this.kinds = new Set<Sensitivity>([...kinds, ...(kinds.length > 0 ? (['details'] as const) : [])]);
    this.health = {
      all: holds(SEES.health),
      urgent: holds(SEES_URGENT),
      meals: holds(SEES_FOR_MEALS),
      alerts: holds(SEES_MEDICAL_ALERTS),
    };
  }

  /** Whether facts of this kind are open to them, all of them. */
  sees(kind: Sensitivity | null | undefined): boolean {
    return !kind || this.kinds.has(kind);
  }

  /** For views: kind → whether. */
  get open(): Record<Sensitivity, boolean> {
    return {
      contacts: this.sees('contacts'),
      identity: this.sees('identity'),
      health: this.sees('health'),
      faith: this.sees('faith'),
      details: this.sees('details'),
    };
  }

  /** A record of a child without what is closed to them. */
  student<Known extends object>(known: Known): Known {
    const seen = { ...known } as Record<string, unknown>;
    for (const [field, kind] of Object.entries(STUDENT_FIELDS)) {
      if (seen[field] === undefined || seen[field] === null || this.sees(kind)) continue;
      seen[field] = kind === 'health' ? seenHealth(String(seen[field]), this.health) : null;
    }
    return seen as Known;
  }

  guardians<Known extends object>(known: readonly Known[]): Known[] {
    if (!this.sees('contacts')) return [];
    return this.sees('identity') ? [...known] : known.map((one) => ('nationalId' in one ? { ...one, nationalId: null } : one));
  }

  /** What of a change they may write: nobody overwrites what they can't read. */
  changes<Given extends object>(given: Given): Partial<Given> {
    return Object.fromEntries(Object.entries(given).filter(([field]) => this.sees(sensitivityOf(field)))) as Partial<Given>;
  }
}

/** Everything: for what the product does by itself, and for forms in which somebody writes down a new child. */
export const WHOLE_SIGHT: Record<Sensitivity, boolean> = {
  contacts: true,
  identity: true,
  health: true,
  faith: true,
  details: true,
};
