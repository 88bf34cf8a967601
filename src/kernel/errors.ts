/** One message for one field of what a person sent; `field` is the input's name (`guardians.0.phone`). */
export interface FieldProblem {
  field: string;
  message: string;
}

/** A refusal that a person can act on. Thrown by rules and use cases, turned into an answer in one place. */
export abstract class DomainError extends Error {
  abstract readonly status: number;
  abstract readonly code: string;
}

/** What was sent can't be read or is incomplete: a message beside each field. */
export class Invalid extends DomainError {
  readonly status = 422;
  readonly code = 'invalid';
  readonly problems: FieldProblem[];

  constructor(problems: FieldProblem[] | Record<string, string>) {
    const list = Array.isArray(problems) ? problems : Object.entries(problems).map(([field, message]) => ({ field, message }));
    super([...new Set(list.map((problem) => problem.message))].join(' · '));
    this.problems = list;
  }
}

/** What was sent is readable, but a rule of the school or the law forbids it. */
export class RuleBroken extends DomainError {
  readonly status = 422;

  constructor(
    readonly code: string,
    sentence: string,
    readonly field?: string,
  ) {
    super(sentence);
  }
}

/** Somebody else was faster: the thing has changed since it was read. */
export class Conflict extends DomainError {
  readonly status = 409;
  readonly code: string;

  /** @param retryAfterSeconds when it is worth trying again, where that is only a matter of time */
  constructor(
    sentence: string,
    code = 'conflict',
    readonly retryAfterSeconds?: number,
  ) {
    super(sentence);
    this.code = code;
  }
}

/** Somebody else has saved the thing since this person opened it, so that its version is another. */
export class Stale extends Conflict {
  constructor() {
    super('Someone else has changed this since you opened it. Nothing was saved: open it again and repeat your change.');
  }
}

export class Forbidden extends DomainError {
  readonly status = 403;
  readonly code = 'forbidden';

  constructor(
    sentence = 'You don’t have access to this.',
    /** Which permission it would have taken, where it was for want of one. */
    readonly permission: string | null = null,
  ) {
    super(sentence);
  }
}

/** The person may do it, but the last proof of who they are is too old for it: on a page they are asked, and come back. */
export class ProofNeeded extends DomainError {
  readonly status = 403;
  readonly code = 'proof-needed';

  constructor(
    /** What they come back to: a file leaves the page where it is. */
    readonly of: 'page' | 'file',
    sentence = 'Confirm that it’s you: sign in again with your second step.',
  ) {
    super(sentence);
  }
}

/** Nobody may change anything here for now, whoever they are. */
export class Locked extends DomainError {
  readonly status = 423;
  readonly code = 'locked';
}

/** What was here has been closed, for everybody. */
export class Shut extends DomainError {
  readonly status = 410;
  readonly code = 'closed';
}

/** Also for what a person may not know exists. */
export class NotFound extends DomainError {
  readonly status = 404;
  readonly code = 'not-found';

  constructor(sentence = 'Nothing was found at this address.') {
    super(sentence);
  }
}

/** The product is too busy or a part of it is away: try again after so many seconds. */
export class Unavailable extends DomainError {
  readonly status = 503;
  readonly code = 'unavailable';

  constructor(
    sentence: string,
    readonly retryAfterSeconds = 5,
  ) {
    super(sentence);
  }
}

export class TooMany extends DomainError {
  readonly status = 429;
  readonly code = 'too-many';

  constructor(
    sentence: string,
    readonly retryAfterSeconds: number,
  ) {
    super(sentence);
  }
}
