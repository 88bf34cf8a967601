export interface Allocation {
  id: string;
  subjectId: string;
  streamId: string;
  staffId: string;
  periods: number;
  fromOn: string;
  toOn: string | null;
}

export interface Span {
  fromOn: string;
  toOn: string | null;
}

export function runsOn(span: Span, day: string): boolean {
  return span.fromOn <= day && (span.toOn === null || day <= span.toOn);
}

/** Whether two spans share a day; both ends belong to a span. */
export function overlap(one: Span, other: Span): boolean {
  return (other.toOn === null || one.fromOn <= other.toOn) && (one.toOn === null || other.fromOn <= one.toOn);
}

export interface Load {
  periods: number;
  subjectIds: string[];
  streamIds: string[];
}

/** What a teacher has in a week, of allocations that run on one day. */
export function loadOf(allocations: readonly Allocation[]): Load {
  return {
    periods: allocations.reduce((sum, one) => sum + one.periods, 0),
    subjectIds: [...new Set(allocations.map((one) => one.subjectId))],
    streamIds: [...new Set(allocations.map((one) => one.streamId))],
  };
}
