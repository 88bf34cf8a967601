import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { isReminded, REMINDER_DAYS } from './life.rules.js';
import type { OwnerLetters, RegisteredSchool, SchoolRegister } from './index.js';

const DAY_MS = 86_400_000;
const actor = systemActor('closings');

/** What time does to a school that is being closed: its owner is reminded, and in the end nobody gets in any more. */
export class Closings {
  constructor(private readonly parts: { register: SchoolRegister; letters: OwnerLetters; clock: Clock; unit: Unit }) {}

  /** Again is harmless. */
  async run(): Promise<void> {
    const now = this.parts.clock.now();
    for (const school of await this.parts.register.closingUntil(new Date(now.getTime() + REMINDER_DAYS * DAY_MS))) {
      await this.parts.unit(() => this.take(school, now));
    }
  }

  private async take(school: RegisteredSchool, now: Date): Promise<void> {
    const { register, letters } = this.parts;
    if (school.closesAt! > now) {
      if (isReminded(school.stateAt, school.closesAt!)) await letters.sendEnd(school.id, 'reminder');
      return;
    }
    await letters.sendEnd(school.id, 'end');
    await register.moveTo(school.id, 'closed', { reason: 'grace-over', actor });
  }
}
