import type { Request } from 'express';
import { z } from 'zod';
import { can, type Actor } from '../../../kernel/actor.js';
import { isId } from '../../../kernel/id.js';
import type { HrApi, StaffBrief } from '../../hr/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { Allocations } from '../allocations/allocations.js';
import type { Classes } from '../classes/classes.js';
import type { Pathways } from '../pathways/pathways.js';
import type { Subjects } from '../subjects/subjects.js';
import type { Takers } from '../allocations/takers.js';
import { rangesOf } from '../classes/classes.rules.js';
import type { SubjectsApi } from '../index.js';
import type { AllocationStore, ClassStore, StreamLearners, SubjectStore } from '../ports.js';

/** What the pages of this module work with. */
export interface SubjectPages {
  classes: Classes;
  subjects: Subjects;
  pathways: Pathways;
  allocations: Allocations;
  takers: Takers;
  classStore: ClassStore;
  subjectStore: SubjectStore;
  allocationStore: AllocationStore;
  learners: StreamLearners;
  door: SubjectsApi;
  hr: HrApi;
  school: SchoolApi;
}

/** Boxes of one name: none, one or several ids. */
export const ids = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((value) => [value].flat().filter((one) => isId(one)));

export const flag = z
  .union([z.literal('on'), z.literal('true')])
  .optional()
  .transform((value) => value !== undefined);

/** `Mr Daniel Mutua`. */
export function spoken(staff: Pick<StaffBrief, 'title' | 'firstName' | 'surname'>): string {
  return [staff.title, staff.firstName, staff.surname].filter(Boolean).join(' ');
}

/** Names of these people, also of those who have left. */
export async function namesOf(hr: HrApi, staffIds: readonly string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const id of new Set(staffIds)) {
    const staff = await hr.find(id);
    if (staff) names.set(id, spoken(staff));
  }
  return names;
}

/** People who can be chosen as teachers: those who teach first. */
export async function teacherOptions(
  hr: HrApi,
  today: string,
  t: Request['t'],
): Promise<{ value: string; label: string; group: string }[]> {
  const staff = await hr.staff(today);
  const teaching = [...staff].sort((a, b) => Number(b.category === 'teaching') - Number(a.category === 'teaching'));
  return teaching.map((one) => ({
    value: one.id,
    label: [one.surname, one.firstName, one.title && `(${one.title})`].filter(Boolean).join(' '),
    group: one.category === 'teaching' ? t('Teaching staff') : t('Other staff'),
  }));
}

/** Names of learners are for those who see all of them, and for the teachers of the stream. */
export async function mayNameLearners(pages: SubjectPages, actor: Actor, streamId: string): Promise<boolean> {
  if (can(actor, 'students.see-all')) return true;
  if (!can(actor, 'students.read') || actor.person?.kind !== 'staff') return false;
  return (await pages.door.streamsOfTeacher(actor.person.id, await pages.school.today())).includes(streamId);
}

/** `PP1 to Grade 3, Form 4`. */
export function rangeWords(
  subject: { classIds: string[] },
  classes: readonly { id: string; name: string }[],
  t: Request['t'],
): string {
  return rangesOf(subject.classIds, classes)
    .map(({ from, to }) => (to ? t('{{from}} to {{to}}', { from, to }) : from))
    .join(', ');
}
