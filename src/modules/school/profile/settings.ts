import { z } from 'zod';
import type { Actor } from '../../../kernel/actor.js';
import { dayIn } from '../../../kernel/clock.js';
import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import { parsePhone, phoneExample } from '../../../kernel/people/phone.js';
import { parsePattern, renderNumber } from './number-pattern.rules.js';
import { SCHOOL_TYPES } from './school.rules.js';
import type { NumberSettings, SchoolProfile } from './school.rules.js';
import { missingNeed, SWITCHABLE } from './switches.rules.js';
import { SchoolUseCases } from '../changing.js';

const text = (most: number) => z.string().max(most);
const optional = (most: number) => text(most).default('');

export const profileInput = z.object({
  name: text(80).min(1),
  shortName: text(30).min(1),
  motto: optional(120),
  type: z.enum(SCHOOL_TYPES),
  code: optional(20),
  address: optional(120),
  town: text(60),
  region: optional(60),
  phones: z.array(text(30)).max(3).default([]),
  email: z.email().max(120).or(z.literal('')).default(''),
  website: z
    .string()
    .max(120)
    .regex(/^(https?:\/\/)?[a-z0-9-]+(\.[a-z0-9-]+)+(\/\S*)?$/i, 'Enter the full address, such as www.school.org')
    .or(z.literal(''))
    .default(''),
});
export type ProfileInput = z.infer<typeof profileInput>;

const pattern = text(40);
export const numbersInput = z.object({
  prefix: z
    .string()
    .max(8)
    .regex(/^[A-Za-z0-9]*$/, 'Use letters and digits only')
    .default(''),
  admission: pattern,
  staff: pattern,
});

export const switchesInput = z
  .object({
    on: z
      .union([z.enum(SWITCHABLE), z.array(z.enum(SWITCHABLE))])
      .transform((value) => [value].flat())
      .default([]),
    none: z.literal('yes').optional(),
  })
  .refine(({ on, none }) => on.length > 0 || none === 'yes', {
    path: ['none'],
    error: 'Nothing is ticked, so every module below would be switched off for everyone. Tick here to confirm.',
  });

/** Facts about the school, how it numbers people, and which parts of the product it uses. */
export class Settings extends SchoolUseCases {
  saveProfile(actor: Actor, input: ProfileInput): Promise<void> {
    return this.changing(async ({ profile: before }) => {
      const after: SchoolProfile = { ...before, ...input, phones: readPhones(input.phones, before.country) };
      await this.deps.store.saveProfile(after);
      await this.record(actor, 'profile.change', { entity: 'school', id: after.id, label: after.name, before, after });
    });
  }

  saveNumbers(actor: Actor, input: NumberSettings): Promise<void> {
    return this.changing(async ({ numbers: before, profile }) => {
      const year = Number(dayIn(profile.zone, this.deps.clock.now()).slice(0, 4));
      for (const field of ['admission', 'staff'] as const) example(input, field, year);
      await this.deps.store.saveNumbers(input);
      await this.record(actor, 'numbers.change', { entity: 'school', id: profile.id, label: profile.name, before, after: input });
    });
  }

  /** @throws RuleBroken when a part would be on without what it needs */
  async saveSwitches(actor: Actor, on: readonly string[]): Promise<void> {
    const lacking = missingNeed(on);
    if (lacking)
      throw new RuleBroken('school.part-needs', `${lacking.part} needs ${lacking.needs}: switch both on, or both off.`, 'on');
    return this.changing(async ({ off: before, profile }) => {
      const off = SWITCHABLE.filter((module) => !on.includes(module));
      await this.deps.store.saveOff(off);
      await this.record(actor, 'modules.change', {
        entity: 'school',
        id: profile.id,
        label: profile.name,
        before: { off: before },
        after: { off },
      });
    });
  }
}

/** `KA/2026/0034`: what a pattern makes. @throws RuleBroken at the pattern's own field */
export function example(numbers: NumberSettings, field: 'admission' | 'staff', year: number, serial = 34): string {
  try {
    return renderNumber(parsePattern(numbers[field]), { prefix: numbers.prefix, year, serial });
  } catch (error) {
    if (error instanceof RuleBroken) throw new RuleBroken(error.code, error.message, field);
    throw error;
  }
}

/** @throws Invalid at the field of the phone */
export function readPhones(phones: readonly string[], country: string): string[] {
  return phones.map((phone, index) => {
    const read = parsePhone(phone, country);
    if (read) return read;
    throw new Invalid({ [`phones.${index}`]: `Enter a phone number such as ${phoneExample(country)}` });
  });
}
