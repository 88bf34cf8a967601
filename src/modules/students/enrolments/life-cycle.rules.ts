import { RuleBroken } from '../../../kernel/errors.js';
import { MISSING } from '../../../kernel/missing.js';

export const STATUSES = [
  'applicant',
  'expected',
  'active',
  'suspended',
  'withdrawn',
  'transferred',
  'graduated',
  'archived',
] as const;
export type Status = (typeof STATUSES)[number];

/** What people read. The file of somebody who left is closed; *archived* is a record set aside, which is something else. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  applicant: 'Applicant',
  expected: 'Expected',
  active: 'Active',
  suspended: 'Suspended',
  withdrawn: 'Withdrawn',
  transferred: 'Transferred',
  graduated: 'Graduated',
  archived: 'File closed',
};

/** Statuses of children who sit in class. */
export const PRESENT_STATUSES: readonly Status[] = ['active', 'suspended'];

export function isPresent({ status }: { status: Status }): boolean {
  return PRESENT_STATUSES.includes(status);
}

export interface Transition {
  key: string;
  /** The button: `Withdraw student`. */
  label: string;
  from: readonly Status[];
  to: Status;
  /** What a person chooses from; stored as the coded reason. */
  reasons: readonly { key: string; label: string }[];
  /** Closes the open enrolment on that day. */
  closesEnrolment: boolean;
}

const LEAVING = [
  { key: 'moved', label: 'Family moved away' },
  { key: 'fees', label: 'Fees' },
  { key: 'health', label: 'Health' },
  { key: 'family', label: 'Family reasons' },
  { key: 'discipline', label: 'Discipline' },
  { key: 'deceased', label: 'Deceased' },
  { key: 'other', label: 'Another reason, see note' },
] as const;

export const TRANSITIONS: readonly Transition[] = [
  {
    key: 'expect',
    label: 'Mark as expected',
    from: ['applicant'],
    to: 'expected',
    reasons: [{ key: 'offered', label: 'Place offered' }],
    closesEnrolment: false,
  },
  {
    key: 'activate',
    label: 'Mark as reported',
    from: ['applicant', 'expected'],
    to: 'active',
    reasons: [{ key: 'reported', label: 'Reported to school' }],
    closesEnrolment: false,
  },
  {
    key: 'suspend',
    label: 'Suspend',
    from: ['active'],
    to: 'suspended',
    reasons: [
      { key: 'discipline', label: 'Discipline' },
      { key: 'health', label: 'Health' },
      { key: 'fees', label: 'Fees' },
      { key: 'other', label: 'Another reason, see note' },
    ],
    closesEnrolment: false,
  },
  {
    key: 'readmit',
    label: 'End suspension',
    from: ['suspended'],
    to: 'active',
    reasons: [
      { key: 'served', label: 'Suspension has ended' },
      { key: 'lifted', label: 'Lifted by the head' },
    ],
    closesEnrolment: false,
  },
  {
    key: 'withdraw',
    label: 'Withdraw',
    from: ['applicant', 'expected', 'active', 'suspended'],
    to: 'withdrawn',
    reasons: LEAVING,
    closesEnrolment: true,
  },
  {
    key: 'transfer',
    label: 'Transfer to another school',
    from: ['active', 'suspended'],
    to: 'transferred',
    reasons: [
      { key: 'parent', label: 'At the parent’s request' },
      { key: 'placement', label: 'Placed by the ministry' },
      { key: 'moved', label: 'Family moved away' },
      { key: 'other', label: 'Another reason, see note' },
    ],
    closesEnrolment: true,
  },
  {
    key: 'graduate',
    label: 'Graduate',
    from: ['active'],
    to: 'graduated',
    reasons: [{ key: 'completed', label: 'Completed the last class' }],
    closesEnrolment: true,
  },
  {
    key: 'archive',
    label: 'Close file',
    from: ['withdrawn', 'transferred', 'graduated'],
    to: 'archived',
    reasons: [{ key: 'closed', label: 'Nothing more to do' }],
    closesEnrolment: false,
  },
  {
    key: 'return',
    label: 'Readmit',
    from: ['withdrawn', 'transferred', 'graduated', 'archived'],
    to: 'expected',
    reasons: [{ key: 'returned', label: 'Returning to this school' }],
    closesEnrolment: false,
  },
];

export function transitionsFrom(status: Status): Transition[] {
  return TRANSITIONS.filter((transition) => transition.from.includes(status));
}

/** @throws RuleBroken when a student with this status can't take that step. */
export function transition(key: string, from: Status): Transition {
  const found = TRANSITIONS.find((candidate) => candidate.key === key);
  if (!found) throw new RuleBroken('unknown-step', MISSING.step);
  if (!found.from.includes(from)) {
    throw new RuleBroken(
      'wrong-status',
      `This step isn’t possible: the student’s status is “${STATUS_WORDS[from]}”. Open the student again, as someone may have changed it.`,
    );
  }
  return found;
}

const MARKS = {
  applicant: 'none',
  expected: 'none',
  active: 'ok',
  suspended: 'watch',
  withdrawn: 'ended',
  transferred: 'ended',
  graduated: 'ended',
  archived: 'ended',
} as const satisfies Record<Status, string>;

/** Which shape and colour stand beside the word. */
export function statusMark(status: Status): (typeof MARKS)[Status] {
  return MARKS[status];
}
