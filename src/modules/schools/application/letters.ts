import type { MessageTemplate, NotificationsApi, Translate } from '../../notifications/index.js';
import type { MoveReason, OwnerLetters, SchoolMove } from '../index.js';
import type { SchoolStore } from '../ports.js';

interface AddressParams {
  name: string;
  url: string;
  email: string;
}

interface MoveParams {
  name: string;
  url: string;
  ask: string;
  reason: MoveReason;
}

const ADDRESS: MessageTemplate<AddressParams> = {
  key: 'schools.address',
  label: 'A school’s address, to its owner',
  subject: (t, { name }) => t('{{name}} is open', { name }),
  text: (t, { name, url, email }) =>
    t('{{name}} is open at {{url}}. Sign in with {{email}}: a code comes to this address. Keep this letter, for everybody signs in there.', { name, url, email }),
};

const PROGRESS: MessageTemplate<Omit<MoveParams, 'reason'>> = {
  key: 'schools.progress',
  label: 'Where a school is being opened, to its owner',
  // Whoever has the link sees the steps.
  secret: true,
  subject: (t, { name }) => t('{{name}} is being opened', { name }),
  text: (t, { name, url, ask }) => t('{{name}} is being opened. This page shows how far it is, and leads you in when it is done: {{url}} If it stands still, write to {{ask}}.', { name, url, ask }),
};

const MOVES: Record<SchoolMove, MessageTemplate<MoveParams>> = {
  suspension: {
    key: 'schools.suspended',
    label: 'A school is suspended, to its owner',
    subject: (t, { name }) => t('{{name}} is suspended', { name }),
    text: (t, { name, url, ask, reason }) =>
      t('{{name}} is suspended. {{why}} Your people can still sign in at {{url}}, look at everything and export it, but change nothing. To have it opened again, write to {{ask}}.', { name, url, ask, why: why(t, reason) }),
  },
  closing: {
    key: 'schools.closing',
    label: 'A school is being closed, to its owner',
    subject: (t, { name }) => t('{{name}} is being closed', { name }),
    text: (t, { name, url, ask, reason }) =>
      t('{{name}} is being closed. {{why}} Until it is deleted you can sign in at {{url}}, look at everything and take it out, but change nothing. Do so soon: what is deleted nobody can bring back. If this is a mistake, write to {{ask}}.', { name, url, ask, why: why(t, reason) }),
  },
  resumption: {
    key: 'schools.resumed',
    label: 'A school is open again, to its owner',
    subject: (t, { name }) => t('{{name}} is open again', { name }),
    text: (t, { name, url, ask }) => t('{{name}} is open again at {{url}}. Everything is as it was. If something is missing, write to {{ask}}.', { name, url, ask }),
  },
};

function why(t: Translate, reason: MoveReason): string {
  const sentences: Partial<Record<MoveReason, string>> = {
    unpaid: t('Its bill is not paid.'),
    misuse: t('The reason is how it was used.'),
    security: t('This keeps it safe.'),
    'owner-asked': t('Its owner asked for it.'),
    duplicate: t('It was entered twice.'),
    'trial-over': t('The trial is over.'),
  };
  return sentences[reason] ?? '';
}

export interface LetterParts {
  store: SchoolStore;
  notifications: NotificationsApi;
  urlOf: (subdomain: string) => string;
  /** Of the platform itself, no slash at the end. */
  publicUrl: string;
  /** Where the platform is written to. */
  ask: string;
}

export class Letters implements OwnerLetters {
  constructor(private readonly parts: LetterParts) {}

  async sendAddress(schoolId: string, dedupeKey?: string): Promise<boolean> {
    return this.send(schoolId, ADDRESS, ({ name, url, email }) => ({ name, url, email }), dedupeKey);
  }

  sendProgress(schoolId: string, page: string): Promise<boolean> {
    const { publicUrl, ask } = this.parts;
    return this.send(schoolId, PROGRESS, ({ name }) => ({ name, url: publicUrl + page, ask }));
  }

  sendMove(schoolId: string, move: SchoolMove, reason: MoveReason): Promise<boolean> {
    return this.send(schoolId, MOVES[move], ({ name, url }) => ({ name, url, ask: this.parts.ask, reason }));
  }

  forget(email: string): Promise<void> {
    return this.parts.notifications.forget(email);
  }

  private async send<Params>(schoolId: string, template: MessageTemplate<Params>, params: (facts: AddressParams) => Params, dedupeKey?: string): Promise<boolean> {
    const { store, notifications, urlOf } = this.parts;
    const school = await store.find(schoolId);
    if (!school?.owner) return false;
    const { email } = school.owner;
    const facts = { name: school.name, url: urlOf(school.subdomain), email };
    await notifications.send({ channel: 'mail', to: email, template, params: params(facts), language: school.language, ...(dedupeKey ? { dedupeKey } : {}) });
    return true;
  }
}
