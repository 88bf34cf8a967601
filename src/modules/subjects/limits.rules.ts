/** Most characters of each text about subjects, classes and streams: for the form and the sheet alike. */
export const SUBJECT_LIMITS = { code: 20, nationalCode: 20, name: 80, shortName: 30, department: 60, choice: 40 } as const;
export const CLASS_LIMITS = { name: 40, shortName: 12 } as const;
export const STREAM_LIMITS = { name: 30, room: 60, campus: 60 } as const;

/** What a subject's code is written with. */
export const SUBJECT_CODE = /^[\w.\-/]+$/;
