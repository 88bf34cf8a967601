import type { Unit } from '../../kernel/unit-of-work.js';
import type { MessageTemplate, NotificationsApi, Translate } from '../notifications/index.js';
import type { MoveReason, OwnerLetters, RegisteredSchool, SchoolEnd, SchoolMove } from './index.js';
import type { SchoolStore } from './ports.js';

/** What a letter may say of a school. */
interface Facts {
  name: string;
  /** Of the school, with a slash at the end. */
  url: string;
  /** The owner's own. */
  email: string;
  /** Where the platform is written to. */
  ask: string;
  /** Of the page with the steps of its opening. */
  page: string;
  reason: MoveReason | null;
  /** The day on which it is closed, in words. */
  until: string;
}

type Letter = 'address' | 'progress' | SchoolMove | SchoolEnd;

const LETTERS: Record<Letter, MessageTemplate<Facts>> = {
  address: {
    key: 'schools.address',
    label: 'School address, to its owner',
    subject: (t, { name }) => t('{{name}} is open', { name }),
    text: (t, { name, url, email }) =>
      t(
        '{{name}} is open at {{url}}. Sign in with {{email}}: a code will be sent to this address. Keep this email: everyone signs in there.',
        { name, url, email },
      ),
  },
  progress: {
    key: 'schools.progress',
    label: 'Opening link, to the owner',
    // Whoever has the link sees the steps.
    secret: true,
    subject: (t, { name }) => t('{{name}} is being opened', { name }),
    text: (t, { name, page, ask }) =>
      t(
        '{{name}} is being opened. This page shows the progress and takes you in when it is done: {{url}} If it gets stuck, write to {{ask}}.',
        { name, url: page, ask },
      ),
  },
  suspension: {
    key: 'schools.suspended',
    label: 'School suspended, to its owner',
    subject: (t, { name }) => t('{{name}} is suspended', { name }),
    text: (t, { name, url, ask, reason }) =>
      t(
        '{{name}} is suspended. {{why}} Your people can still sign in at {{url}}, view and export everything, but change nothing. To have it reopened, write to {{ask}}.',
        { name, url, ask, why: why(t, reason) },
      ),
  },
  closing: {
    key: 'schools.closing',
    label: 'School being closed, to its owner',
    subject: (t, { name }) => t('{{name}} is being closed', { name }),
    text: (t, { name, url, ask, reason, until }) =>
      t(
        '{{name}} is being closed. {{why}} Until {{until}} you can sign in and view everything, but change nothing. Before that day, download everything it holds in one file: {{url}} After that no one can sign in, and deleted data can’t be restored. If this is a mistake, write to {{ask}}: it can be reopened until that day.',
        { name, url: wholeExport(url), ask, until, why: why(t, reason) },
      ),
  },
  resumption: {
    key: 'schools.resumed',
    label: 'School reopened, to its owner',
    subject: (t, { name }) => t('{{name}} is open again', { name }),
    text: (t, { name, url, ask }) =>
      t('{{name}} is open again at {{url}}. Everything is as it was. If anything is missing, write to {{ask}}.', {
        name,
        url,
        ask,
      }),
  },
  reminder: {
    key: 'schools.closing-soon',
    label: 'School closing soon, to its owner',
    subject: (t, { name, until }) => t('{{name}} closes on {{until}}', { name, until }),
    text: (t, { name, url, ask, until }) =>
      t(
        '{{name}} closes on {{until}}. Have you downloaded everything it holds? It is here, in one file: {{url}} After that no one can sign in. To keep it open, write to {{ask}} before that day.',
        { name, url: wholeExport(url), ask, until },
      ),
  },
  end: {
    key: 'schools.closed',
    label: 'School closed, to its owner',
    subject: (t, { name }) => t('{{name}} is closed', { name }),
    text: (t, { name, ask }) =>
      t(
        '{{name}} is closed: no one can sign in any more. Its data will be deleted and can’t be restored after that. If you still need something, write to {{ask}} now.',
        { name, ask },
      ),
  },
};

function why(t: Translate, reason: MoveReason | null): string {
  const sentences: Partial<Record<MoveReason, string>> = {
    unpaid: t('Its bill has not been paid.'),
    misuse: t('It was misused.'),
    security: t('This is for security reasons.'),
    'owner-asked': t('Its owner asked for this.'),
    duplicate: t('It was registered twice.'),
    'trial-over': t('The trial is over.'),
  };
  return (reason && sentences[reason]) ?? '';
}

/** The school's own page, where its owner signs in. */
function wholeExport(url: string): string {
  return `${url}exports`;
}

export interface LetterParts {
  store: SchoolStore;
  notifications: NotificationsApi;
  unit: Unit;
  urlOf: (subdomain: string) => string;
  /** Of the platform itself, no slash at the end. */
  publicUrl: string;
  /** Where the platform is written to. */
  ask: string;
}

export class Letters implements OwnerLetters {
  constructor(private readonly parts: LetterParts) {}

  sendAddress(schoolId: string, dedupeKey?: string): Promise<boolean> {
    return this.send(schoolId, 'address', {}, dedupeKey);
  }

  sendProgress(schoolId: string, page: string): Promise<boolean> {
    return this.send(schoolId, 'progress', { page: this.parts.publicUrl + page });
  }

  sendMove(schoolId: string, move: SchoolMove, reason: MoveReason): Promise<boolean> {
    return this.send(schoolId, move, { reason });
  }

  sendEnd(schoolId: string, end: SchoolEnd): Promise<boolean> {
    return this.send(schoolId, end, {}, ({ id, closesAt }) => `${LETTERS[end].key}:${id}:${closesAt?.toISOString()}`);
  }

  forget(email: string): Promise<void> {
    return this.parts.notifications.forget(email);
  }

  private async send(
    schoolId: string,
    letter: Letter,
    more: { page?: string; reason?: MoveReason },
    dedupeKey?: string | ((school: RegisteredSchool) => string),
  ): Promise<boolean> {
    const { store, notifications, unit, urlOf, ask } = this.parts;
    return unit(async () => {
      // Its deletion takes the same lock: a letter is written before that and removed with it, or never.
      await store.lock(schoolId);
      const school = await store.find(schoolId);
      if (!school?.owner) return false;
      const {
        name,
        language,
        closesAt,
        owner: { email },
      } = school;
      const params = {
        name,
        url: urlOf(school.subdomain),
        email,
        ask,
        page: more.page ?? '',
        reason: more.reason ?? null,
        until: closesAt ? dayIn(language, closesAt) : '',
      };
      const key = typeof dedupeKey === 'function' ? dedupeKey(school) : dedupeKey;
      await notifications.send({
        channel: 'mail',
        to: email,
        template: LETTERS[letter],
        params,
        language,
        ...(key ? { dedupeKey: key } : {}),
      });
      return true;
    });
  }
}

function dayIn(language: string | null, at: Date): string {
  return new Intl.DateTimeFormat(language && language !== 'en' ? language : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'UTC',
  }).format(at);
}
