import { formatDay } from '../../../../kernel/day-words.js';
import { boardingSince, endsUnknownBoarding } from '../../../../kernel/people/boarding.js';
import { registerName } from '../../../../kernel/people/names.js';
import { RuleBroken } from '../../../../kernel/errors.js';
import type { Remark } from '../../../imports/index.js';
import { consentGiven } from '../../guardians/consent.rules.js';
import { changedValues, type CustomValues } from '../../custom-fields/custom-field.rules.js';
import { closingDay } from '../../enrolments/enrolment.rules.js';
import { sameWords } from '../full-name.rules.js';
import { isSamePerson, sameName, type Guardian } from '../../guardians/guardian.rules.js';
import { PRESENT_STATUSES, STATUS_WORDS, TRANSITIONS, type Transition } from '../../enrolments/life-cycle.rules.js';
import type { Student } from '../../register/student.rules.js';
import type { GuardianOfStudent } from '../../ports.js';
import { saidOf, type Given, type GivenGuardian } from './given.js';
import type { FoundPlace } from './places.js';
import type { Reference } from './reference.js';
import type { Known } from './snapshot.js';

/** What a row would change of a child that is in the register. */
export interface Change {
  fields: Partial<Student>;
  identifiers: Given['identifiers'];
  move: (FoundPlace & { on: string }) | null;
  step: (Transition & { on: string }) | null;
  consents: Given['consents'];
  assignments: Given['assignments'];
  /** Guardians of the child whose own facts, or whose tie, change. */
  guardians: { known: GuardianOfStudent; facts: Partial<Guardian>; tie: GivenGuardian['tie'] }[];
  /** Guardians that the child doesn't have yet. */
  attach: GivenGuardian[];
  /** Which of the child's guardians a row speaks of. */
  meant: { known: GuardianOfStudent; given: GivenGuardian }[];
  remarks: Remark[];
}

export function changesAnything(change: Change): boolean {
  return (
    Object.keys(change.fields).length > 0 ||
    change.move !== null ||
    change.step !== null ||
    [change.identifiers, change.consents, change.assignments, change.guardians, change.attach].some((list) => list.length > 0)
  );
}

export function planChange(known: Known, given: Given, ref: Reference): Change {
  const remarks: Remark[] = [];
  const refuse = (column: string | null, text: string, vars?: Remark['vars']): void =>
    void remarks.push({ column, severity: 'error', text, ...(vars && { vars }) });
  if (given.paymentNo && given.paymentNo !== known.student.paymentNo) {
    remarks.push({
      column: 'payment_no',
      severity: 'warning',
      text: 'The payment number stays {{number}}.',
      vars: { number: known.student.paymentNo },
    });
  }
  const step = stepOf(known, given, ref, refuse);
  const { meant, attach } = whoIsMeant(known.guardians, given.guardians);
  const guardians = meant.map(({ known: one, given: said }) => ({
    known: one,
    facts: differences(one, factsOf(one, said)),
    tie: differences(one.tie, said.tie),
  }));
  const changed = guardians.filter((one) => Object.keys(one.facts).length > 0 || Object.keys(one.tie).length > 0);
  if (!ref.may.guardians && changed.length + attach.length > 0) refuse(null, 'You can’t change guardians.');
  return {
    fields: {
      ...differences(known.student, namesKept(known.student, given)),
      ...stayChange(known.student, given, ref, remarks),
      ...customChange(known.student.custom, given.custom),
    },
    identifiers: given.identifiers.filter((one) => known.identifiers[one.type] !== one.value),
    move: moveOf(known, given, step, ref, remarks),
    step,
    consents: given.consents.filter(
      (one) =>
        known.consents.every((answer) => answer.purpose !== one.purpose) ||
        consentGiven(known.consents, one.purpose) !== one.given,
    ),
    assignments: given.assignments.filter((one) => {
      const open = known.assignments.find((assignment) => assignment.kind === one.kind);
      return open?.itemId !== one.itemId || (one.detail !== null && open.detail !== one.detail);
    }),
    guardians: changed,
    attach,
    meant,
    remarks,
  };
}

/** A full name that says the same words leaves the parts as the register has them, and one name alone takes no other away. */
function namesKept(known: Student, { details }: Given): Given['details'] {
  const { surname, firstName, middleName, ...others } = details;
  const said = [surname, firstName, middleName].filter(Boolean).join(' ');
  const kept = said !== '' && (sameWords(said, registerName(known)) || firstName === '');
  return kept ? others : details;
}

/** Who is known by id may have another name by now; who is known by name has that name. */
function factsOf(known: GuardianOfStudent, said: GivenGuardian): Partial<Guardian> {
  return said.id === known.id && !sameName(known.fullName, said.fullName)
    ? { ...said.details, fullName: said.fullName }
    : said.details;
}

