import { alertSentence, type AlertRaised } from '../../../audit/index.js';
import type { MessageTemplate, NotificationsApi } from '../../../notifications/index.js';
import type { AccountStore } from '../../ports.js';

type Raised = ReturnType<typeof AlertRaised>['payload'];
type Warning = Raised & { school: string; address: string };

const WARNING: MessageTemplate<Warning> = {
  key: 'identity.warning',
  label: 'Warning to the owners',
  subject: (t, { school }) => t('Security alert for {{school}}', { school }),
  text: (t, warning) => {
    const sentence = `${alertSentence(t, warning)}${warning.detail ? ` (${warning.detail})` : ''}.`;
    const rest = t('If you agreed to this, mark it as seen. If not, end that account’s sessions and close it: {{address}}', {
      address: warning.address,
    });
    return `${sentence}\n\n${rest}`;
  },
};

/** Alerts reach the owners by mail, also when the account in question is an owner's: it may be in other hands. */
export class OwnersWarned {
  constructor(
    private readonly accounts: Pick<AccountStore, 'owners'>,
    private readonly notifications: NotificationsApi,
    private readonly school: () => Promise<string>,
    private readonly publicUrl: string,
  ) {}

  async tell(alert: Raised): Promise<void> {
    const params = { ...alert, school: await this.school(), address: `${this.publicUrl}/audit/alerts` };
    for (const { email, language } of await this.accounts.owners()) {
      await this.notifications.send({
        channel: 'mail',
        to: email,
        template: WARNING,
        params,
        language,
        dedupeKey: `identity.warning:${alert.alertId}:${email}`,
      });
    }
  }
}
