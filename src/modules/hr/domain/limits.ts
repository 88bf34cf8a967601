/** Most characters of each text about a member of staff: for the form, the sheet and the API alike. */
export const STAFF_LIMITS = {
  staffNo: 20,
  title: 20,
  surname: 60,
  firstName: 60,
  middleName: 60,
  nationalId: 30,
  registrationNo: 30,
  job: 80,
  email: 254,
} as const;
