export type Boarding = 'day' | 'boarder';

/** Whether a child boards, and on which days that changed, oldest first; a day that stands twice changed nothing in the end. */
export interface Stay {
  boarding: Boarding;
  boardingChanges: readonly string[];
}

/** How it was on a day; before the first change that is known, the other way. */
export function boardingOn({ boarding, boardingChanges }: Stay, day: string): Boarding {
  const later = boardingChanges.filter((change) => change > day).length;
  return later % 2 === 0 ? boarding : otherThan(boarding);
}

/**
 * The same child from `day` on. What was written of days after it is no more; where the child already boards, or doesn't, the
 * last change is put on this day instead. Said again it changes nothing: so a change that is taken back on its own day is kept
 * beside it, since without it nobody could tell the second time from one who never spoke of this child before.
 */
export function boardingSince(stay: Stay, boarding: Boarding, day: string): Stay {
  const said = boarding === stay.boarding;
  if (said && stay.boardingChanges.at(-1) === day) return { boarding, boardingChanges: stay.boardingChanges };
  if (said && stay.boardingChanges.length === 0) return { boarding, boardingChanges: [day] };
  const past = (said ? stay.boardingChanges.slice(0, -1) : stay.boardingChanges).filter((change) => change < day);
  const first = stay.boardingChanges.length % 2 === 0 ? stay.boarding : otherThan(stay.boarding);
  const until = past.length % 2 === 0 ? first : otherThan(first);
  return { boarding, boardingChanges: until === boarding ? [...past, day, day] : [...past, day] };
}

/** Whether a day is given since which a day scholar doesn't board of whom no boarding is known: it would be billed until that day. */
export function endsUnknownBoarding(stay: Stay, boarding: Boarding, day: string | null): boolean {
  return day !== null && boarding === 'day' && stay.boarding === 'day' && stay.boardingChanges.length === 0;
}

function otherThan(boarding: Boarding): Boarding {
  return boarding === 'day' ? 'boarder' : 'day';
}
