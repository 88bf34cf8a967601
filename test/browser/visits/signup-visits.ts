import { newId } from '../../../src/kernel/id.js';
import { connect, testCluster } from '../../support/database.js';
import type { Stage, Visit } from '../stage.js';

const NEXT = 'button:has-text("Continue")';

/** The wizard in which a school is opened, as far as each of its pages. */
export const signupVisits: Record<string, Visit> = {
  'signup/school': async (stage) => {
    await stage.be('stranger', stage.coreUrl);
    return '/signup/school';
  },
  'signup/you': toYou,
  'signup/address': toAddress,
  'signup/code': toCode,
  'signup/index': async (stage) => {
    await toCode(stage);
    await inCore(
      `with school as (insert into schools (id, subdomain, name, country) values ($1, $2, 'Lake View Academy', 'KE') returning id)
        update signup_drafts set school_id = (select id from school), page = '/provisioning/x' where id = (select max(id::text)::uuid from signup_drafts)`,
      [newId(), `visited-${newId().slice(-8)}`],
    );
    return '/signup';
  },
};

async function toYou(stage: Stage): Promise<void> {
  await stage.be('stranger', stage.coreUrl);
  const { page } = stage;
  await page.goto('/signup/school');
  await page.fill('[name=name]', 'Lake View Academy');
  await page.selectOption('[name=place]', 'KE.cbc');
  await page.fill('[name=town]', 'Nakuru');
  await page.selectOption('[name=pupils]', '101-300');
  await page.click(NEXT);
  await page.waitForURL('**/signup/you');
}

async function toAddress(stage: Stage): Promise<void> {
  await toYou(stage);
  const { page } = stage;
  await page.fill('[name=name]', 'Wanjiru Njeri');
  await page.fill('[name=email]', 'wanjiru@school.test');
  await page.fill('[name=phone]', '0722 481 903');
  await page.check('[name=agreed]');
  await page.click(NEXT);
  await page.waitForURL('**/signup/address');
}

async function toCode(stage: Stage): Promise<void> {
  await toAddress(stage);
  await stage.page.click('.btn.primary');
  await stage.page.waitForURL('**/signup/code');
}

async function inCore(text: string, values: unknown[]): Promise<void> {
  const { admin } = await testCluster();
  const client = await connect({ ...admin, database: 'aimsgodb' });
  await client.query(text, values).finally(() => client.end());
}
