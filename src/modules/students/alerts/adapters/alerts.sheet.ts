import type { Column } from '../../../../platform/sheets/columns.js';
import type { AlertLine } from '../../ports.js';

export function alertColumns(labels: ReadonlyMap<string, string>): Column<AlertLine>[] {
  return [
    { key: 'admissionNo', head: 'Admission number', kind: 'id', value: (row) => row.admissionNo },
    { key: 'surname', head: 'Surname', kind: 'name', value: (row) => row.surname },
    { key: 'firstName', head: 'First name', kind: 'name', value: (row) => row.firstName },
    { key: 'class', head: 'Class', kind: 'text', value: (row) => (row.streamId ? (labels.get(row.streamId) ?? null) : null) },
    { key: 'kind', head: 'About', kind: 'text', value: (row) => row.kind },
    { key: 'level', head: 'Level', kind: 'text', value: (row) => row.level },
    { key: 'reason', head: 'Reason', kind: 'text', value: (row) => row.reason },
    { key: 'untilOn', head: 'Until', kind: 'date', value: (row) => row.untilOn },
  ];
}
