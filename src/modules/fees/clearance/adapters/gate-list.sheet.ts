import { registerName } from '../../../../kernel/people/names.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type { GateRow } from '../clearances.js';

/** Amounts only for those who may see accounts. */
export function gateColumns(labels: ReadonlyMap<string, string>, amounts: boolean): Column<GateRow>[] {
  return [
    { key: 'admissionNo', head: 'Admission number', kind: 'id', value: (row) => row.student.admissionNo },
    { key: 'name', head: 'Student', kind: 'name', width: 30, value: (row) => registerName(row.student) },
    { key: 'class', head: 'Class', kind: 'text', value: (row) => labels.get(row.streamId ?? row.classId ?? '') ?? '' },
    { key: 'cleared', head: 'Cleared', kind: 'text', value: (row) => (row.outcome === 'held' ? 'no' : 'yes') },
    { key: 'since', head: 'Cleared since', kind: 'text', value: (row) => (row.since ? 'yes' : '') },
    ...(amounts
      ? ([
          { key: 'why', head: 'By', kind: 'text', value: (row) => (row.outcome === 'held' ? (row.since ?? '') : row.outcome) },
          { key: 'billed', head: 'Bill of the term', kind: 'money', value: (row) => row.billedMinor },
          { key: 'counted', head: 'Counted', kind: 'money', value: (row) => row.countedMinor },
          { key: 'limit', head: 'Allowed balance', kind: 'money', value: (row) => row.limitMinor },
        ] satisfies Column<GateRow>[])
      : []),
  ];
}
