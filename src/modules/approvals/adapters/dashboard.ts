import type { DashboardCard } from '../../../platform/module.js';
import type { Inbox } from '../inbox.js';

/** On the first page of whoever may decide something that waits; nothing for everybody else. */
export function waitingCard(inbox: Inbox): DashboardCard {
  return {
    order: 1,
    can: 'approvals.read',
    view: 'approvals/_card',
    async load(actor) {
      const waiting = await inbox.waitingFor(actor);
      return waiting.length === 0 ? null : { above: true, waiting: waiting.length, oldest: waiting[0]!.askedAt };
    },
  };
}
