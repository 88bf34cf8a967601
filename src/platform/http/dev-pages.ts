import type { Router } from 'express';
import type { Config } from '../settings.js';
import type { Views } from './views.js';

/** Pages for the local launcher only: every part in every state, and the local mailbox. */
export function developerPages(router: Router, _config: Config, views: Views): void {
  if (!views.names().includes('dev/gallery')) return;
  router.get('/dev/gallery', (_req, res) => res.page('dev/gallery', {}));
}
