import { can } from '../../../../kernel/actor.js';
import { registerName } from '../../../../kernel/names.js';
import { showPhone } from '../../../../kernel/phone.js';
import type { Search } from '../../../../platform/module.js';
import type { SchoolApi } from '../../../school/index.js';
import type { StaffStore } from '../../ports.js';

/** People who work here, by any of their names, their number or phone. */
export function staffSearch(store: StaffStore, school: SchoolApi): Search {
  return async (text, actor, limit) => {
    if (!can(actor, 'hr.staff.read')) return [];
    const page = await store.list({ text, category: null, state: 'here' }, await school.today(), null, limit);
    const { country } = await school.profile();
    return page.rows.map((row) => ({
      kind: 'Staff',
      label: registerName(row),
      note: [row.job, row.phone && showPhone(row.phone, country)].filter(Boolean).join(' · '),
      href: `/hr/staff/${row.id}`,
    }));
  };
}
