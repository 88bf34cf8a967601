import type { Choice, Column } from '../../../../platform/sheets/columns.js';
import type { ExitReason } from '../../enrolments/enrolment.rules.js';

/** What became of a child at the end of a former class, in the words of old registers. */
const OUTCOMES: readonly (Choice & { value: ExitReason })[] = [
  {
    value: 'promoted',
    label: 'Promoted',
    aliases: ['Pass', 'Passed', 'Moved up', 'Next class', 'Proceed', 'Promu', 'Admis', 'Amepanda'],
  },
  { value: 'repeating', label: 'Repeating', aliases: ['Repeat', 'Repeated', 'Repeater', 'Retained', 'Redouble', 'Amerudia'] },
  { value: 'moved-stream', label: 'Moved stream', aliases: ['Changed stream'] },
  { value: 'moved-class', label: 'Moved class', aliases: ['Changed class'] },
  { value: 'withdrawn', label: 'Withdrawn', aliases: ['Left', 'Dropped out', 'Drop out', 'Dropout', 'Parti'] },
  { value: 'transferred', label: 'Transferred', aliases: ['Transfer', 'Transfer out', 'Transféré', 'Amehama'] },
  { value: 'graduated', label: 'Graduated', aliases: ['Completed', 'Finished', 'Diplômé', 'Amehitimu'] },
];

const plain = (key: string, head: string, kind: Column<never>['kind'], more: Partial<Column<never>> = {}): Column<never> => ({
  key,
  head,
  kind,
  value: () => null,
  ...more,
});

export const formerColumns: Column<never>[] = [
  plain('admission_no', 'Admission number', 'id', {
    required: true,
    aliases: ['Reg no', 'Admission no'],
    example: 'KA/2019/034',
  }),
  plain('name', 'Student', 'text', {
    aliases: ['Name', 'Names', 'Student name', 'Full name', 'Pupil name', 'Name of pupil', 'Name of student', 'Learner name'],
    example: 'Otieno Achieng Mary',
    note: 'For your own reference: matching uses the number',
  }),
  plain('year', 'School year', 'text', {
    required: true,
    aliases: ['Year', 'Academic year', 'Session', 'Academic session', 'Année scolaire', 'Année', 'Mwaka'],
    example: '2024',
    note: 'As the school calls it; 2023/2024 where it runs over two calendar years',
  }),
  plain('class', 'Class', 'text', { required: true, aliases: ['Grade', 'Form', 'Standard'], example: 'Grade 6' }),
  plain('stream', 'Stream', 'text', { aliases: ['Section', 'Arm'], example: 'East' }),
  plain('from', 'From', 'date', {
    aliases: ['Date from', 'Entered', 'Start', 'Start date', 'Du'],
    example: '2024-01-08',
    note: 'Empty for the first day of the year',
  }),
  plain('to', 'To', 'date', {
    aliases: ['Date to', 'Until', 'Left on', 'End', 'End date', 'Au'],
    example: '2024-10-25',
    note: 'Empty for the last day of the year',
  }),
  plain('outcome', 'Outcome', 'choice', {
    aliases: ['Result', 'Decision', 'Promotion', 'Promotion status', 'Décision'],
    choices: [...OUTCOMES],
    example: 'Promoted',
  }),
  plain('note', 'Note', 'text', { aliases: ['Remarks', 'Comment', 'Comments', 'Observations'] }),
];
