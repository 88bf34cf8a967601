import type { MessageTemplate } from '../notifications/index.js';

export const CONFIRM: MessageTemplate<{ link: string; days: number }> = {
  key: 'website.newsletter-confirm',
  label: 'Newsletter: please confirm',
  secret: true,
  subject: (t) => t('Please confirm: AIMS news'),
  text: (t, { link, days }) =>
    [
      t('Someone, we hope you, asked for AIMS news at this address. If it was you, open this page to confirm:'),
      link,
      t('If it wasn’t you, do nothing: we won’t write again, and the address is removed after {{days}} days.', { days }),
    ].join('\n\n'),
};

export const ISSUE: MessageTemplate<{ subject: string; text: string; page: string; oneClick: string }> = {
  key: 'website.newsletter-issue',
  label: 'Newsletter',
  subject: (_t, { subject }) => subject,
  text: (t, { text, page }) => [text.trim(), '--', `${t('Unsubscribe here:')} ${page}`].join('\n\n'),
  headers: ({ oneClick }) => ({ 'List-Unsubscribe': `<${oneClick}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
};

export const CONTACT: MessageTemplate<{ name: string; email: string; message: string }> = {
  key: 'website.contact',
  label: 'Message from the site',
  secret: true,
  subject: (t, { name }) => t('Message from {{name}}', { name }),
  text: (_t, { name, email, message }) => `${name} <${email}>\n\n${message}`,
  headers: ({ email }) => ({ 'Reply-To': email }),
};
