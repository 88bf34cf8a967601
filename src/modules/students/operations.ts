/** Use cases of the register, for the commands that build demo schools and for tests. */
export { Alerts } from './alerts/alerts.js';
export { CustomFields, type FieldDetails } from './custom-fields/custom-fields.js';
export { Enrolments } from './enrolments/enrolments.js';
export { Guardians } from './guardians/guardians.js';
export { HeldDocuments } from './held-documents/held-documents.js';
export { Photos } from './photos/photos.js';
export { Register } from './register/register.js';
export { Rollovers } from './rollovers/rollovers.js';
export { UpdateLinks } from './updates/update-links.js';
export { seenValue, UpdateRequests } from './updates/update-requests.js';
export type { AlertKind, AlertLevel, ConcernKind } from './alerts/alert.rules.js';
export type { Fields } from './updates/update-request.rules.js';
export { USUAL_KINDS, type DocumentType } from './held-documents/held-document.rules.js';
export { STUDENT_STORE, UPDATE_STORE } from './ports.js';
