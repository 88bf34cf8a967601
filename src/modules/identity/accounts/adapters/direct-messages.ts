import { RuleBroken } from '../../../../kernel/errors.js';
import type { Texts } from '../../../../platform/i18n/i18n.js';
import { Unsure, type Mailer } from '../../../../platform/mail/index.js';
import type { SmsSender } from '../../../../platform/sms/index.js';
import { CODE_MINUTES, INVITATION_DAYS, RESET_MINUTES } from '../lock-out.rules.js';
import type { Login } from '../login.rules.js';
import type { Messages, Notice, SchoolWords } from '../../ports.js';

/**
 * Codes and links go straight to the carrier and are written down nowhere: not in a queue, not in the list of
 * messages that the office can read.
 */
export class DirectMessages implements Messages {
  constructor(
    private readonly mailer: Mailer,
    private readonly sms: SmsSender,
    private readonly texts: Texts,
    private readonly school: SchoolWords,
  ) {}

  async code(to: Login, code: string, language: string | null): Promise<void> {
    const t = this.texts.in(this.texts.choose(language));
    const school = await this.school.name();
    const params = { code, school, minutes: CODE_MINUTES };
    const text =
      this.school.kind === 'platform'
        ? t(
            '{{code}} is your code for {{school}}. It works once, for {{minutes}} minutes. No one will ever ask you for it.',
            params,
          )
        : t(
            '{{code}} is your code for {{school}}. It works once, for {{minutes}} minutes. No one from the school will ever ask you for it.',
            params,
          );
    await this.send(to, t('Your sign-in code'), text);
  }

  async link(
    kind: 'invitation' | 'reset' | 'welcome',
    to: Login,
    name: string,
    url: string,
    language: string | null,
  ): Promise<void> {
    const t = this.texts.in(this.texts.choose(language));
    const school = await this.school.name();
    if (kind === 'welcome') {
      const text = t(
        '{{name}}, you now have an account on the {{school}} platform. Sign in with this address within {{days}} days: {{url}} You will get a code by email, then set up a second step, which you will need each time you sign in.',
        { name, school, days: INVITATION_DAYS, url },
      );
      return this.send(to, t('Your account at {{school}}', { school }), text);
    }
    if (kind === 'invitation') {
      const text = t('{{name}}, you now have an account at {{school}}. Choose your password here within {{days}} days: {{url}}', {
        name,
        school,
        days: INVITATION_DAYS,
        url,
      });
      return this.send(to, t('Your account at {{school}}', { school }), text);
    }
    const text = t(
      'Choose a new password for {{school}} here within {{minutes}} minutes: {{url}} If you did not ask for this, ignore this message: nothing has changed.',
      {
        school,
        minutes: RESET_MINUTES,
        url,
      },
    );
    return this.send(to, t('A new password for {{school}}', { school }), text);
  }

  async notice(to: Login, notice: Notice, language: string | null): Promise<void> {
    const t = this.texts.in(this.texts.choose(language));
    await this.send(to, t(notice.subject), t(notice.text, { school: await this.school.name() }));
  }

  /** One that is refused for good, or that may have arrived, is not sent again. */
  private async send(to: Login, subject: string, text: string): Promise<void> {
    try {
      if (to.kind === 'email') await this.mailer.send({ to: to.value, subject, text });
      else await this.sms.send({ to: to.value, text });
    } catch (error) {
      if (error instanceof RuleBroken || error instanceof Unsure) return;
      throw error;
    }
  }
}
