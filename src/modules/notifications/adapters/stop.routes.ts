import type { Routes } from '../../../platform/http/routes/routes.js';
import type { FamilyWishes } from '../opt-outs.js';

/** Where the link of a message leads: one press ends the messages to that address, another brings them back. */
export function stopRoutes(r: Routes, wishes: FamilyWishes): void {
  // A look at the page changes nothing: programs that check links in mails open them too.
  r.get('/stop/:sealed', 'public', async (req, res) => {
    const sealed = String(req.params.sealed);
    const address = wishes.behind(sealed);
    await res.page('notifications/stop', { sealed, address: hinted(address), stopped: await wishes.isStopped(address) });
  });

  r.post('/stop/:sealed', 'public', async (req, res) => {
    const sealed = String(req.params.sealed);
    const back = (req.body as { again?: string } | undefined)?.again === 'yes';
    await (back ? wishes.resumeByLink(req.actor, sealed) : wishes.stopByLink(req.actor, sealed));
    res.done(`/stop/${sealed}`);
  });

  // RFC 8058: the mail program itself posts here, from its own servers and without a page of ours before it.
  r.post('/api/stop/:sealed', 'public', async (req, res) => {
    await wishes.stopByLink(req.actor, String(req.params.sealed));
    res.type('text').send('stopped\n');
  });
  r.get('/api/stop/:sealed', 'public', (req, res) => res.redirect(303, `/stop/${encodeURIComponent(String(req.params.sealed))}`));
}

/** Enough to know one's own address by, too little for whoever finds the link: `w…@example.org`, `+254 … 903`. */
function hinted(address: string): string {
  const [name = '', domain] = address.split('@');
  return domain ? `${name.slice(0, 1)}…@${domain}` : `… ${address.slice(-3)}`;
}
