/** `HH:MM` in the school's zone, from evening over midnight or within a day; the same twice for none. */
export interface QuietHours {
  from: string;
  until: string;
}

const MINUTE = 60_000;
const DAY = 24 * 60;
const formats = new Map<string, Intl.DateTimeFormat>();

/** When what may wait is sent, if it is quiet now; null when it may go at once. */
export function quietUntil(now: Date, zone: string, { from, until }: QuietHours): Date | null {
  const [at, begins, ends] = [minutesIn(zone, now), minutesOf(from), minutesOf(until)];
  const quiet = begins <= ends ? at >= begins && at < ends : at >= begins || at < ends;
  if (!quiet) return null;
  const whole = new Date(Math.floor(now.getTime() / MINUTE) * MINUTE);
  const then = new Date(whole.getTime() + ((ends - at + DAY) % DAY) * MINUTE);
  // The clocks may change in between.
  const off = minutesIn(zone, then) - ends;
  return new Date(then.getTime() - (off > DAY / 2 ? off - DAY : off < -DAY / 2 ? off + DAY : off) * MINUTE);
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function minutesIn(zone: string, instant: Date): number {
  let format = formats.get(zone);
  if (!format)
    formats.set(
      zone,
      (format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })),
    );
  return minutesOf(format.format(instant));
}
