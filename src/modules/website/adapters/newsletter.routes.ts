import { z } from 'zod';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Newsletter } from '../newsletter.js';

/** Filled in by machines only: people don't see the field. */
export const trap = z.string().max(200).optional();

const Ask = z.object({ email: z.email().max(254), website: trap });

export function newsletterRoutes(r: Routes, newsletter: Newsletter): void {
  r.form({
    path: '/newsletter',
    action: '/newsletter/subscribers',
    can: 'public',
    view: 'website/newsletter/new',
    schema: Ask,
    save: async ({ email, website }, req) => {
      if (!website) await newsletter.ask(req.actor, email, req.language);
      return {
        to: '/newsletter',
        flash: {
          kind: 'ok',
          text: req.t(
            'We have sent an email to this address, unless it already gets the newsletter. Open the link in it to confirm.',
          ),
        },
      };
    },
  });

  // A look at the page changes nothing: programs that check links in letters open them too.
  r.get('/newsletter/confirmations/:sealed', 'public', (req, res) =>
    res.page('website/newsletter/confirm', { sealed: req.params.sealed }),
  );
  r.post('/newsletter/confirmations/:sealed', 'public', async (req, res) => {
    await newsletter.confirm(req.actor, String(req.params.sealed));
    res.done('/newsletter', {
      kind: 'ok',
      text: req.t('Confirmed: you will get the newsletter. Each issue has an unsubscribe link.'),
    });
  });

  r.get('/newsletter/unsubscriptions/:sealed', 'public', (req, res) =>
    res.page('website/newsletter/unsubscribe', { sealed: req.params.sealed }),
  );
  r.post('/newsletter/unsubscriptions/:sealed', 'public', async (req, res) => {
    await newsletter.unsubscribe(req.actor, String(req.params.sealed));
    res.done('/newsletter', {
      kind: 'ok',
      text: req.t('You will get no more newsletters, and your address has been removed from the list.'),
    });
  });

  // RFC 8058: the mail program itself posts here, from its own servers and without a page of ours before it.
  r.post('/api/newsletter/unsubscriptions/:sealed', 'public', async (req, res) => {
    const ours = await newsletter.unsubscribe(req.actor, String(req.params.sealed));
    res
      .status(ours ? 200 : 404)
      .type('text')
      .send(ours ? 'unsubscribed\n' : 'not a link of ours\n');
  });
  r.get('/api/newsletter/unsubscriptions/:sealed', 'public', (req, res) => {
    res.redirect(303, `/newsletter/unsubscriptions/${encodeURIComponent(String(req.params.sealed))}`);
  });
}
