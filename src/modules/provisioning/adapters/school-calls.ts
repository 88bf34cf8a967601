import type { Clock } from '../../../kernel/clock.js';
import type { SignedCalls } from '../../../platform/http/signed-call.js';
import type { MasterKeys } from '../../../platform/link/keys.js';
import type { Answers } from '../answers.js';
import type { CallStore } from '../ports.js';
import { readSchoolCall } from './signed-call.js';

export interface CallLimits {
  /** Counts a call that was refused; false when there have been too many from there. */
  refused(ip: string | null): Promise<boolean>;
  /** Counts a call that was right; false when this school calls without end. */
  believed(schoolId: string): Promise<boolean>;
}

/** One judgement for all calls of schools. */
export function schoolCalls(parts: {
  masters: MasterKeys;
  limits: CallLimits;
  calls: CallStore;
  answers: Answers;
  clock: Clock;
}): SignedCalls {
  const { masters, limits, calls, answers, clock } = parts;
  return {
    read: (header, body) => readSchoolCall(masters, header, body, clock.now()),
    mayCall: (schoolId) => limits.believed(schoolId),
    use: (schoolId, nonce) => calls.use(schoolId, nonce),
    refuse: async (req, claimed) => {
      if (!(await limits.refused(req.ip ?? null))) return false;
      await answers.noteRefused(req.actor, claimed);
      return true;
    },
  };
}
