import { registerName } from '../../../../kernel/people/names.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type { PlannedLearner } from '../billing-plan.js';
import type { ShownDocument } from '../../documents/invoices.js';

/** Who would be billed what, against what stands. */
export function planColumns(labels: ReadonlyMap<string, string>): Column<PlannedLearner>[] {
  return [
    { key: 'admission_no', head: 'Admission number', kind: 'id', value: (row) => row.learner.admissionNo },
    { key: 'student', head: 'Student', kind: 'name', width: 30, value: (row) => registerName(row.learner) },
    {
      key: 'class',
      head: 'Class',
      kind: 'text',
      value: (row) => labels.get(row.learner.streamId ?? row.learner.classId ?? '') ?? '',
    },
    { key: 'now', head: 'Billed now', kind: 'money', value: (row) => row.nowMinor },
    { key: 'then', head: 'Billed then', kind: 'money', value: (row) => row.thenMinor },
    { key: 'change', head: 'Change', kind: 'money', value: (row) => row.thenMinor - row.nowMinor },
    {
      key: 'staff',
      head: 'Staff child',
      kind: 'text',
      value: (row) => (row.staff ? `${row.staff.guardian}, ${row.staff.staffNo}, by ${row.staff.by}` : ''),
    },
  ];
}

export const documentColumns = (words: {
  terms: ReadonlyMap<string, string>;
  classes: ReadonlyMap<string, string>;
}): Column<ShownDocument>[] => [
  { key: 'number', head: 'Number', kind: 'id', value: (row) => row.number },
  { key: 'kind', head: 'Kind', kind: 'text', value: (row) => row.kind },
  { key: 'issued_on', head: 'Issued', kind: 'date', value: (row) => row.issuedOn },
  { key: 'due_on', head: 'Due', kind: 'date', value: (row) => row.dueOn },
  { key: 'admission_no', head: 'Admission number', kind: 'id', value: (row) => row.admissionNo },
  { key: 'student', head: 'Student', kind: 'name', width: 30, value: (row) => row.studentName },
  { key: 'payer', head: 'Sponsor', kind: 'text', value: (row) => row.sponsorName },
  { key: 'term', head: 'Term', kind: 'text', value: (row) => words.terms.get(row.termId ?? '') ?? '' },
  { key: 'class', head: 'Class', kind: 'text', value: (row) => words.classes.get(row.classId ?? '') ?? '' },
  { key: 'amount', head: 'Amount', kind: 'money', value: (row) => row.totalMinor },
  { key: 'with_notes', head: 'With notes', kind: 'money', value: (row) => (row.ofId ? null : row.netMinor) },
  { key: 'paid', head: 'Paid', kind: 'money', value: (row) => (row.ofId ? null : row.settledMinor) },
  { key: 'state', head: 'State', kind: 'text', value: (row) => row.state },
];
