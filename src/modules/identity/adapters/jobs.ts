import type { JobHandler } from '../../../platform/module.js';
import type { Links } from '../accounts/links.js';
import type { SigningIn } from '../sign-in/sign-in.js';
import type { Login } from '../accounts/login.rules.js';
import type { Messages, Notice, RefreshStore, SchoolWords, StepStore } from '../ports.js';

/** A second step came or went: whoever did not do it must hear of it. */
const BOTH: Record<string, Notice> = {
  'factor-added': {
    subject: 'A second step was added to your account',
    text: 'A passkey or an authenticator app was added to your account at {{school}}. If this wasn’t you, tell the school immediately, then sign in and remove it.',
  },
  'factor-removed': {
    subject: 'A second step was removed from your account',
    text: 'A passkey or an authenticator app was removed from your account at {{school}}. If this wasn’t you, tell the school immediately.',
  },
  'passkey-copied': {
    subject: 'A passkey of yours was refused',
    text: 'One of your passkeys for {{school}} may have been copied: its counter is lower than expected. It was refused. Remove it on your profile and create a new one.',
  },
};

const OF_A_SCHOOL: Record<string, Notice> = {
  ...BOTH,
  locked: {
    subject: 'Someone tried to sign in as you',
    text: 'Someone entered wrong passwords or codes for your account at {{school}}, so sign-in was blocked for a while. If it was you, wait and try again. If not, your account is safe; tell the office if it keeps happening.',
  },
  password: {
    subject: 'Your password was changed',
    text: 'The password of your account at {{school}} was changed, and all other sessions were ended. If this wasn’t you, contact the office immediately.',
  },
  contact: {
    subject: 'Your sign-in address was changed',
    text: 'This address is no longer used to sign in at {{school}}. If this wasn’t you, contact the office immediately.',
  },
};

const OF_THE_PLATFORM: Record<string, Notice> = {
  ...BOTH,
  locked: {
    subject: 'Someone tried to sign in as you',
    text: 'Someone entered wrong codes for your account at {{school}}, so sign-in was blocked for a while. If it was you, wait and try again. If not, your account is safe; tell a super-admin if it keeps happening.',
  },
  contact: {
    subject: 'Your sign-in address was changed',
    text: 'This address is no longer used to sign in at {{school}}. If this wasn’t you, tell a super-admin immediately.',
  },
};

export function identityJobs(parts: {
  signIn: SigningIn;
  links: Links;
  messages: Messages;
  school: SchoolWords;
  steps: StepStore;
  refresh: RefreshStore;
  pruneSessions(): Promise<void>;
}): Record<string, JobHandler> {
  return {
    'identity.send-code': (payload) => parts.signIn.sendCode((payload as { stepId: string }).stepId),
    'identity.send-reset': (payload) => parts.links.sendReset((payload as { login: string }).login),
    'identity.send-link': (payload) => parts.links.sendInvitation((payload as { userId: string }).userId),
    'identity.send-notice': async (payload) => {
      const { to, what, language } = payload as { to: Login; what: string; language?: string | null };
      const notice = (parts.school.kind === 'platform' ? OF_THE_PLATFORM : OF_A_SCHOOL)[what];
      if (notice) await parts.messages.notice(to, notice, language ?? null);
    },
    'identity.prune': async () => {
      await parts.steps.prune();
      await parts.refresh.prune();
      await parts.pruneSessions();
    },
  };
}

export const identityCron: Record<string, string> = { 'identity.prune': '*/15 * * * *' };
