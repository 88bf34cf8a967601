import * as OTPAuth from 'otpauth';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { PASSWORD, stranger, type Stage, type Visit } from '../stage.js';

/** Sign-in, the own profile, roles and accounts. */
export const identityVisits: Record<string, Visit> = {
  'identity/login/index': stranger('/login'),
  'identity/login/password': stranger('/login/password'),
  'identity/login/forgotten': stranger('/login/forgotten'),
  'identity/login/link-over': stranger('/login/reset?token=long-over'),
  'identity/login/code': async (stage) => {
    const { email } = await stage.account();
    await askForCode(stage, email);
  },
  'identity/login/choose': async (stage) => {
    const phone = '+254722999111';
    for (const name of ['Grace Otieno', 'Peter Otieno'])
      await stage.account({ name, phone, email: null, roles: ['guardian'], by: 'slip' });
    await askForCode(stage, '0722 999 111');
    const code = /\b(\d{6})\b/.exec(await stage.message(phone))![1]!;
    await stage.page.fill('[name=code]', code);
    await stage.press('main form button');
  },
  'identity/login/factor': async (stage) => {
    const { id, email } = await stage.account();
    await stage.school.run(() => stage.school.get(IDENTITY).enrolFactor(id, stage.school.office));
    await stage.be('stranger');
    await stage.signIn(email);
  },
  'identity/login/set-password': async (stage) => {
    const { email } = await stage.account({ by: 'invite' });
    const link = /\/login\/invitation\?token=[\w-]+/.exec(await stage.message(email))![0];
    await stage.be('stranger');
    return link;
  },
  'identity/login/again': '/session/done',
  'identity/login/kept': async (stage) => {
    const { email } = await stage.account();
    await stage.be('stranger');
    await stage.page.goto('/login/password');
    await stage.page.fill('[name=login]', email);
    await stage.page.fill('[name=password]', PASSWORD);
    // What the sign-in page carries for whoever sent a form after the session had ended.
    await stage.page.evaluate(
      `document.querySelector('main form, form').insertAdjacentHTML('beforeend', '<input type="hidden" name="kept" value="{}"><input type="hidden" name="to" value="/profile/tastes">')`,
    );
    await stage.press('form button.primary');
  },
  'identity/login/confirm': '/confirm',
  'identity/login/confirmed': '/confirm?next=/profile/data.zip&file=/students',
  'identity/profile/show': '/profile',
  'identity/profile/tastes': '/profile/tastes',
  'identity/profile/contact': '/profile/contact',
  'identity/profile/password': '/profile/password',
  'identity/profile/factor': '/profile/factors/new',
  'identity/profile/passkey': '/profile/factors/new-passkey',
  'identity/profile/passkey-name': async (stage) => {
    const { id, email } = await stage.account();
    await stage.be('stranger');
    await stage.signIn(email);
    const key = await stage.one(
      `insert into identity_passkeys (id, school_id, user_id, credential_id, public_key, counter, transports, name, backed_up)
        select gen_random_uuid(), school_id, id, gen_random_uuid()::text, '\\x00', 0, '{}', 'My phone', false from identity_users where id = $1 returning id`,
      [id],
    );
    return `/profile/factors/passkeys/${key}/name`;
  },
  'identity/profile/recovery-codes': async (stage) => {
    const { email } = await stage.account();
    await stage.be('stranger');
    await stage.signIn(email);
    await stage.page.goto('/profile/factors/new');
    const text = await stage.page.locator('main').innerText();
    const secret = /\b([A-Z2-7]{4}(?: [A-Z2-7]{2,4}){3,})\b/.exec(text)![1]!.replaceAll(' ', '');
    await stage.page.fill('[name=code]', new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) }).generate());
    await stage.press('main form button.primary');
  },
  'identity/roles/index': '/identity/roles',
  'identity/roles/edit': '/identity/roles/students/edit',
  'identity/roles/second-factor': '/identity/roles/second-factor',
  'identity/sign-ins/index': '/identity/sign-ins',
  'identity/users/index': '/identity/users',
  'identity/users/new': '/identity/users/new',
  'identity/users/show': async (stage) => `/identity/users/${(await stage.account()).id}`,
  'identity/users/roles': async (stage) => `/identity/users/${(await stage.account()).id}/roles`,
  'identity/users/contact': async (stage) => `/identity/users/${(await stage.account()).id}/contact`,
  'identity/users/close': async (stage) => `/identity/users/${(await stage.account()).id}/closing`,
  'identity/users/slip': async (stage) => {
    await stage.page.goto(`/identity/users/${(await stage.account()).id}`);
    await stage.press('form[action$="/slip"] button');
  },
};

async function askForCode(stage: Stage, login: string): Promise<void> {
  await stage.be('stranger');
  await stage.page.goto('/login');
  await stage.page.fill('[name=login]', login);
  await stage.press('main form button.primary');
}
