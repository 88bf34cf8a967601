import type { CheckedLine, Line, Mark, Remark } from '../../../imports/index.js';
import { isSamePerson, nameWords } from '../../guardians/guardian.rules.js';
import { nameSound } from '../../search/name-sound.rules.js';
import { sensitivityOf } from '../../register/sensitive.rules.js';
import { PRESENT_STATUSES, STATUS_WORDS } from '../../enrolments/life-cycle.rules.js';
import { plainNumber, sortName } from '../../register/student.rules.js';
import { customKey, guardianKey } from './columns.js';
import { changesAnything, planChange, type Change } from './change.js';
import { DETAILS } from './details.js';
import { readGiven, saidOf, type Given } from './given.js';
import {
  byIdentifiers,
  byNumbers,
  byPhones,
  likeChildren,
  type ChildFound,
  type NumberOwner,
  type PhoneOwner,
} from './lookups.js';
import type { Reference } from './reference.js';
import { FULL_NAME, type NameSplitter } from './names.js';
import { inSlices } from './slices.js';
import { loadKnown, type Known } from './snapshot.js';
import { entryDay } from './write-new.js';

interface Row {
  line: Line;
  given: Given;
  remarks: Remark[];
  /** Its name, taken apart. */
  ready: CheckedLine['ready'] | null;
  /** The child of the register that the row is about. */
  id: string | null;
}

/** What the register knows about a batch of rows. */
interface Found {
  owners: Map<string, NumberOwner>;
  payment: Map<string, NumberOwner>;
  identifiers: Map<string, string>;
  like: Map<number, ChildFound[]>;
  phones: Map<string, PhoneOwner[]>;
}

export async function checkLines(lines: readonly Line[], ref: Reference, names: NameSplitter): Promise<CheckedLine[]> {
  const rows = await inSlices(lines, (given): Row => {
    const { line, ready, remarks } = names.split(given);
    const said = readGiven(line, ref);
    return { line, given: said, remarks: [...remarks, ...said.remarks], ready, id: null };
  });
  const found = await lookUp(rows);
  for (const row of rows) row.id = whoIsMeant(row, found, ref);
  const known = await loadKnown([...new Set(rows.flatMap((row) => row.id ?? []))]);
  return inSlices(rows, (row) => ({
    ...(row.id ? checkKnown(row, known.get(row.id)!, found, ref) : checkNew(row, found, ref)),
    ...(row.ready && { ready: row.ready }),
  }));
}

async function lookUp(rows: readonly Row[]): Promise<Found> {
  const numbers = rows.flatMap(({ given }) => given.admissionNo ?? []);
  const payments = rows.flatMap(({ given }) => given.paymentNo ?? []);
  const identifiers = rows.flatMap(({ given }) => given.identifiers);
  const phones = rows.flatMap(({ given }) => given.guardians.flatMap((one) => one.details.phone ?? []));
  const owners = numbers.length + payments.length > 0 ? await byNumbers(numbers, payments) : [];
  const held = identifiers.length > 0 ? await byIdentifiers(identifiers) : [];
  const like = await likeChildren(
    rows.filter(({ given }) => given.details.surname && given.details.firstName !== undefined).map(wantedOf),
  );
  const people = phones.length > 0 ? await byPhones([...new Set(phones)]) : [];
  return {
    // Where a school has two from before, the number as it is written decides.
    owners: new Map([
      ...owners.map((one) => [plainNumber(one.admissionNo), one] as const),
      ...owners.map((one) => [one.admissionNo, one] as const),
    ]),
    payment: new Map(owners.map((one) => [one.paymentNo, one])),
    identifiers: new Map(held.map((one) => [identifierMark(one), one.studentId])),
    like: grouped(like, (one) => one.n),
    phones: grouped(people, (one) => one.phone),
  };
}

function wantedOf({ line, given }: Row) {
  const { surname, firstName, bornOn, birthCertificateNo } = given.details;
  return {
    n: line.n,
    surnameSound: nameSound(surname!),
    firstNameSound: nameSound(firstName!),
    bornOn: bornOn ?? null,
    sortName: fullSortName(given)!,
    streamId: given.place?.streamId ?? null,
    birthCertificateNo: birthCertificateNo ?? null,
  };
}

