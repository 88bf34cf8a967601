import type { CellValue, Line } from '../../../modules/imports/index.js';
import type { DemoGuardian } from './guardians.js';
import type { DemoChild, DemoFamily } from './people.js';

/** What a list of the school says of a child that no other field of the child does. */
export interface ListedAs {
  number: string;
  /** `Grade 7 East`. */
  place: string;
}

/** A child as a row of the sheet that schools send, under the keys of its columns. */
export function lineOf(n: number, family: DemoFamily, child: DemoChild, as: ListedAs): Line {
  const values: Record<string, CellValue> = {
    admission_no: as.number,
    surname: child.surname,
    first_name: child.firstName,
    middle_name: child.middleName,
    sex: child.sex,
    born_on: child.bornOn,
    birth_certificate_no: child.birthCertificateNo,
    class: as.place,
    class_since: child.path[0]!.on,
    boarding: child.boarding,
    joined_on: child.joinedOn,
    home_area: child.homeArea,
    religion: child.religion,
    first_language: child.firstLanguage,
    address: family.address,
    previous_school: child.previousSchool,
    special_needs: child.specialNeeds,
    orphan_status: child.orphanStatus,
    house: child.places.house,
    dorm: child.places.dorm,
    bed: child.places.bed,
    route: child.places.route,
    meal_plan: child.places.mealPlan,
  };
  for (const { type, value } of child.identifiers) values[`identifier_${type.replaceAll('-', '_')}`] = value;
  for (const [purpose, given] of Object.entries(child.consents)) values[`consent_${purpose.replaceAll('-', '_')}`] = given;
  for (const [index, guardian] of family.guardians.entries()) Object.assign(values, guardianCells(index + 1, guardian));
  return { n, values };
}

function guardianCells(number: number, guardian: DemoGuardian): Record<string, CellValue> {
  const cells: Record<string, CellValue> = {
    name: guardian.fullName,
    relationship: guardian.relationship,
    phone: guardian.phone,
    email: guardian.email,
    id_no: guardian.nationalId,
    occupation: guardian.occupation,
    lives_with: guardian.livesWith,
    pays_fees: guardian.paysFees,
    gets_sms: !guardian.barred,
    gets_reports: !guardian.barred,
    may_collect: !guardian.barred,
    barred: guardian.barred,
    barred_reason: guardian.barredReason,
  };
  return Object.fromEntries(Object.entries(cells).map(([key, value]) => [`guardian_${number}_${key}`, value]));
}
