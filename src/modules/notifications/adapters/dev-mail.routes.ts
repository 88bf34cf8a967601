import { NotFound } from '../../../kernel/errors.js';
import { contentDisposition } from '../../../platform/files/index.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { LocalMailbox } from '../../../platform/mail/index.js';

/** What would have been sent from this machine. Only the local launcher mounts these: there is nobody to ask for a permission. */
export function devMailRoutes(r: Routes, mailbox: LocalMailbox): void {
  r.get('/dev/mail', 'public', async (_req, res) => {
    await res.page('notifications/dev-mail/index', { letters: await mailbox.list() });
  });

  r.get('/dev/mail/:id', 'public', async (req, res) => {
    const letter = await mailbox.find(String(req.params.id));
    if (!letter) throw new NotFound();
    await res.page('notifications/dev-mail/show', { letter });
  });

  r.get('/dev/mail/:id/eml', 'public', async (req, res) => {
    const id = String(req.params.id);
    const eml = await mailbox.eml(id);
    if (!eml) throw new NotFound();
    res.set({
      'Content-Type': 'message/rfc822',
      'Content-Disposition': contentDisposition('attachment', `${id}.eml`),
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'Cache-Control': 'no-store',
    });
    res.send(eml);
  });
}
