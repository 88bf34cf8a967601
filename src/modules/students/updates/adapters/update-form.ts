import { z } from 'zod';
import type { FamilyPage, Written } from '../update-links.js';
import { CONSENT_PURPOSES } from '../../guardians/consent.rules.js';
import { readValue } from '../../custom-fields/custom-field.rules.js';
import { childFields, guardianFields, type Fields, type FieldValue } from '../update-request.rules.js';
import { STUDENT_LIMITS } from '../../register/limits.rules.js';
import {
  birthCertificateNo,
  birthday,
  firstName,
  guardianFields as guardianSchema,
  name,
} from '../../register/adapters/student-form.js';

const text = (most: number) => z.string().trim().max(most, `At most ${most} characters`).optional();

/** What stands in the way of guessing: the boxes of a birthday, or four digits. */
export const Proof = z
  .object({ born: birthday, digits: z.string().trim().optional() })
  .transform(({ born, digits }) => ({ bornOn: born, digits: digits ?? null }));

const child = z.object({
  id: z.uuid(),
  surname: name('surname'),
  firstName,
  middleName: name('middle name').optional(),
  preferredName: text(STUDENT_LIMITS.preferredName),
  bornOn: z.iso.date('Enter a real date').optional(),
  birthCertificateNo: birthCertificateNo.optional(),
  nationality: text(STUDENT_LIMITS.nationality),
  homeArea: text(STUDENT_LIMITS.homeArea),
  religion: text(STUDENT_LIMITS.religion),
  firstLanguage: text(STUDENT_LIMITS.firstLanguage),
  address: text(STUDENT_LIMITS.address),
  specialNeeds: text(STUDENT_LIMITS.specialNeeds),
  custom: z.record(z.string().max(40), z.string().max(1000)).optional(),
  consents: z.partialRecord(z.enum(CONSENT_PURPOSES), z.enum(['yes', 'no'])).default({}),
});

/** The whole page as the family sends it, read by what the school has for these very people. */
export function writtenSchema(country: string, page: FamilyPage, today: string) {
  const { nationalId: _nationalId, ...person } = guardianSchema(country);
  return z
    .object({ guardian: z.object(person), children: z.array(child).max(20) })
    .superRefine(({ children }, context) => {
      for (const [at, one] of children.entries()) {
        if (one.bornOn !== undefined && one.bornOn >= today)
          context.addIssue({ code: 'custom', path: ['children', at, 'bornOn'], message: 'Date of birth must be before today' });
        for (const field of page.customFields) {
          const read = readValue(field, one.custom?.[field.key]);
          if ('problem' in read)
            context.addIssue({ code: 'custom', path: ['children', at, 'custom', field.key], message: read.problem });
        }
      }
    })
    .transform(({ guardian, children }): Written => ({
      guardian: filled(guardian, Object.keys(guardianFields(page.guardian))),
      children: children.flatMap(({ id, custom, consents, ...fields }) => {
        const own = page.children.find((student) => student.id === id);
        if (!own) return [];
        const held = Object.keys(childFields(own, []));
        const values = page.customFields.map((field): [string, FieldValue] => {
          const read = readValue(field, custom?.[field.key]);
          return [`custom.${field.key}`, 'value' in read ? read.value : null];
        });
        return [{ id, consents, fields: { ...filled(fields, held), ...Object.fromEntries(values) } }];
      }),
    }));
}

/** An empty field of a form is one that was emptied. */
function filled(values: Readonly<Record<string, unknown>>, keys: readonly string[]): Fields {
  return Object.fromEntries(keys.map((key) => [key, (values[key] as FieldValue | undefined) ?? null]));
}

/** What the form shows at first. */
export function shownValues(page: FamilyPage): object {
  const yes = (value: FieldValue): FieldValue => (value === true ? 'yes' : value === false ? 'no' : value);
  return {
    guardian: guardianFields(page.guardian),
    children: page.children.map((student) => ({
      id: student.id,
      ...childFields(student, []),
      custom: Object.fromEntries(page.customFields.map(({ key }) => [key, yes(student.custom[key] ?? null)])),
      consents: Object.fromEntries(
        CONSENT_PURPOSES.flatMap((purpose) => {
          const answer = page.consents.get(student.id)?.find((one) => one.purpose === purpose);
          return answer ? [[purpose, answer.given ? 'yes' : 'no']] : [];
        }),
      ),
    })),
  };
}
