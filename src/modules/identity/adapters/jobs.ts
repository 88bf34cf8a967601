import type { JobHandler } from '../../../platform/module.js';
import type { Links } from '../application/links.js';
import type { SigningIn } from '../application/sign-in.js';
import type { Login } from '../domain/login.js';
import type { Messages, Notice, RefreshStore, SchoolWords, StepStore } from '../ports.js';

const OF_A_SCHOOL: Record<string, Notice> = {
  locked: {
    subject: 'Somebody tried to sign in as you',
    text: 'Somebody entered wrong passwords or codes for your account at {{school}}, so that sign-in was stopped for a while. If it was you, wait and try again. If not, your password has held; tell the office if it goes on.',
  },
  password: {
    subject: 'Your password was changed',
    text: 'The password of your account at {{school}} was changed, and all other sessions were ended. If it was not you, ask the office at once.',
  },
  contact: {
    subject: 'Your sign-in address was changed',
    text: 'This address is no longer used to sign in at {{school}}. If you did not want that, ask the office at once.',
  },
};

const OF_THE_PLATFORM: Record<string, Notice> = {
  locked: {
    subject: 'Somebody tried to sign in as you',
    text: 'Somebody entered wrong codes for your account of {{school}}, so that sign-in was stopped for a while. If it was you, wait and try again. If not, your second step has held; tell a super-admin if it goes on.',
  },
  contact: {
    subject: 'Your sign-in address was changed',
    text: 'This address is no longer used to sign in at {{school}}. If you did not want that, tell a super-admin at once.',
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
