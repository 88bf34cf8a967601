import { z } from 'zod';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Contact } from '../contact.js';
import { trap } from './newsletter.routes.js';

const Message = z.object({
  name: z.string().trim().min(2).max(80),
  email: z.email().max(254),
  message: z.string().trim().min(10).max(4000),
  website: trap,
});

export function contactRoutes(r: Routes, contact: Contact, mail: string): void {
  r.form({
    path: '/contact',
    can: 'public',
    view: 'website/contact',
    schema: Message,
    load: async () => ({ mail }),
    save: async ({ website, ...message }, req) => {
      if (!website) await contact.write(req.actor, message);
      return {
        to: '/contact',
        flash: { kind: 'ok', text: req.t('Your message has been sent. We will reply to the address you gave.') },
      };
    },
  });
}
