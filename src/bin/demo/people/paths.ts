import { addDays } from '../../../kernel/clock.js';
import type { Random } from '../random.js';

/** A school year as far as people go: the days on which terms begin, and the last school day. */
export interface DemoYear {
  termStarts: readonly string[];
  lastDay: string;
}

/** A class of the school; `next` is the index of the one that follows. */
export interface DemoClass {
  age: number;
  next: number | null;
}

/** One span of a child's way through the school. */
export interface Step {
  yearIndex: number;
  classIndex: number;
  stream: number;
  on: string;
  reason: 'admitted' | 'imported' | 'promoted' | 'repeating' | 'moved-stream';
}

/** The years that led to a seat: up the classes, seldom twice in one, now and then from one stream to the other. */
export function pathTo(
  random: Random,
  classes: readonly DemoClass[],
  seat: { classIndex: number; stream: number; yearIndex: number },
  years: readonly DemoYear[],
  streams: number,
): Step[] {
  const spans = spansTo(random, classes, seat);
  const late = spans.length > 0 && random.chance(0.06);
  const path = spans.map((span, index): Step => {
    const year = years[span.yearIndex]!;
    const before = spans[index - 1];
    const on = index === 0 && late ? (year.termStarts[1] ?? year.termStarts[0]!) : year.termStarts[0]!;
    const reason = !before ? 'admitted' : before.classIndex === span.classIndex ? 'repeating' : 'promoted';
    return { ...span, stream: seat.stream, on, reason };
  });
  return random.chance(0.03) && streams > 1 ? withMove(path, years) : path;
}

interface Span {
  yearIndex: number;
  classIndex: number;
}

function spansTo(random: Random, classes: readonly DemoClass[], seat: Span): Span[] {
  const spans: Span[] = [{ yearIndex: seat.yearIndex, classIndex: seat.classIndex }];
  const earliest = random.weighted([
    [0, 72],
    [1, 14],
    [2, 14],
  ] as const);
  for (let yearIndex = seat.yearIndex - 1; yearIndex >= earliest; yearIndex -= 1) {
    const now = spans[0]!.classIndex;
    const repeats = random.chance(0.012);
    const before = classes.findIndex((one) => one.next === now);
    if (!repeats && before < 0) break;
    spans.unshift({ yearIndex, classIndex: repeats ? now : before });
  }
  return spans;
}

/** The last span is cut in two: the child came from the other stream in the second term. */
function withMove(path: Step[], years: readonly DemoYear[]): Step[] {
  const last = path.at(-1)!;
  const on = addDays(years[last.yearIndex]!.termStarts[1] ?? last.on, 7);
  if (on <= last.on) return path;
  return [...path.map((step) => ({ ...step, stream: 1 - last.stream })), { ...last, on, reason: 'moved-stream' as const }];
}
