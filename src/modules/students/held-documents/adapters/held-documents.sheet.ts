import type { Column } from '../../../../platform/sheets/columns.js';
import { DOCUMENT_STATES } from '../held-document.rules.js';
import type { DocumentLine } from '../../ports.js';

/** What is missing or runs out, for whoever telephones the families. */
export function documentColumns(labels: ReadonlyMap<string, string>): Column<DocumentLine>[] {
  return [
    { key: 'admissionNo', head: 'Admission number', kind: 'id', value: (row) => row.admissionNo },
    { key: 'surname', head: 'Surname', kind: 'name', value: (row) => row.surname },
    { key: 'firstName', head: 'First name', kind: 'name', value: (row) => row.firstName },
    { key: 'class', head: 'Class', kind: 'text', value: (row) => (row.streamId ? (labels.get(row.streamId) ?? null) : null) },
    { key: 'kind', head: 'Document', kind: 'text', value: (row) => row.kind },
    {
      key: 'state',
      head: 'State',
      kind: 'choice',
      choices: DOCUMENT_STATES.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) })),
      value: (row) => row.state,
    },
    { key: 'expiresOn', head: 'Valid until', kind: 'date', value: (row) => row.expiresOn },
  ];
}
