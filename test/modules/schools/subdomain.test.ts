import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canRunAs, subdomainProblem } from '../../../src/kernel/subdomain.js';
import { readConfig } from '../../../src/config.js';
import { schoolNames } from '../../../src/modules/provisioning/operations.js';
import {
  NOT_FREE,
  proposeSubdomains,
  skeleton,
  subdomainRefusal,
  tidySubdomain,
} from '../../../src/modules/schools/subdomain.rules.js';

const WRONG: [text: string, problem: ReturnType<typeof subdomainProblem>][] = [
  ['', 'short'],
  ['ab', 'short'],
  ['a'.repeat(41), 'long'],
  ['1st-school', 'first-letter'],
  ['-school', 'first-letter'],
  ['school-', 'hyphens'],
  ['lake--view', 'hyphens'],
  ['xn--p1ai', 'hyphens'],
  ['Lakeview', 'letters'],
  ['lake view', 'letters'],
  ['lake_view', 'letters'],
  ['lake.view', 'letters'],
  ['école', 'letters'],
  ['../x', 'letters'],
  ['lake\u0000view', 'letters'],
  ['лake', 'letters'],
  ['lakeview\n', 'letters'],
  ["a'; drop", 'letters'],
  ['www', 'reserved'],
  ['admin', 'reserved'],
  ['postgres', 'reserved'],
  ['aims', 'reserved'],
  ['aims-core', 'reserved'],
  ['aimsgodb', 'reserved'],
  ['pg-catalog', 'reserved'],
  ['kube-system', 'reserved'],
  ['core', 'reserved'],
  ['database', 'reserved'],
  ['argocd', 'reserved'],
  ['monitoring', 'reserved'],
  ...[
    'knec',
    'uneb',
    'moe',
    'nemis',
    'necta',
    'waec',
    'jamb',
    'safaricom',
    'mpesa',
    'm-pesa',
    'mtn',
    'airtel',
    'paypal',
    'paystack',
    'knec-kenya',
    'mpesa-pay',
    'm-pesa-fees',
    'moe-uganda',
    'ministry-of-education',
  ].map((name): (typeof WRONG)[number] => [name, 'reserved']),
  ['status', 'reserved'],
  ['help', 'reserved'],
  ['support', 'reserved'],
  ['login', 'reserved'],
  ['demo', 'reserved'],
  ['staging', 'reserved'],
];
const RIGHT = [
  'abc',
  'a'.repeat(40),
  'lake-view',
  'st-marys',
  'k2-school',
  'a-b-c',
  'demo-school',
  'wwwhales',
  'pgs',
  'kubera',
  'moesha',
  'momentum',
  'mtndale',
  'waecliffe',
  'our-knec',
];

