import { skuli } from '../../modules/oneroster/skuli.js';
import { zipOf } from '../../modules/oneroster/support.js';
import type { Stage, Visit } from '../stage.js';

/** Lists that come in, files that go out, and other systems. */
export const importsVisits: Record<string, Visit> = {
  'imports/index': async (stage) => {
    await imported(stage);
    return '/imports';
  },
  'imports/missing': '/imports/missing',
  'imports/new': '/imports/new?kind=students',
  'imports/show': imported,
  'exports/index': '/exports',
  'oneroster/index': '/oneroster',
  'oneroster/bundles/index': async (stage) => {
    await bundle(stage);
    return '/oneroster/bundles';
  },
  'oneroster/bundles/new': '/oneroster/bundles/new',
  'oneroster/bundles/show': bundle,
  'oneroster/bundles/matching': async (stage) => `${await bundle(stage)}/matching`,
  'imports/mapping': async (stage) => `${await imported(stage)}/mapping`,
};

/** Sends a list with a mistake in it, which also asks for the order of day and month; returns the address of the import once it has been checked. */
async function imported(stage: Stage): Promise<string> {
  const known = await stage.id('imports').catch(() => null);
  if (known) return `/imports/${known}`;
  const list =
    'Admission number,Surname,First name,Sex,DOB,Class\nIM/1,Njoki,Amina,F,3/4/2014,Grade 9 East\nIM/2,Njoki,Brian,M,5/6/2014,Grade 99\n';
  await stage.page.goto('/imports/new?kind=students');
  await stage.page.setInputFiles('[name=file]', { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(list) });
  await stage.press('main form button.primary');
  await stage.page.locator('[data-status=checked]').waitFor();
  return new URL(stage.page.url()).pathname;
}

/** A bundle of another system that waits for being written. */
async function bundle(stage: Stage): Promise<string> {
  const known = await stage.id('oneroster_bundles').catch(() => null);
  if (known) return `/oneroster/bundles/${known}`;
  await stage.page.goto('/oneroster/bundles/new');
  await stage.page.setInputFiles('[name=file]', {
    name: 'skuli.zip',
    mimeType: 'application/zip',
    buffer: await zipOf('1.2', skuli('1.2')),
  });
  await stage.press('main form button.primary');
  await stage.page.locator('[data-status=checked]').waitFor();
  return new URL(stage.page.url()).pathname;
}
