import { can } from '../../../../kernel/actor.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { SchoolApi } from '../../../school/index.js';
import { USE } from '../../imports.js';
import type { Gap, GapSource } from '../../ports.js';

/** After moving in: what the lists didn't bring, each line with the place where it is mended. */
export function missingRoutes(r: Routes, school: SchoolApi, sources: () => readonly GapSource[]): void {
  r.get('/imports/missing', USE, async (req, res) => {
    const gaps: Gap[] = [];
    for (const source of [yearGaps(school), badgeGaps(school), ...sources()])
      if (can(req.actor, source.can)) gaps.push(...(await source.load()));
    const open = gaps.filter((gap) => gap.count > 0);
    await res.page('imports/missing', { open, done: gaps.filter((gap) => gap.count === 0) });
  });
}

function yearGaps(school: SchoolApi): GapSource {
  return {
    can: 'school.read',
    async load() {
      const today = await school.today();
      const current = (await school.years()).find((year) => year.startsOn <= today && today <= year.endsOn);
      return [
        { text: 'Current school year', count: current ? 0 : 1, href: '/school/years', link: 'Add the year' },
        { text: 'Terms of the school year', count: current?.terms.length ? 0 : 1, href: '/school/years', link: 'Set terms' },
      ];
    },
  };
}

/** Only for those who can open the page on which it is mended. */
function badgeGaps(school: SchoolApi): GapSource {
  return {
    can: 'school.brand.change',
    async load() {
      const { logo } = await school.letterhead();
      return [{ text: 'School badge', count: logo ? 0 : 1, href: '/school/brand', link: 'Upload it' }];
    },
  };
}
