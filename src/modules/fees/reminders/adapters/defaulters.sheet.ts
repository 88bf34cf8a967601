import { registerName } from '../../../../kernel/people/names.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type { Defaulter } from '../defaulters.js';

export function defaulterColumns(labels: ReadonlyMap<string, string>): Column<Defaulter>[] {
  return [
    { key: 'admissionNo', head: 'Admission number', kind: 'id', value: (row) => row.student.admissionNo },
    { key: 'name', head: 'Student', kind: 'name', width: 30, value: (row) => registerName(row.student) },
    {
      key: 'class',
      head: 'Class',
      kind: 'text',
      value: (row) => labels.get(row.student.streamId ?? row.student.classId ?? '') ?? '',
    },
    { key: 'balance', head: 'Balance', kind: 'money', value: (row) => row.openMinor },
    { key: 'overdue', head: 'Overdue', kind: 'money', value: (row) => row.overdueMinor },
    { key: 'since', head: 'Due since', kind: 'date', value: (row) => row.dueOn },
    { key: 'guardian', head: 'Guardian', kind: 'text', width: 24, value: (row) => row.guardian?.fullName ?? '' },
    { key: 'phone', head: 'Phone', kind: 'phone', value: (row) => row.guardian?.phone ?? null },
    { key: 'plan', head: 'Plan', kind: 'text', value: (row) => row.plan?.state ?? '' },
    { key: 'promisedOn', head: 'Promised by', kind: 'date', value: (row) => row.promise?.promisedOn ?? null },
    { key: 'promised', head: 'Promised', kind: 'money', value: (row) => row.promise?.amountMinor ?? null },
    { key: 'promise', head: 'Promise', kind: 'text', value: (row) => row.promise?.state ?? '' },
  ];
}
