import type { Router } from 'express';
import { galleryModel } from './gallery.js';
import type { Views } from './views.js';

/** Pages for the local launcher only: every part in every state, beside the local mailbox that the messages bring. */
export function developerPages(router: Router, views: Views): void {
  if (!views.names().includes('dev/gallery')) return;
  router.get('/dev/gallery', (req, res) => res.page('dev/gallery', galleryModel(req.query)));
}
