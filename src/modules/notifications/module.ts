import path from 'node:path';
import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { AUDIT, type AuditTrail } from '../../platform/http/ports.js';
import type { Texts } from '../../platform/i18n/i18n.js';
import { enqueue } from '../../platform/jobs/index.js';
import { createMailer, LocalMailbox, MAILER, type Mailer } from '../../platform/mail/index.js';
import type { AnyRole, Module } from '../../platform/module.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { createSmsSender, SMS_SENDER, type SmsSender } from '../../platform/sms/index.js';
import { CLOCK, TEXTS, UNIT } from '../../platform/tokens.js';
import { mailCarrier, smsCarrier } from './adapters/carriers.js';
import { PgMessageStore } from './adapters/postgres/message.store.js';
import { messageData } from './adapters/postgres/own-data.js';
import { devMailRoutes } from './adapters/web/dev-mail.routes.js';
import { messageRoutes } from './adapters/web/messages.routes.js';
import { DeliverMessage } from './application/deliver.js';
import { MessageQueue } from './application/queue.js';
import { DELIVER, SendMessage } from './application/send.js';
import { NOTIFICATIONS } from './index.js';

const later = { enqueue };
const store = new PgMessageStore();

export const notifications: Module<AnyRole> = {
  name: 'notifications',
  permissions: [
    {
      key: 'notifications.read',
      label: 'See the messages that were sent, and to whom',
      group: 'Messages',
      roles: ['owner', 'administrator', 'head', 'registrar', 'super-admin', 'support'],
    },
    {
      key: 'notifications.retry',
      label: 'Send failed messages again',
      group: 'Messages',
      roles: ['owner', 'administrator', 'registrar', 'super-admin', 'support'],
    },
  ],
  menu: [
    {
      group: 'School',
      label: 'Sent messages',
      href: '/notifications/messages',
      icon: 'mail',
      can: 'notifications.read',
      order: 80,
    },
  ],
  bind(container) {
    container
      .bind(LocalMailbox)
      .toResolvedValue(
        (config: Config) => new LocalMailbox(path.join(config.data, 'mail', config.school?.id ?? 'core')),
        [CONFIG],
      );
    container
      .bind(MAILER)
      .toResolvedValue((config: Config, mailbox: LocalMailbox) => createMailer(config.mail, mailbox), [CONFIG, LocalMailbox]);
    container
      .bind(SMS_SENDER)
      .toResolvedValue((config: Config, mailbox: LocalMailbox) => createSmsSender(config.sms, mailbox), [CONFIG, LocalMailbox]);
    container
      .bind(NOTIFICATIONS)
      .toResolvedValue(
        (unit: Unit, clock: Clock, texts: Texts) =>
          new SendMessage(store, later, unit, clock, (language) => texts.in(texts.choose(language))),
        [UNIT, CLOCK, TEXTS],
      );
    container
      .bind(DeliverMessage)
      .toResolvedValue(
        (mailer: Mailer, sender: SmsSender, unit: Unit, clock: Clock) =>
          new DeliverMessage(store, { mail: mailCarrier(mailer), sms: smsCarrier(sender) }, later, unit, clock, Math.random),
        [MAILER, SMS_SENDER, UNIT, CLOCK],
      );
    container
      .bind(MessageQueue)
      .toResolvedValue(
        (audit: AuditTrail, unit: Unit, clock: Clock) => new MessageQueue(store, later, audit, unit, clock),
        [AUDIT, UNIT, CLOCK],
      );
  },
  routes(routes, get) {
    messageRoutes(routes, get(MessageQueue));
    if (get(CONFIG).launcher) devMailRoutes(routes, get(LocalMailbox));
  },
  work(get) {
    return {
      jobs: {
        [DELIVER]: (payload) => get(DeliverMessage).run((payload as { id: string }).id),
        'notifications.prune': () => get(MessageQueue).prune(),
      },
      personalData: [messageData],
      cron: { 'notifications.prune': '20 1 * * *' },
    };
  },
};
