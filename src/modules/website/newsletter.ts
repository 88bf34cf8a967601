import { systemActor, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { RuleBroken } from '../../kernel/errors.js';
import { newId } from '../../kernel/id.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { NotificationsApi } from '../notifications/index.js';
import { CONFIRM_DAYS, confirmationKey, mayBeAsked, type Subscriber } from './subscriber.rules.js';
import type { AuditTrail, Limits, Seals, SubscriberStore } from './ports.js';
import { CONFIRM, ISSUE } from './letters.js';

export interface NewsletterParts {
  store: SubscriberStore;
  notifications: NotificationsApi;
  audit: AuditTrail;
  limits: Limits;
  seals: Seals;
  unit: Unit;
  clock: Clock;
  publicUrl: string;
}

const DAY_MS = 86_400_000;
const BATCH = 200;

/** Nothing is sent to an address before somebody who reads it has said yes, and nothing after they said no. */
export class Newsletter {
  constructor(private readonly parts: NewsletterParts) {}

  /** Does the same for whoever is known and whoever is not, as far as the asker can see. @throws TooMany */
  async ask(actor: Actor, typed: string, language: string): Promise<void> {
    const { store, notifications, limits, seals, unit, clock } = this.parts;
    const email = typed.trim().toLowerCase();
    await limits.newsletter(actor.ip, email);
    const now = clock.now();
    await unit(async () => {
      const known = await store.ask({ id: newId(), email, language, state: 'pending', askedAt: now, confirmedAt: null });
      if (!mayBeAsked(known)) return;
      const link = `${this.parts.publicUrl}/newsletter/confirmations/${seals.seal('confirm', known.id)}`;
      const params = { link, days: CONFIRM_DAYS };
      await notifications.send({
        channel: 'mail',
        to: email,
        template: CONFIRM,
        params,
        language,
        dedupeKey: confirmationKey(known.id, now),
      });
      await this.note(actor, 'website.ask-newsletter', known.id);
    });
  }

  /** @throws RuleBroken when the address is no longer waiting to be confirmed */
  async confirm(actor: Actor, sealed: string): Promise<void> {
    const id = this.parts.seals.open('confirm', sealed);
    await this.parts.unit(async () => {
      if (id && (await this.parts.store.confirm(id, this.parts.clock.now())))
        return this.note(actor, 'website.confirm-newsletter', id);
      if (!id || (await this.parts.store.find(id))?.state !== 'confirmed')
        throw new RuleBroken('link-over', 'This link has expired. Subscribe to the newsletter again.');
    });
  }

  /** Again does no harm. @returns whether the link was ours */
  async unsubscribe(actor: Actor, sealed: string): Promise<boolean> {
    const id = this.parts.seals.open('unsubscribe', sealed);
    if (!id) return false;
    await this.parts.unit(async () => {
      if (await this.parts.store.remove(id)) await this.note(actor, 'website.leave-newsletter', id);
    });
    return true;
  }

  /** One letter to each who confirmed; the same `key` again reaches only those whom it has not reached. @returns how many were written to */
  async sendIssue(key: string, issue: { subject: string; text: string }): Promise<number> {
    let sent = 0;
    for (let after: string | null = null; ;) {
      const batch: Subscriber[] = await this.parts.store.confirmedAfter(after, BATCH);
      await this.parts.unit(async () => {
        for (const one of batch) if (await this.sendTo(one, key, issue)) sent += 1;
      });
      after = batch.at(-1)?.id ?? null;
      if (batch.length < BATCH) break;
    }
    await this.parts.unit(() =>
      this.parts.audit.record(systemActor('newsletter'), {
        action: 'website.send-newsletter',
        entity: 'website_newsletter',
        entityId: null,
        label: issue.subject,
        after: { sent },
      }),
    );
    return sent;
  }

  private async sendTo(
    { id, email, language }: Subscriber,
    key: string,
    issue: { subject: string; text: string },
  ): Promise<boolean> {
    const sealed = this.parts.seals.seal('unsubscribe', id);
    const params = {
      ...issue,
      page: `${this.parts.publicUrl}/newsletter/unsubscriptions/${sealed}`,
      oneClick: `${this.parts.publicUrl}/api/newsletter/unsubscriptions/${sealed}`,
    };
    return (
      (await this.parts.notifications.send({
        channel: 'mail',
        to: email,
        template: ISSUE,
        params,
        language,
        dedupeKey: `website.issue:${key}:${id}`,
      })) !== null
    );
  }

  /** Every day: addresses that refused a letter get no more of them, and those that nobody confirmed are removed. */
  async tidy(): Promise<void> {
    const { store, notifications, unit, clock } = this.parts;
    const now = clock.now().getTime();
    await unit(async () => {
      const refused = await notifications.unreached(ISSUE.key, new Date(now - 2 * DAY_MS));
      for (const id of await store.bounced(refused)) await this.note(systemActor('newsletter'), 'website.bounce-newsletter', id);
      await store.removeUnconfirmed(new Date(now - CONFIRM_DAYS * DAY_MS));
    });
  }

  /** Without the address: who left should not go on standing in the trail. */
  private note(actor: Actor, action: string, id: string): Promise<void> {
    return this.parts.audit.record(actor, { action, entity: 'website_subscribers', entityId: id });
  }
}
