import { z } from 'zod';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { MessageQueue } from '../queue.js';

const Filter = z.object({
  state: z.enum(['queued', 'sending', 'sent', 'delivered', 'failed']).optional(),
  channel: z.enum(['mail', 'sms']).optional(),
});

export function messageRoutes(r: Routes, queue: MessageQueue): void {
  r.list({
    path: '/notifications/messages',
    can: 'notifications.read',
    view: 'notifications/messages/index',
    filter: Filter,
    load: (filter, { cursor, limit }) => queue.page(filter, cursor, limit),
    model: async () => ({ counts: await queue.counts() }),
  });

  r.post('/notifications/messages/:id/retry', 'notifications.retry', async (req, res) => {
    await queue.retry(req.actor, String(req.params.id));
    res.done('/notifications/messages?state=failed', { kind: 'ok', text: req.t('The message is being sent again.') });
  });
}
