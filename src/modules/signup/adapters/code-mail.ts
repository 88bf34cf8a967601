import { RuleBroken } from '../../../kernel/errors.js';
import type { Texts } from '../../../platform/i18n/i18n.js';
import { Unsure, type Mailer } from '../../../platform/mail/index.js';
import { CODE_MINUTES } from '../code.rules.js';
import type { CodeMail } from '../ports.js';

/**
 * Straight to the carrier, written down in no queue. Nothing that a stranger typed is in the letter: its receiver may be
 * somebody whom the stranger wants to be read by.
 */
export class DirectCodeMail implements CodeMail {
  constructor(
    private readonly mailer: Mailer,
    private readonly texts: Texts,
  ) {}

  async send(email: string, code: string, language: string): Promise<void> {
    const t = this.texts.in(this.texts.choose(language));
    const text = t(
      '{{code}} is your code for opening a school on AIMS. It works once, for {{minutes}} minutes, in the browser that asked for it. If you did not ask for it, ignore this message.',
      { code, minutes: CODE_MINUTES },
    );
    try {
      await this.mailer.send({ to: email, subject: t('Your code for AIMS'), text });
    } catch (error) {
      // Refused for good, or perhaps arrived: another try would do no good, or harm.
      if (!(error instanceof RuleBroken || error instanceof Unsure)) throw error;
    }
  }
}
