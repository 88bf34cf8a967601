import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { EntryTickets } from '../../index.js';
import { draw, goOn, type LoginParts } from '../../sign-in/adapters/login-pages.js';

/**
 * The owner of a new school comes from the platform's page, which has proven their address. Reached by a redirect, so
 * it can't be a form; the ticket works once and for two minutes.
 */
export function ticketRoutes(routes: Routes, parts: LoginParts, tickets: EntryTickets): void {
  routes.get('/login/ticket', 'public', async (req, res) => {
    if (req.signedIn) return res.redirect(303, '/');
    const email = await tickets.use(typeof req.query.ticket === 'string' ? req.query.ticket : '');
    const progress = email ? await parts.signIn.byTicket(email, parts.web.browser(req, res)) : null;
    if (progress) await goOn(req, res, parts, progress);
    else await draw(req, res, 'identity/login/link-over', { kind: 'ticket' }, 410);
  });
}
