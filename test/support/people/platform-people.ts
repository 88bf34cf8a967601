import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { systemActor } from '../../../src/kernel/actor.js';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { SigningIn } from '../../../src/modules/identity/sign-in/sign-in.js';
import { LocalMailbox } from '../../../src/platform/mail/index.js';
import type { PlatformRole } from '../../../src/platform/module.js';
import type { Answer, Browser } from '../browser.js';
import type { PlatformUnderTest } from '../core.js';

type Platform = Omit<PlatformUnderTest, 'database'>;

/** Files that run at the same time may look at one platform: each file's people are others. */
const FILE = randomBytes(3).toString('hex');
let people = 0;

export interface PlatformPerson {
  userId: string;
  email: string;
  /** Of the app on the phone; null for somebody who has not set one up yet. */
  secret: string | null;
}

/** An account of the platform; each call makes another. */
export async function aPlatformPerson(
  platform: Platform,
  role: PlatformRole,
  options: { factor?: boolean } = {},
): Promise<PlatformPerson> {
  const actor = systemActor('test');
  people += 1;
  const email = `${role}${people}-${FILE}@platform.test`;
  return platform.run(async () => {
    const identity = platform.get(IDENTITY);
    const { userId } = await identity.createAccount({ name: `${role} ${people}`, email, roles: [role], by: 'invite', actor });
    return { userId, email, secret: options.factor === false ? null : await identity.enrolFactor(userId, actor) };
  });
}

/** Asks for a code, reads it from the mailbox, and enters it; what comes next is the caller's. */
export async function enterMailedCode(platform: Platform, browser: Browser, email: string): Promise<Answer> {
  await browser.post('/login/code', { login: email });
  return browser.post('/login/code/check', { code: await mailedCode(platform, email) });
}

/** The code of the newest request for this address, sent as the job would. */
export async function mailedCode(platform: Platform, email: string): Promise<string> {
  const [step] = await platform.sql<{ id: string }>(
    'select id from identity_codes where target = $1 order by created_at desc, id desc limit 1',
    [email],
  );
  assert.ok(step, 'a code was asked for');
  await platform.run(() => platform.get(SigningIn).sendCode(step.id));
  const letters = await platform.get(LocalMailbox).list();
  const code = letters
    .filter((letter) => letter.to === email)
    .map((letter) => /^\d{6}/.exec(letter.text)?.[0])
    .find(Boolean);
  assert.ok(code, 'the code came by mail');
  return code;
}

export async function totpCode(secret: string, at = Date.now()): Promise<string> {
  const { TOTP, Secret } = await import('otpauth');
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });
}

/** Signed in with this role; each call is another person. */
export async function platformPersonAt(platform: Platform, role: PlatformRole): Promise<Browser> {
  const { email, secret } = await aPlatformPerson(platform, role);
  const browser = platform.stranger();
  assert.equal((await enterMailedCode(platform, browser, email)).location, '/login/factor');
  const answer = await browser.post('/login/factor', { code: await totpCode(secret!) });
  assert.equal(answer.status, 303);
  return browser;
}
