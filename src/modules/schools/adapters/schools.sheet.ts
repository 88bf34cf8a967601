import type { Column } from '../../../platform/sheets/columns.js';
import { STATE_WORDS, type RegisteredSchool } from '../index.js';

export function schoolColumns(options: { owners: boolean }): Column<RegisteredSchool>[] {
  const columns: Column<RegisteredSchool>[] = [
    { key: 'name', head: 'School', kind: 'text', width: 32, value: (row) => row.name },
    { key: 'subdomain', head: 'Address', kind: 'text', width: 24, value: (row) => row.subdomain },
    { key: 'state', head: 'State', kind: 'text', width: 12, value: (row) => STATE_WORDS[row.state] },
    { key: 'stateAt', head: 'Since', kind: 'date', width: 12, value: (row) => day(row.stateAt) },
    { key: 'country', head: 'Country', kind: 'text', width: 9, value: (row) => row.country },
    { key: 'town', head: 'Town', kind: 'text', width: 18, value: (row) => row.town },
    { key: 'pupils', head: 'Students', kind: 'text', width: 12, value: (row) => row.pupils },
    { key: 'createdAt', head: 'Entered', kind: 'date', width: 12, value: (row) => day(row.createdAt) },
  ];
  if (!options.owners) return columns;
  return [
    ...columns,
    { key: 'ownerName', head: 'Owner', kind: 'text', width: 24, value: (row) => row.owner?.name ?? null },
    { key: 'ownerEmail', head: 'Email', kind: 'email', width: 28, value: (row) => row.owner?.email ?? null },
    { key: 'ownerPhone', head: 'Phone', kind: 'phone', width: 16, value: (row) => row.owner?.phone ?? null },
  ];
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
