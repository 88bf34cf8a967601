/** Use cases of the register, for the commands that build demo schools and for tests. */
export { Alerts } from './application/alerts.js';
export { CustomFields, type FieldDetails } from './application/custom-fields.js';
export { Enrolments } from './application/enrolments.js';
export { Guardians } from './application/guardians.js';
export { HeldDocuments } from './application/held-documents.js';
export { Photos } from './application/photos.js';
export { Register } from './application/register.js';
export { Rollovers } from './application/rollovers.js';
export { UpdateLinks } from './application/update-links.js';
export { seenValue, UpdateRequests } from './application/update-requests.js';
export type { AlertKind, AlertLevel, ConcernKind } from './domain/alert.js';
export type { Fields } from './domain/update-request.js';
export { USUAL_KINDS, type DocumentType } from './domain/held-document.js';
export { STUDENT_STORE, UPDATE_STORE } from './ports.js';
