import { can } from '../../../../kernel/actor.js';
import { registerName } from '../../../../kernel/people/names.js';
import { showPhone } from '../../../../kernel/people/phone.js';
import type { Rows } from '../../../../kernel/shapes/record.js';
import type { Search } from '../../../../platform/module.js';
import type { SchoolApi } from '../../../school/index.js';
import type { staff } from '../staff.record.js';
import { matching } from '../staff.rules.js';

/** People who work here, by any of their names, their number or phone. */
export function staffSearch(rows: Rows<typeof staff>, school: SchoolApi): Search {
  return async (text, actor, limit) => {
    if (!can(actor, 'hr.staff.read')) return [];
    const found = matching(await rows.all(), { q: text, state: 'here' }, await school.today());
    const { country } = await school.profile();
    return rows.page(found, null, limit).rows.map((row) => ({
      kind: 'Staff',
      label: registerName(row),
      note: [row.job, row.phone && showPhone(row.phone, country)].filter(Boolean).join(' · '),
      href: `/hr/staff/${row.id}`,
    }));
  };
}