function fullSortName({ details }: Given): string | null {
  if (!details.surname || details.firstName === undefined) return null;
  return sortName({ surname: details.surname, firstName: details.firstName, middleName: details.middleName ?? null });
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

const identifierMark = (one: { type: string; value: string }): string => `${one.type}:${one.value}`;

function refuse(row: Row, column: string | null, text: string, vars?: Remark['vars']): void {
  row.remarks.push({ column, severity: 'error', text, ...(vars && { vars }) });
}

function warn(row: Row, column: string | null, text: string, vars?: Remark['vars']): void {
  row.remarks.push({ column, severity: 'warning', text, ...(vars && { vars }) });
}

/** By admission number; without one by an identifier, or by full name and birthday (or class, where no birthday is known). */
function whoIsMeant(row: Row, found: Found, ref: Reference): string | null {
  const { given } = row;
  if (given.admissionNo !== null) {
    const owner = found.owners.get(given.admissionNo) ?? found.owners.get(plainNumber(given.admissionNo));
    if (owner?.putAside)
      refuse(row, 'admission_no', 'This number belongs to an archived student. Restore that student, or use another number.');
    if (owner && !owner.putAside) return owner.id;
    if (!owner && ref.mode === 'update')
      refuse(row, 'admission_no', 'No student has the admission number {{number}}.', { number: given.admissionNo });
    return null;
  }
  const ids = new Set(given.identifiers.flatMap((one) => found.identifiers.get(identifierMark(one)) ?? []));
  if (ids.size > 1) refuse(row, null, 'The identifiers of this row belong to different students.');
  if (ids.size === 1) return [...ids][0]!;
  const same = (found.like.get(row.line.n) ?? []).filter((one) => one.why === 'same');
  if (same.length === 1) return same[0]!.id;
  if (same.length > 1) refuse(row, 'surname', 'Several students have this name. Enter the admission number.');
  else if (ref.mode === 'update') refuse(row, 'admission_no', 'No student was found for this row. Enter the admission number.');
  return null;
}

function checkKnown(row: Row, known: Known, found: Found, ref: Reference): CheckedLine {
  const change = planChange(known, row.given, ref);
  row.remarks.push(...change.remarks);
  refuseUnseen(row, change, ref);
  refuseTaken(row, found, known.student.id);
  const changes = changesAnything(change);
  if (changes && ref.mode === 'create') {
    refuse(
      row,
      'admission_no',
      '{{number}}, {{name}}, is already in the register with different details. Choose “Add and update” to change that student.',
      {
        number: known.student.admissionNo,
        name: `${known.student.surname} ${known.student.firstName}`,
      },
    );
  }
  return {
    action: changes ? 'update' : 'unchanged',
    // Nothing is written, so nothing can go wrong.
    remarks: changes ? row.remarks : row.remarks.filter((remark) => remark.severity === 'error'),
    entityId: known.student.id,
    version: known.student.version,
    marks: [{ rule: 'student', value: known.student.id }, ...(ref.mode === 'create' ? [] : guardianMarks(change))],
  };
}

/** Nobody writes over what they may not see of a child in the register. */
function refuseUnseen(row: Row, change: Change, { sight }: Reference): void {
  const closed = DETAILS.filter(({ field }) => field in change.fields && !sight.sees(sensitivityOf(field))).map(
    ({ column }) => column,
  );
  if (change.identifiers.length > 0 && !sight.sees('identity'))
    closed.push(`identifier_${change.identifiers[0]!.type.replaceAll('-', '_')}`);
  for (const column of closed)
    refuse(row, column, 'You can’t see this detail for students in the register, so you can’t change it.');
}

/** What rows say of one guardian must not differ, or the second would take back what the first has done. */
function guardianMarks(change: Change): Mark[] {
  return change.meant.flatMap(({ known, given }) =>
    Object.entries(given.details).map(([field, value]): Mark => ({
      rule: 'guardian',
      value: `${known.id} ${field}`,
      detail: String(value),
    })),
  );
}

function checkNew(row: Row, found: Found, ref: Reference): CheckedLine {
  const { given } = row;
  for (const like of found.like.get(row.line.n) ?? []) {
    if (like.why === 'certificate') continue;
    const vars = { name: like.name, number: like.admissionNo };
    if (like.why === 'same' && given.details.bornOn)
      refuse(row, 'surname', '{{name}}, {{number}}, has this name and birthday. Enter that number to change the student.', vars);
    else warn(row, 'surname', '{{name}}, {{number}}, may be the same child.', vars);
  }
  refuseTaken(row, found, null);
  checkPlace(row, ref);
  if (ref.headings.has(FULL_NAME) && !given.details.surname && given.details.firstName === undefined)
    refuse(row, FULL_NAME, 'Full name is missing.');
  for (const field of ref.customFields) {
    if (field.required && row.given.custom[field.key] === undefined)
      warn(row, customKey(field.key), '{{head}} is empty, but required.', { head: field.label });
  }
  checkPhones(row, found);
  if (!ref.may.guardians && given.guardians.length > 0) refuse(row, null, 'You can’t add guardians.');
  return { action: 'create', remarks: row.remarks, entityId: null, version: null, marks: marksOf(given) };
}

/** Numbers of which every child has its own. */
function refuseTaken(row: Row, found: Found, ownId: string | null): void {
  const { given } = row;
  for (const one of given.identifiers) {
    const holder = found.identifiers.get(identifierMark(one));
    if (holder && holder !== ownId)
      refuse(row, `identifier_${one.type.replaceAll('-', '_')}`, 'Another student has this number.');
  }
  const certificate = (found.like.get(row.line.n) ?? []).find((one) => one.why === 'certificate' && one.id !== ownId);
  if (certificate)
    refuse(row, 'birth_certificate_no', '{{name}}, {{number}}, has the same birth certificate.', {
      name: certificate.name,
      number: certificate.admissionNo,
    });
  const payer = given.paymentNo ? found.payment.get(given.paymentNo) : undefined;
  if (payer && payer.id !== ownId && ownId === null) refuse(row, 'payment_no', 'Another student has this payment number.');
}

function checkPlace(row: Row, ref: Reference): void {
  const { place, status, placedSince, details } = row.given;
  if (!place) return;
  if (status && !PRESENT_STATUSES.includes(status) && status !== 'expected' && status !== 'applicant') {
    warn(row, 'class', 'The class was ignored, because the student’s status is “{{status}}”.', { status: STATUS_WORDS[status] });
  } else if (ref.years.length === 0) refuse(row, 'class', 'The school has no academic year yet. Add it under Settings first.');
  else if (!ref.placing.has(entryDay(row.given, ref)))
    refuse(
      row,
      placedSince ? 'class_since' : 'joined_on',
      'The school has no academic year for this day. Add it under Settings first.',
    );
  else if (placedSince && details.joinedOn && placedSince < details.joinedOn)
    refuse(row, 'class_since', 'This is before the day of joining.');
}

function checkPhones(row: Row, found: Found): void {
  for (const guardian of row.given.guardians) {
    const owners = guardian.details.phone ? (found.phones.get(guardian.details.phone) ?? []) : [];
    if (owners.length > 0 && !owners.some((owner) => isSamePerson(owner, saidOf(guardian)))) {
      warn(row, guardianKey(guardian.number, 'phone'), 'This is also the phone of {{name}}. Both will be guardians.', {
        name: owners[0]!.fullName,
      });
    }
  }
}

function marksOf(given: Given): Mark[] {
  const marks: Mark[] = given.identifiers.map((one) => ({ rule: 'identifier', value: identifierMark(one) }));
  if (given.admissionNo) marks.push({ rule: 'number', value: plainNumber(given.admissionNo) });
  if (given.paymentNo) marks.push({ rule: 'payment', value: given.paymentNo });
  const { bornOn, birthCertificateNo, surname, firstName } = given.details;
  if (birthCertificateNo) marks.push({ rule: 'certificate', value: birthCertificateNo });
  const name = fullSortName(given);
  if (name && bornOn) {
    marks.push({ rule: 'child', value: `${name} ${bornOn}` });
    marks.push({ rule: 'sound', value: `${nameSound(surname!)} ${nameSound(firstName!)} ${bornOn}`, detail: name });
  } else if (name && given.place)
    marks.push({ rule: 'namesake', value: `${name} ${given.place.classId} ${given.place.streamId ?? ''}` });
  for (const guardian of given.guardians) {
    if (guardian.details.phone)
      marks.push({ rule: 'phone', value: guardian.details.phone, detail: nameWords(guardian.fullName).join(' ') });
  }
  return marks;
}
