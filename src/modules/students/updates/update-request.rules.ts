import type { CustomField, CustomValue } from '../custom-fields/custom-field.rules.js';
import type { Guardian } from '../guardians/guardian.rules.js';
import type { Student } from '../register/student.rules.js';

export const LINK_DAYS = 14;
/** Wrong proofs that a link bears. */
export const MOST_TRIES = 5;

/** What a guardian may look over about the own person. */
export const GUARDIAN_FIELDS = [
  'fullName',
  'phone',
  'otherPhone',
  'email',
  'occupation',
  'address',
] as const satisfies readonly (keyof Guardian)[];
/** And about a child. */
export const CHILD_FIELDS = [
  'surname',
  'firstName',
  'middleName',
  'preferredName',
  'bornOn',
  'birthCertificateNo',
  'nationality',
  'homeArea',
  'religion',
  'firstLanguage',
  'address',
  'specialNeeds',
] as const satisfies readonly (keyof Student)[];

export type FieldValue = CustomValue | null;

/** One field as the school held it when the family looked, and as the family wrote it. */
export interface FieldChange {
  target: 'guardian' | 'student';
  targetId: string;
  /** Whose field it is. */
  name: string;
  /** A field's name, or `custom.<key>`. */
  field: string;
  old: FieldValue;
  new: FieldValue;
  /** The office's word; null until it has decided. */
  taken: boolean | null;
}

export type RequestState = 'open' | 'accepted' | 'partly' | 'rejected';

export interface UpdateRequest {
  id: string;
  guardianId: string;
  linkId: string;
  state: RequestState;
  changes: FieldChange[];
  sentAt: Date;
  decidedAt: Date | null;
  decidedBy: string | null;
  decidedByName: string | null;
  reason: string | null;
}

/** The family as the page shows it: the guardian, and the children who are not barred from this person. */
export interface Family {
  guardian: Guardian;
  children: Student[];
}

export type Fields = Readonly<Record<string, FieldValue>>;

export function guardianFields(guardian: Guardian): Fields {
  return Object.fromEntries(GUARDIAN_FIELDS.map((field) => [field, guardian[field]]));
}

/** A child's fields, with those of the school that families fill in. */
export function childFields(student: Student, custom: readonly Pick<CustomField, 'key'>[]): Fields {
  return {
    ...Object.fromEntries(CHILD_FIELDS.map((field) => [field, student[field]])),
    ...Object.fromEntries(custom.map(({ key }) => [`custom.${key}`, student.custom[key] ?? null])),
  };
}

/** Where the two differ; what was not written is not there, an emptied field is null. */
export function differences(
  who: Pick<FieldChange, 'target' | 'targetId' | 'name'>,
  held: Fields,
  written: Fields,
): FieldChange[] {
  return Object.keys(held)
    .filter((field) => field in written && written[field] !== held[field])
    .map((field) => ({ ...who, field, old: held[field]!, new: written[field]!, taken: null }));
}

/** What stands in the way of guessing: a child's birthday, or for a family of which none is known the end of the phone number. */
export type ProofKind = 'birthday' | 'phone';

export function proofKind({ guardian, children }: Family): ProofKind | null {
  if (children.some((child) => child.bornOn !== null)) return 'birthday';
  return guardian.phone ? 'phone' : null;
}

export function proves(family: Family, given: { bornOn: string | null; digits: string | null }): boolean {
  const kind = proofKind(family);
  if (kind === 'birthday') return given.bornOn !== null && family.children.some((child) => child.bornOn === given.bornOn);
  return (
    kind === 'phone' && given.digits !== null && /^\d{4}$/.test(given.digits) && family.guardian.phone!.endsWith(given.digits)
  );
}

export function stateAfter(changes: readonly FieldChange[]): Exclude<RequestState, 'open'> {
  if (changes.every((one) => one.taken)) return 'accepted';
  return changes.some((one) => one.taken) ? 'partly' : 'rejected';
}
