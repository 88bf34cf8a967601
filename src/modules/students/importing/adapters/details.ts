import { NAME_PART } from '../../../../kernel/people/names.js';
import { STUDENT_LIMITS } from '../../register/limits.rules.js';
import type { Student } from '../../register/student.rules.js';

/** Fields of a child that a sheet sets by themselves. */
export type GivenDetails = Partial<
  Pick<
    Student,
    | 'surname'
    | 'firstName'
    | 'middleName'
    | 'preferredName'
    | 'sex'
    | 'bornOn'
    | 'birthCertificateNo'
    | 'nationality'
    | 'homeArea'
    | 'religion'
    | 'firstLanguage'
    | 'address'
    | 'previousSchool'
    | 'specialNeeds'
    | 'orphanStatus'
    | 'boarding'
    | 'joinedOn'
  >
>;

const NOT_A_NAME = '{{head}} "{{value}}" can have only letters, spaces, hyphens and apostrophes.';

/** Column → field, with what it may hold: the same limits as the form's. */
export const DETAILS: readonly {
  column: string;
  field: keyof GivenDetails;
  head: string;
  most?: number;
  pattern?: RegExp;
  text?: string;
}[] = [
  { column: 'surname', field: 'surname', head: 'Surname', most: STUDENT_LIMITS.surname, pattern: NAME_PART, text: NOT_A_NAME },
  {
    column: 'first_name',
    field: 'firstName',
    head: 'First name',
    most: STUDENT_LIMITS.firstName,
    pattern: NAME_PART,
    text: NOT_A_NAME,
  },
  {
    column: 'middle_name',
    field: 'middleName',
    head: 'Middle name',
    most: STUDENT_LIMITS.middleName,
    pattern: NAME_PART,
    text: NOT_A_NAME,
  },
  { column: 'preferred_name', field: 'preferredName', head: 'Preferred name', most: STUDENT_LIMITS.preferredName },
  { column: 'sex', field: 'sex', head: 'Sex' },
  { column: 'born_on', field: 'bornOn', head: 'Date of birth' },
  {
    column: 'birth_certificate_no',
    field: 'birthCertificateNo',
    head: 'Birth certificate number',
    pattern: /^[\w/ -]{3,30}$/,
    text: '{{head}} "{{value}}" must be 3 to 30 letters and digits; spaces, / and - are allowed.',
  },
  { column: 'nationality', field: 'nationality', head: 'Nationality', most: STUDENT_LIMITS.nationality },
  { column: 'home_area', field: 'homeArea', head: 'Home area', most: STUDENT_LIMITS.homeArea },
  { column: 'religion', field: 'religion', head: 'Religion', most: STUDENT_LIMITS.religion },
  { column: 'first_language', field: 'firstLanguage', head: 'First language', most: STUDENT_LIMITS.firstLanguage },
  { column: 'address', field: 'address', head: 'Address', most: STUDENT_LIMITS.address },
  { column: 'previous_school', field: 'previousSchool', head: 'Previous school', most: STUDENT_LIMITS.previousSchool },
  { column: 'special_needs', field: 'specialNeeds', head: 'Special needs', most: STUDENT_LIMITS.specialNeeds },
  { column: 'orphan_status', field: 'orphanStatus', head: 'Orphan status' },
  { column: 'boarding', field: 'boarding', head: 'Day or boarding' },
  { column: 'joined_on', field: 'joinedOn', head: 'Joined on' },
];
