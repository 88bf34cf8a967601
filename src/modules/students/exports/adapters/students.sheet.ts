import type { Column } from '../../../../platform/sheets/columns.js';
import { sensitivityOf, type Sight } from '../../register/sensitive.rules.js';
import { STATUS_WORDS } from '../../enrolments/life-cycle.rules.js';
import type { StudentRow } from '../../ports.js';

/** The list as it is shown, for a spreadsheet. */
export function studentColumns(classes: { labels: Map<string, string> }, sight: Pick<Sight, 'sees'>): Column<StudentRow>[] {
  const columns: Column<StudentRow>[] = [
    { key: 'admissionNo', head: 'Admission number', kind: 'id', value: (row) => row.admissionNo },
    { key: 'paymentNo', head: 'Payment number', kind: 'id', value: (row) => row.paymentNo },
    { key: 'surname', head: 'Surname', kind: 'name', value: (row) => row.surname },
    { key: 'firstName', head: 'First name', kind: 'name', value: (row) => row.firstName },
    { key: 'middleName', head: 'Middle name', kind: 'name', value: (row) => row.middleName },
    {
      key: 'sex',
      head: 'Sex',
      kind: 'choice',
      choices: [
        { value: 'F', label: 'Girl' },
        { value: 'M', label: 'Boy' },
      ],
      value: (row) => row.sex,
    },
    { key: 'bornOn', head: 'Date of birth', kind: 'date', value: (row) => row.bornOn },
    {
      key: 'class',
      head: 'Class',
      kind: 'text',
      value: (row) => (row.streamId ? (classes.labels.get(row.streamId) ?? null) : null),
    },
    {
      key: 'boarding',
      head: 'Day or boarding',
      kind: 'choice',
      choices: [
        { value: 'day', label: 'Day' },
        { value: 'boarder', label: 'Boarder' },
      ],
      value: (row) => row.boarding,
    },
    { key: 'status', head: 'Status', kind: 'text', value: (row) => STATUS_WORDS[row.status] },
    { key: 'guardianName', head: 'Guardian', kind: 'name', value: (row) => row.guardianName },
    { key: 'guardianPhone', head: 'Guardian phone', kind: 'phone', value: (row) => row.guardianPhone },
  ];
  return columns.filter(({ key }) => sight.sees(key.startsWith('guardian') ? 'contacts' : sensitivityOf(key)));
}
