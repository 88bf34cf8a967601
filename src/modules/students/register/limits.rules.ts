/** Most characters of each text that the school writes down about a child: for the form, the sheet and the API alike. */
export const STUDENT_LIMITS = {
  admissionNo: 20,
  paymentNo: 12,
  surname: 60,
  firstName: 60,
  middleName: 60,
  preferredName: 60,
  birthCertificateNo: 30,
  nationality: 60,
  homeArea: 80,
  religion: 40,
  firstLanguage: 40,
  address: 200,
  previousSchool: 120,
  specialNeeds: 300,
} as const;

/** Of an official number of any kind. */
export const IDENTIFIER_LIMIT = 40;

export const GUARDIAN_LIMITS = {
  fullName: 100,
  nationalId: 30,
  occupation: 80,
  address: 200,
  language: 40,
  barredReason: 200,
} as const;
