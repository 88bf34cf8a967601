import type { Rows } from '../../../../kernel/shapes/record.js';
import type { IdentityApi } from '../../../identity/index.js';
import type { GapSource } from '../../../imports/index.js';
import type { SchoolApi } from '../../../school/index.js';
import type { staff } from '../staff.record.js';
import { worksOn } from '../staff.rules.js';

export function staffGaps(rows: Rows<typeof staff>, school: SchoolApi, identity: IdentityApi): GapSource {
  return {
    can: 'hr.staff.accounts',
    async load() {
      const today = await school.today();
      const here = (await rows.all()).filter((one) => worksOn(one, today));
      const accounts = await identity.holders(
        'staff',
        here.map((one) => one.id),
      );
      const without = here.filter((one) => !accounts.has(one.id)).length;
      return [
        { text: 'Staff without an account', count: without, href: '/hr/staff', link: 'Tick them and create accounts' },
        { text: 'Staff without a phone', count: here.filter((one) => !one.phone).length, href: '/hr/staff', link: 'View staff' },
        { text: 'Staff on the list', count: here.length > 0 ? 0 : 1, href: '/imports/new?kind=staff', link: 'Import staff' },
      ];
    },
  };
}