describe('the shape of an address', () => {
  for (const [text, problem] of WRONG) {
    it(`${JSON.stringify(text).slice(0, 30)} is refused: ${problem}`, () => assert.equal(subdomainProblem(text), problem));
  }
  it('a school that had an authority’s name before it was reserved goes on; a name of the platform’s own never runs', () => {
    assert.deepEqual(['mtn-academy', 'gov', 'lake-school', 'admin', 'aims-one', 'x'].map(canRunAs), [
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
  for (const text of RIGHT) it(`${text.slice(0, 30)} is right`, () => assert.equal(subdomainProblem(text), null));

  it('is the same for signup, databases and the settings of a process; what an authority goes by only at signup', () => {
    const env = {
      AIMS_ROLE: 'tenant',
      SECRET_KEY: 'Zq8fW2kd0Pz7Lm3Xv6Bn1Ht5Yr9Jc4Gs',
      DB_USER: 'x',
      TENANT_DB_NAME: 'x',
      TENANT_SCHOOL_ID: '0198c1de-0000-7000-8000-000000000000',
    };
    for (const text of [...RIGHT, ...WRONG.map(([wrong]) => wrong)]) {
      const runs = canRunAs(text);
      const said = text.slice(0, 30);
      assert.equal(
        works(() => schoolNames(text)),
        runs,
        `${said} as a database`,
      );
      assert.equal(
        works(() => readConfig({ ...env, TENANT_SUBDOMAIN: text })),
        runs,
        `${said} as a setting`,
      );
      assert.equal(subdomainRefusal(text) === null, subdomainProblem(text) === null, `${said} at signup`);
    }
    assert.deepEqual(
      RIGHT.filter((text) => !canRunAs(text)),
      [],
    );
  });
});

describe('what an address may say', () => {
  const offensive = [
    'shit',
    'the-fuck-school',
    'f-u-c-k',
    'sh1t-academy',
    'ecole-de-merde',
    'malaya',
    'pu7e',
    'a55',
    'n1gger',
    'xxx',
  ];
  for (const text of offensive)
    it(`${text} is refused like one that is taken`, () => assert.equal(subdomainRefusal(text), NOT_FREE));

  for (const text of [
    'scunthorpe',
    'assumption',
    'essex-high',
    'cockburn-town',
    'penistone',
    'titus',
    'analytica',
    'dickens',
    'matakohe',
    'culture',
    'classic',
  ]) {
    it(`${text} only contains such letters`, () => assert.equal(subdomainRefusal(text), null));
  }

  for (const text of [
    'vvww',
    'adrnin',
    'adm1n',
    'l0gin',
    'log-in',
    'supp0rt',
    'ma1l',
    'a1ms',
    'alms',
    'a1ms-login',
    'w-w-w',
    'he1p',
    'p0stgres',
    'safar1com',
    'pay-pal',
    'kn-ec',
  ]) {
    it(`${text} looks like one of ours`, () => assert.equal(subdomainRefusal(text), NOT_FREE));
  }

  it('look-alikes have one skeleton, others do not', () => {
    for (const [one, other] of [
      ['lakeview', 'lake-view'],
      ['lakeview', 'lakevlew'],
      ['lakeview', '1akeview'],
      ['modern', 'modem'],
      ['hillwood', 'hi11wo0d'],
      ['new-vvood', 'newwood'],
    ] as const) {
      assert.equal(skeleton(one), skeleton(other), `${one} and ${other}`);
    }
    assert.notEqual(skeleton('lakeview'), skeleton('lakeviews'));
    assert.notEqual(skeleton('st-mary'), skeleton('st-marys'));
  });

  it('what was typed is tidied and not guessed at', () => {
    assert.equal(tidySubdomain('  Lake View '), 'lake-view');
    assert.equal(tidySubdomain('lake_view'), 'lake-view');
    assert.equal(tidySubdomain('lake.view'), 'lake.view');
  });
});

describe('addresses that are proposed', () => {
  it('are made of name and town, nicest first', () => {
    assert.deepEqual(proposeSubdomains('Lake View Academy', 'Nakuru').slice(0, 4), [
      'lakeview',
      'lake-view',
      'lake-view-academy',
      'lake-view-nakuru',
    ]);
    assert.deepEqual(proposeSubdomains("St Mary's School", '').slice(0, 2), ['stmarys', 'st-marys']);
    assert.equal(proposeSubdomains('École Sainte-Thérèse', 'Kisumu')[0], 'saintetherese');
  });

  it('keep every rule, whatever the name', () => {
    for (const name of [
      'School',
      '1st Academy',
      '校',
      'Shit School',
      'Aims',
      'X',
      `${'Very '.repeat(20)}Long School`,
      '---',
      'Admin',
    ]) {
      for (const proposed of proposeSubdomains(name, 'Nairobi'))
        assert.equal(subdomainRefusal(proposed), null, `${proposed} for ${name}`);
    }
  });

  it('are many enough when the first are taken', () => assert.ok(proposeSubdomains('Lake View Academy', 'Nakuru').length >= 10));
});

function works(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
