import type { MessageTemplate, NotificationsApi } from '../../notifications/index.js';
import type { OwnerLetters } from '../index.js';
import type { SchoolStore } from '../ports.js';

interface AddressParams {
  name: string;
  url: string;
  email: string;
}

const ADDRESS: MessageTemplate<AddressParams> = {
  key: 'schools.address',
  label: 'A school’s address, to its owner',
  subject: (t, { name }) => t('{{name}} is open', { name }),
  text: (t, { name, url, email }) =>
    t('{{name}} is open at {{url}}. Sign in with {{email}}: a code comes to this address. Keep this letter, for everybody signs in there.', { name, url, email }),
};

export class Letters implements OwnerLetters {
  constructor(
    private readonly store: SchoolStore,
    private readonly notifications: NotificationsApi,
    private readonly urlOf: (subdomain: string) => string,
  ) {}

  async sendAddress(schoolId: string, dedupeKey?: string): Promise<boolean> {
    const school = await this.store.find(schoolId);
    if (!school?.owner) return false;
    const { email } = school.owner;
    const params = { name: school.name, url: this.urlOf(school.subdomain), email };
    await this.notifications.send({ channel: 'mail', to: email, template: ADDRESS, params, language: school.language, ...(dedupeKey ? { dedupeKey } : {}) });
    return true;
  }

  forget(email: string): Promise<void> {
    return this.notifications.forget(email);
  }
}
