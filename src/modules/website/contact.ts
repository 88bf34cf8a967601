import type { Actor } from '../../kernel/actor.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { NotificationsApi } from '../notifications/index.js';
import type { Limits } from './ports.js';
import { CONTACT } from './letters.js';

export interface ContactMessage {
  name: string;
  email: string;
  message: string;
}

/** Hands what somebody writes to the platform's own address. */
export class Contact {
  constructor(
    private readonly notifications: NotificationsApi,
    private readonly limits: Limits,
    private readonly unit: Unit,
    private readonly address: string,
  ) {}

  /** @throws TooMany */
  async write(actor: Actor, message: ContactMessage): Promise<void> {
    await this.limits.contact(actor.ip);
    await this.unit(() => this.notifications.send({ channel: 'mail', to: this.address, template: CONTACT, params: message }));
  }
}