/** Fields that the row does not name keep their values. */
function customChange(before: CustomValues, said: CustomValues): Pick<Partial<Student>, 'custom'> {
  const after = { ...before, ...said };
  return changedValues(before, after) ? { custom: after } : {};
}

function differences<Fields extends object, Said extends Partial<Fields>>(before: Fields, said: Said): Said {
  return Object.fromEntries(Object.entries(said).filter(([key, value]) => before[key as keyof Fields] !== value)) as Said;
}

/** Whoever boards since a day is charged by the days from it. */
function stayChange(
  known: Student,
  { details, boardingSince: since }: Given,
  ref: Reference,
  remarks: Remark[],
): Partial<Student> {
  const boarding = details.boarding ?? known.boarding;
  if (boarding === known.boarding && (since === null || since === known.boardingChanges.at(-1))) return {};
  if (since === null)
    remarks.push({
      column: 'boarding',
      severity: 'warning',
      text: 'The change between day and boarding applies from today. For another date, add the column “Boarding since”.',
    });
  if (endsUnknownBoarding(known, boarding, since))
    remarks.push({
      column: 'boarding_since',
      severity: 'error',
      text: 'No boarding is recorded for this student. Enter “Boarder”, or leave the date empty.',
    });
  return boardingSince(known, boarding, since ?? ref.today);
}

type Refuse = (column: string | null, text: string, vars?: Remark['vars']) => void;

function stepOf(known: Known, given: Given, ref: Reference, refuse: Refuse): Change['step'] {
  const from = known.student.status;
  if (given.status === null || given.status === from) return null;
  const found = TRANSITIONS.find((one) => one.to === given.status && one.from.includes(from));
  const on = given.statusOn ?? ref.today;
  if (!found) {
    refuse('status', 'The status can’t change from “{{from}}” to “{{to}}”.', {
      from: STATUS_WORDS[from],
      to: STATUS_WORDS[given.status],
    });
    return null;
  }
  if (!ref.may.status) refuse('status', 'You can’t change students’ status.');
  if (found.closesEnrolment && known.enrolment && on < known.enrolment.enteredOn) {
    refuse('status_on', 'The current class began on {{day}}; the student can’t leave before then.', {
      day: formatDay(known.enrolment.enteredOn),
    });
  }
  return { ...found, on };
}

function moveOf(known: Known, given: Given, step: Change['step'], ref: Reference, remarks: Remark[]): Change['move'] {
  const place = given.place;
  const { classId, streamId } = known.student;
  if (!place || (place.classId === classId && (place.streamId === null || place.streamId === streamId))) return null;
  const status = step?.to ?? known.student.status;
  if (!PRESENT_STATUSES.includes(status) && status !== 'expected' && status !== 'applicant') {
    remarks.push({
      column: 'class',
      severity: 'warning',
      text: 'The class was ignored, because the student’s status is “{{status}}”.',
      vars: { status: STATUS_WORDS[status] },
    });
    return null;
  }
  if (!ref.may.move) remarks.push({ column: 'class', severity: 'error', text: 'You can’t move students between classes.' });
  if (ref.years.length === 0)
    remarks.push({
      column: 'class',
      severity: 'error',
      text: 'The school has no academic year yet. Add it under Settings first.',
    });
  const since = given.placedSince;
  const on = since !== null && known.enrolment !== null && since > known.enrolment.enteredOn ? since : ref.today;
  if (on > ref.today)
    remarks.push({
      column: 'class',
      severity: 'error',
      text: 'This date is in the future. Plan the move on the student’s page.',
    });
  try {
    if (known.enrolment) closingDay(known.enrolment, on);
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error;
    remarks.push({ column: 'class', severity: 'error', text: error.message });
  }
  return { ...place, on };
}

/** Each guardian of a row is one of the child's own (by id where one is known, by phone and a name in common, else by the same name), or a new one. */
function whoIsMeant(own: readonly GuardianOfStudent[], given: readonly GivenGuardian[]): Pick<Change, 'meant' | 'attach'> {
  const meant: Change['meant'] = [];
  const attach: GivenGuardian[] = [];
  for (const said of given) {
    const free = own.filter((one) => meant.every((other) => other.known.id !== one.id));
    const { phone } = said.details;
    const known =
      free.find((one) => one.id === said.id) ??
      free.find((one) => said.unnamed && phone !== undefined && (one.phone === phone || one.otherPhone === phone)) ??
      free.find((one) => sameName(one.fullName, said.fullName)) ??
      free.find(
        (one) =>
          phone !== undefined &&
          (one.phone === phone || one.otherPhone === phone) &&
          isSamePerson({ fullName: one.fullName, relationships: [one.tie.relationship] }, saidOf(said)),
      );
    if (known) meant.push({ known, given: said });
    else attach.push(said);
  }
  return { meant, attach };
}
