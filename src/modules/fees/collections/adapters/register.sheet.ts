import { registerName } from '../../../../kernel/people/names.js';
import type { Column } from '../../../../platform/sheets/columns.js';
import type { NamedRow } from '../fees-register.js';
import type { RegisterSums } from '../register.rules.js';

export interface RegisterSheetRow extends RegisterSums {
  className: string;
  admissionNo: string;
  name: string;
}

export function registerSheetRow(row: NamedRow, className: string): RegisterSheetRow {
  return { ...row, className, admissionNo: row.student.admissionNo, name: registerName(row.student) };
}

export function registerColumns(heads: readonly { id: string; name: string }[]): Column<RegisterSheetRow>[] {
  return [
    { key: 'class', head: 'Class', kind: 'text', value: (row) => row.className },
    { key: 'admissionNo', head: 'Admission number', kind: 'id', value: (row) => row.admissionNo },
    { key: 'name', head: 'Student', kind: 'name', width: 30, value: (row) => row.name },
    { key: 'forward', head: 'Brought forward', kind: 'money', value: (row) => row.forwardMinor },
    ...heads.map(({ id, name }): Column<RegisterSheetRow> => ({
      key: id,
      head: name,
      kind: 'money',
      value: (row) => row.billed[id] ?? 0,
    })),
    { key: 'awards', head: 'Awards', kind: 'money', value: (row) => row.awardsMinor },
    { key: 'other', head: 'Other', kind: 'money', value: (row) => row.otherMinor },
    { key: 'paid', head: 'Paid', kind: 'money', value: (row) => row.paidMinor },
    { key: 'balance', head: 'Balance', kind: 'money', value: (row) => row.balanceMinor },
  ];
}
