export const LEVELS = ['pre-primary', 'primary', 'junior', 'senior'] as const;
export type ClassLevel = (typeof LEVELS)[number];

/** A class is a year of schooling (Grade 7); a stream is one group of learners in it (Grade 7 East). */
export interface SchoolClass {
  id: string;
  name: string;
  shortName: string;
  /** Stage of the curriculum pack: `primary`, `junior` … */
  level: string;
  order: number;
  nextClassId: string | null;
  /** No position is printed for learners of an unranked class. */
  ranked: boolean;
  active: boolean;
  version: number;
}

export interface Stream {
  id: string;
  classId: string;
  name: string;
  /** `Grade 7 East`: what people say and what every page prints. */
  label: string;
  order: number;
  capacity: number | null;
  classTeacherId: string | null;
  room: string | null;
  campus: string | null;
  active: boolean;
  version: number;
}

export interface ClassList {
  classes: SchoolClass[];
  /** In the order of classes, then of streams. */
  streams: Stream[];
}

export interface Size {
  girls: number;
  boys: number;
}

/** Negative where more sit than there are seats; null where nobody has counted the seats. */
export function seatsLeft(capacity: number | null, size: Size): number | null {
  return capacity === null ? null : capacity - size.girls - size.boys;
}

/** Whether a class that leads to `nextId` would come back to itself: a learner would be promoted for ever. */
export function leadsInCircle(
  classes: readonly { id: string; nextClassId: string | null }[],
  id: string,
  nextId: string | null,
): boolean {
  const next = new Map(classes.map((one) => [one.id, one.nextClassId]));
  const seen = new Set([id]);
  for (let at = nextId; at !== null; at = next.get(at) ?? null) {
    if (seen.has(at)) return true;
    seen.add(at);
  }
  return false;
}

/** Classes in a few words: those that follow each other become a range, `PP1 to Grade 3, Form 4`. */
export function rangesOf(
  classIds: readonly string[],
  classes: readonly { id: string; name: string }[],
): { from: string; to: string | null }[] {
  const ranges: { from: string; to: string | null }[] = [];
  let last = -2;
  for (const [index, one] of classes.entries()) {
    if (!classIds.includes(one.id)) continue;
    if (index === last + 1) ranges[ranges.length - 1]!.to = one.name;
    else ranges.push({ from: one.name, to: null });
    last = index;
  }
  return ranges;
}
