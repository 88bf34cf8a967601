import { registerName } from '../../../../kernel/people/names.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type { ListedPlan } from '../plans.js';

export function planColumns(labels: ReadonlyMap<string, string>): Column<ListedPlan>[] {
  return [
    { key: 'admissionNo', head: 'Admission number', kind: 'id', value: (row) => row.student.admissionNo },
    { key: 'name', head: 'Student', kind: 'name', width: 30, value: (row) => registerName(row.student) },
    {
      key: 'class',
      head: 'Class',
      kind: 'text',
      value: (row) => labels.get(row.student.streamId ?? row.student.classId ?? '') ?? '',
    },
    { key: 'state', head: 'State', kind: 'text', value: (row) => row.standing.state },
    { key: 'agreedOn', head: 'Agreed on', kind: 'date', value: (row) => row.agreedOn },
    { key: 'agreedWith', head: 'Agreed with', kind: 'text', width: 24, value: (row) => row.agreedWith },
    { key: 'parts', head: 'Instalments', kind: 'number', value: (row) => row.instalments.length },
    { key: 'total', head: 'Total', kind: 'money', value: (row) => row.totalMinor },
    { key: 'settled', head: 'Paid', kind: 'money', value: (row) => row.standing.settledMinor },
    { key: 'left', head: 'Left', kind: 'money', value: (row) => row.standing.leftMinor },
    { key: 'overdue', head: 'Overdue', kind: 'money', value: (row) => row.standing.overdueMinor },
    { key: 'nextOn', head: 'Next due', kind: 'date', value: (row) => row.standing.next?.dueOn ?? null },
    { key: 'next', head: 'Next amount', kind: 'money', value: (row) => row.standing.next?.amountMinor ?? null },
  ];
}
