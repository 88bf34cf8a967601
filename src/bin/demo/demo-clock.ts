import type { Clock } from '../../kernel/clock.js';

/** Turned back while something is written that happened on an earlier day: use cases ask the clock which day it is. */
export class DemoClock implements Clock {
  private day: string | null = null;

  constructor(private readonly real: Clock) {}

  /** Noon in UTC is the same day in every zone of the demo schools. */
  now(): Date {
    return this.day === null ? this.real.now() : new Date(`${this.day}T12:00:00Z`);
  }

  async on<Result>(day: string, work: () => Promise<Result>): Promise<Result> {
    this.day = day;
    try {
      return await work();
    } finally {
      this.day = null;
    }
  }
}
