import type { Request } from 'express';
import { z } from 'zod';
import { Invalid } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/id.js';
import { registerName } from '../../../kernel/people/names.js';
import type { AcademicYear, SchoolApi } from '../../school/index.js';
import type { ClassList, SubjectsApi } from '../../subjects/index.js';
import type { AccountHolder, StudentsApi } from '../../students/index.js';
import type { Awards } from '../awards/awards.js';
import type { BillNotices } from '../billing/bill-notices.js';
import type { BillingRuns } from '../billing/billing-runs.js';
import type { Charges } from '../billing/charges.js';
import type { DoubleBills } from '../billing/double-bills.js';
import type { FeeSettingsKeeping } from '../structures/fee-settings.js';
import type { HowToPay } from '../statements/how-to-pay.js';
import type { Invoices } from '../documents/invoices.js';
import type { Payments } from '../receiving/payments.js';
import type { ReceivingSettingsKeeping } from '../receiving/receiving-settings.js';
import type { Refunds } from '../refunds/refunds.js';
import type { Sponsors } from '../awards/sponsors.js';
import type { FeeStatements } from '../statements/statements.js';
import type { Subscriptions } from '../billing/subscriptions.js';
import type { Structures } from '../structures/structures.js';
import type { VoteHeads } from '../structures/vote-heads.js';
import type { Audience } from '../structures/structure.rules.js';

/** What the pages of this module work with. */
export interface FeePages {
  heads: VoteHeads;
  structures: Structures;
  school: SchoolApi;
  subjects: SubjectsApi;
  students: StudentsApi;
  runs: BillingRuns;
  notices: BillNotices;
  invoices: Invoices;
  doubleBills: DoubleBills;
  charges: Charges;
  settings: FeeSettingsKeeping;
  receiving: ReceivingSettingsKeeping;
  subscriptions: Subscriptions;
  awards: Awards;
  sponsors: Sponsors;
  statements: FeeStatements;
  refunds: Refunds;
  payments: Payments;
  payTo: HowToPay;
  /** Scheme and authority of the school's own address. */
  publicUrl: string;
}

/** The year that was asked for, or the running one. */
export async function yearOf(pages: FeePages, asked: unknown): Promise<AcademicYear> {
  const found = typeof asked === 'string' ? (await pages.school.years()).find((one) => one.id === asked) : undefined;
  return found ?? pages.school.currentYear();
}

/** Boxes of one name: none, one or several ids. */
const ids = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((value) => [value].flat().filter((one) => isId(one)));

export const AudienceFields = z.object({
  name: z.string({ error: 'Enter a name, such as Grade 7 boarders' }).trim().max(80, 'At most 80 characters'),
  boarding: z.enum(['day', 'boarder']).optional(),
  classIds: ids,
  streamIds: ids,
});

export function audienceFrom({ boarding, classIds, streamIds }: z.infer<typeof AudienceFields>): Audience {
  return { boarding: boarding ?? null, classIds: streamIds.length > 0 ? [] : classIds, streamIds };
}

/** `Grade 7 and Grade 8, boarders`; `Whole school` where nothing is named. */
export function audienceWords({ classIds, streamIds, boarding }: Audience, list: ClassList, t: Request['t']): string {
  const names =
    streamIds.length > 0
      ? list.streams.filter((one) => streamIds.includes(one.id)).map((one) => one.label)
      : list.classes.filter((one) => classIds.includes(one.id)).map((one) => one.name);
  const who = names.length === 0 ? t('Whole school') : names.join(', ');
  return boarding === null ? who : `${who}, ${boarding === 'day' ? t('day scholars') : t('boarders')}`;
}

/** Term → `Term 1, 2026`. */
export async function termNames(pages: Pick<FeePages, 'school'>): Promise<Map<string, string>> {
  return new Map(
    (await pages.school.years()).flatMap((year) => year.terms.map((term) => [term.id, `${term.name}, ${year.name}`] as const)),
  );
}

/** The one child that has this admission or payment number. @throws Invalid at the field */
export async function studentByNumber(
  pages: Pick<FeePages, 'students'>,
  req: Request,
  number: string,
  field = 'student',
): Promise<AccountHolder> {
  const plain = number.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const found = (await pages.students.search(req.actor, number, 20)).filter((one) =>
    [one.admissionNo, one.paymentNo].some((own) => own.toUpperCase().replace(/[^A-Z0-9]/g, '') === plain),
  );
  if (found.length !== 1) throw new Invalid({ [field]: 'No student has this admission number' });
  return found[0]!;
}

/** `Otieno Achieng Mary` of each, by id. */
export async function namesOf(
  pages: Pick<FeePages, 'students'>,
  ids: readonly string[],
): Promise<Map<string, { name: string; admissionNo: string }>> {
  const holders = await pages.students.holders([...new Set(ids)]);
  return new Map(holders.map((one) => [one.id, { name: registerName(one), admissionNo: one.admissionNo }]));
}
