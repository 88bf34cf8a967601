import type { AnyRole } from '../../../platform/module.js';

/** A role of a school, or of the platform: this module serves both, and each process knows those of its own. */
export type RoleName = AnyRole;

export type PersonKind = 'staff' | 'guardian' | 'student';
export type AccountState = 'invited' | 'active' | 'disabled';

/** How an attempt to sign in ended. */
export type Outcome = 'signed-in' | 'wrong' | 'locked' | 'disabled' | 'wrong-factor' | 'reset' | 'invited' | 'refresh-reused';
