import type { Stage, Visit } from '../stage.js';

/** Classes, streams and who teaches what. */
export const subjectsVisits: Record<string, Visit> = {
  'subjects/index': '/subjects',
  'subjects/new': '/subjects/new',
  'subjects/show': async (stage) => `/subjects/${await stage.id('subjects')}`,
  'subjects/edit': async (stage) => `/subjects/${await stage.id('subjects')}/edit`,
  'subjects/close': async (stage) => `/subjects/${await stage.id('subjects')}/closing`,
  'subjects/classes/index': '/subjects/classes',
  'subjects/classes/new': '/subjects/classes/new',
  'subjects/classes/edit': async (stage) => `/subjects/classes/${await stage.id('subjects_classes')}/edit`,
  'subjects/classes/close': async (stage) => `/subjects/classes/${await stage.id('subjects_classes')}/closing`,
  'subjects/streams/new': async (stage) => `/subjects/streams/new?class=${await stage.id('subjects_classes')}`,
  'subjects/streams/show': async (stage) => `/subjects/streams/${await stage.id('subjects_streams')}`,
  'subjects/streams/edit': async (stage) => `/subjects/streams/${await stage.id('subjects_streams')}/edit`,
  'subjects/streams/close': async (stage) => `/subjects/streams/${await stage.id('subjects_streams')}/closing`,
  'subjects/takers/edit': async (stage) => {
    const elective = await stage.id('subjects', "kind = 'elective'");
    return `/subjects/streams/${await stage.id('subjects_streams')}/subjects/${elective}/takers`;
  },
  'subjects/allocations/index': '/subjects/allocations',
  'subjects/allocations/new': async (stage) => `/subjects/allocations/new?streamId=${await stage.id('subjects_streams')}`,
  'subjects/allocations/end': async (stage) => `/subjects/allocations/${await allocation(stage)}/end`,
  'subjects/teachers/show': async (stage) => {
    await allocation(stage);
    return `/subjects/teachers/${await stage.one('select staff_id from subjects_allocations limit 1')}`;
  },
  'subjects/pathways/index': '/subjects/pathways',
  'subjects/pathways/new': '/subjects/pathways/new',
  'subjects/pathways/edit': async (stage) => `/subjects/pathways/${await stage.id('subjects_pathways')}/edit`,
};

async function allocation(stage: Stage): Promise<string> {
  const known = await stage.id('subjects_allocations').catch(() => null);
  if (known) return known;
  const streamId = await stage.id('subjects_streams');
  const page = `/subjects/allocations/new?streamId=${streamId}`;
  const { html } = await stage.everyone.get(page);
  const chosen = (name: string) => html.match(new RegExp(`name="${name}"[\\s\\S]*?<option value="([0-9a-f-]{36})"`))?.[1];
  const answer = await stage.everyone.submit(
    '/subjects/allocations',
    { streamId, subjectId: chosen('subjectId'), staffId: chosen('staffId'), periods: '5', fromOn: '2026-01-06' },
    page,
  );
  if (answer.status !== 303) throw new Error(`No allocation was made: ${answer.status} ${answer.html.slice(0, 300)}`);
  return stage.id('subjects_allocations');
}
