import type { RequestHandler } from 'express';
import { NotFound } from '../../../kernel/errors.js';
import type { Config } from '../../settings.js';
import { galleryModel } from './gallery.js';
import { isLoopback } from '../loopback.js';
import type { Places } from '../routes/places.js';
import type { Views } from './views.js';

/**
 * Pages for developers show every message with its codes and links. They are there on a machine that nobody but its
 * own user reaches: with the local launcher, and never where a school's network is let in.
 */
export function hasDeveloperPages(config: Pick<Config, 'launcher' | 'onNetwork'>): boolean {
  return config.launcher && !config.onNetwork;
}

/** Stands before every page under `/dev`, whichever module brings it: another machine finds nothing there. */
export function developersOnly(config: Pick<Config, 'launcher' | 'onNetwork'>): RequestHandler {
  const open = hasDeveloperPages(config);
  return (req, _res, next) => {
    if (open && isLoopback(req.socket.remoteAddress) && isLoopback(req.ip)) return next();
    next(new NotFound('There is no page at this address.'));
  };
}

/** Every part in every state, beside the local mailbox that the messages bring. */
export function developerPages(places: Places, views: Views): void {
  if (!views.names().includes('dev/gallery')) return;
  places.of('/dev').get('/dev/gallery', (req, res) => res.page('dev/gallery', galleryModel(req.query)));
}
