import { z } from 'zod';
import { parsePhone } from '../../../kernel/people/phone.js';
import { isMailAddress } from '../../../platform/mail/index.js';
import { COUNTRIES, SIZES, tidySubdomain } from '../../schools/index.js';

/** One line of letters, without what only a machine would write. */
const line = (least: number, most: number) =>
  z
    .string()
    .trim()
    .min(least)
    .max(most)
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, 'Use letters, on one line');

/** Country and curriculum are one answer, so that one never fits the other badly: `KE.cbc`. */
export const PLACES = COUNTRIES.flatMap((country) =>
  country.curricula.map((curriculum) => ({
    value: `${country.code}.${curriculum.id}`,
    country,
    curriculum,
  })),
);

export const schoolForm = z
  .object({
    name: line(3, 120).regex(/\p{L}/u, 'Enter the name of the school'),
    place: z.enum(PLACES.map((place) => place.value) as [string, ...string[]], 'Choose the country and curriculum'),
    town: line(2, 80),
    pupils: z.enum(SIZES, 'Choose how many students there are'),
  })
  .transform(({ place, ...rest }) => {
    const [country = '', curriculum = ''] = place.split('.');
    return { ...rest, country, curriculum };
  });

export const ownerForm = (country: string) =>
  z
    .object({
      name: line(3, 120).regex(/\p{L}/u, 'Enter your name'),
      email: z
        .string()
        .trim()
        .toLowerCase()
        .max(254)
        .refine(isMailAddress, 'Enter the full email address, such as name@example.org'),
      phone: z
        .string()
        .trim()
        .max(40)
        .transform((text, ctx) => {
          const phone = parsePhone(text, country);
          if (!phone) ctx.addIssue('Enter the full phone number');
          return phone ?? z.NEVER;
        }),
      agreed: z.literal('yes', 'Agree to the terms to open your school'),
    })
    .transform(({ agreed: _agreed, ...owner }) => owner);

export const addressForm = z.object({ subdomain: z.string().max(200).transform(tidySubdomain) });
