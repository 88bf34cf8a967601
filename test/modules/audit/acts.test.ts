import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../src/kernel/id.js';
import { AUDIT } from '../../../src/platform/http/ports.js';
import { projectRoot } from '../../../src/platform/paths.js';
import { ACTS } from '../../../src/platform/tokens.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';

/** Acts whose name is put together while the product runs: all that can come of each. */
const PUT_TOGETHER: Record<string, readonly string[]> = {
  'students.print-${what}': ['class-list', 'id-cards', 'emergency', 'labels', 'ages', 'profile', 'letter'].map(
    (one) => `students.print-${one}`,
  ),
  'students.update.${decided.state}': ['accepted', 'partly', 'rejected'].map((one) => `students.update.${one}`),
  "students.document-kind.${before ? 'change' : 'add'}": ['students.document-kind.change', 'students.document-kind.add'],
  'students.assign-${given.kind}': ['houses', 'dorms', 'routes', 'meal-plans'].map((one) => `students.assign-${one}`),
  'students.${taken.key}': [
    'expect',
    'activate',
    'suspend',
    'readmit',
    'withdraw',
    'transfer',
    'graduate',
    'archive',
    'return',
  ].map((one) => `students.${one}`),
  'identity.password.${kind}': ['identity.password.reset', 'identity.password.invitation'],
  'fees.refund.${ENDS[state]}': ['refuse', 'withdraw', 'cancel'].map((one) => `fees.refund.${one}`),
  "fees.payment.${state === 'bounced' ? 'bounce' : 'reverse'}": ['fees.payment.bounce', 'fees.payment.reverse'],
  'fees.${kind}': ['fees.credit-note', 'fees.debit-note'],
  'approvals.${verb}': ['approve', 'refuse', 'withdraw', 'void'].map((one) => `approvals.${one}`),
  ...Object.fromEntries(
    ['import', 'import-undo', 'import-discard'].map((what) => [
      `\${kind.key}.${what}`,
      [
        'students',
        'guardians',
        'photos',
        'staff',
        'classes',
        'subjects',
        'allocations',
        'opening-balances',
        'opening-arrears',
        'former-receipts',
        'former-classes',
      ].map((key) => `${key}.${what}`),
    ]),
  ),
};
/** A helper of `school` puts the module's name before what it is given, and one of the platform's modules its own. */
const OF_HELPERS = new Set(['school.${action}', 'schools.${string}', 'provisioning.${what}']);

/** Every act that the sources name where something is recorded. */
function actsInCode(): { acts: Set<string>; unknown: string[] } {
  const acts = new Set<string>();
  const unknown: string[] = [];
  for (const file of sources(path.join(projectRoot, 'src', 'modules'))) {
    const text = readFileSync(file, 'utf8');
    const module = path.relative(path.join(projectRoot, 'src', 'modules'), file).split(path.sep)[0]!;
    for (const [, condition, first, second] of text.matchAll(
      /\baction: ([^,{}'`]*\?\s*)?'([a-z-]+\.[a-z.-]+)'(?:\s*:\s*'([a-z-]+\.[a-z.-]+)')?/g,
    )) {
      acts.add(first!);
      if (condition && second) acts.add(second);
    }
    for (const [, name] of text.matchAll(/\baction: `([^`]+)`/g)) {
      if (name!.startsWith('/')) continue;
      if (PUT_TOGETHER[name!]) for (const one of PUT_TOGETHER[name!]!) acts.add(one);
      else if (!OF_HELPERS.has(name!)) unknown.push(name!);
    }
    // Helpers that record what they are given: `this.change(actor, id, 'fees.head.change', …)`.
    for (const [, name] of text.matchAll(
      /\bthis\.(?:record|change|save|settle|insert|write|note)\((?:[^'`\n]*,\s*)?'([a-z][a-z.-]*\.[a-z.-]+)'/g,
    )) {
      acts.add(module === 'school' && !name!.startsWith('school.') ? `school.${name}` : name!);
    }
    for (const [, name] of text.matchAll(/\bthis\.record\([^'\n]*`([^`]+)`/g)) {
      if (PUT_TOGETHER[name!]) for (const one of PUT_TOGETHER[name!]!) acts.add(one);
      else unknown.push(name!);
    }
  }
  return { acts, unknown };
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile() && one.name.endsWith('.ts'))
    .map((one) => path.join(one.parentPath, one.name));
}

describe('what stands in the audit is said in words', () => {
  let school: SchoolUnderTest;
  let platform: PlatformUnderTest;
  before(async () => {
    [school, platform] = await Promise.all([aSchool(), aPlatform()]);
  });
  after(() => Promise.all([school?.stop(), platform?.stop()]));

  it('every act that the code writes has words and an area to look for it', () => {
    const known = new Set([...school.get(ACTS), ...platform.get(ACTS)].flatMap(({ words }) => Object.keys(words)));
    const { acts, unknown } = actsInCode();
    assert.deepEqual(unknown, [], 'put together, and nobody says of what');
    assert.ok(acts.size > 200, `${acts.size} acts`);
    assert.deepEqual([...acts].filter((act) => !known.has(act)).sort(), []);
  });

  it('the page shows acts of fees, finance, payments, approvals and imports in words, finds them by area, and shows no raw id', async () => {
    const shown: Record<string, [act: string, entity: string, words: string]> = {
      Fees: ['fees.till.cash-up', 'fee-till', 'Cashed up a till'],
      Finance: ['finance.journal.post', 'entry', 'Posted a journal voucher'],
      'Mobile money': ['payments.suspense.match', 'payments_suspense', 'Matched a payment'],
      Approvals: ['approvals.refuse', 'approvals_requests', 'Refused to approve'],
      Imports: ['opening-arrears.import', 'import', 'Imported opening arrears'],
    };
    const [id, other] = [newId(), newId()];
    for (const [action, entity] of Object.values(shown)) {
      await school.run(() =>
        school
          .get(AUDIT)
          .record(school.office, { action, entity, entityId: id, before: null, after: { accountId: other, note: 'As agreed' } }),
      );
    }
    const owner = await school.as('owner');
    for (const [area, [action, , words]] of Object.entries(shown)) {
      const { html } = await owner.get(`/audit?${new URLSearchParams({ area })}`);
      const rows = [...html.matchAll(/<tr role="row" data-id="([^"]+)">([\s\S]*?)<\/tr>/g)];
      assert.equal(rows.length, 1, area);
      assert.match(rows[0]![2]!, new RegExp(words));
      assert.doesNotMatch(rows[0]![2]!, new RegExp(action));
      const page = (await owner.get(`/audit/${rows[0]![1]}`)).html;
      assert.match(page, new RegExp(words));
      assert.match(page, /As agreed/);
      const main = page.slice(page.indexOf('<main'), page.indexOf('</main>')).replaceAll(/(?:href|value)="[^"]*"/g, '');
      assert.doesNotMatch(main, new RegExp(`${id}|${other}`), area);
    }
  });
});
