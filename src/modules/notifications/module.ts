import { createHash } from 'node:crypto';
import type { Container } from 'inversify';
import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { hasDeveloperPages } from '../../platform/http/pages/dev-pages.js';
import { AUDIT, SCHOOL_SOURCE, type AuditTrail } from '../../platform/http/ports.js';
import type { Texts } from '../../platform/i18n/i18n.js';
import { enqueue, enqueueAll } from '../../platform/jobs/index.js';
import { createMailer, LocalMailbox, MAILER, type Mailer } from '../../platform/mail/index.js';
import { deriveKey } from '../../platform/keys.js';
import type { AnyRole, Get, Module } from '../../platform/module.js';
import type { Routes } from '../../platform/http/routes/routes.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { createSmsSender, plainSms, reportsOf, SMS_SENDER, smsSize, type SmsSender } from '../../platform/sms/index.js';
import { CLOCK, TEXTS, UNIT } from '../../platform/tokens.js';
import { ACTS } from './acts.js';
import { mailCarrier, smsCarrier } from './adapters/carriers.js';
import { PgMessageStore } from './adapters/message.store.js';
import { PostgresFamilyStore, PostgresOptOutStore } from './adapters/family.store.js';
import { messageData } from './adapters/own-data.js';
import { stopLinks } from './adapters/stop-links.js';
import { devMailRoutes } from './adapters/dev-mail.routes.js';
import { familyRoutes } from './adapters/family.routes.js';
import { gatewayRoutes } from './adapters/gateway.routes.js';
import { stopRoutes } from './adapters/stop.routes.js';
import { messageRoutes } from './adapters/messages.routes.js';
import { DeliverMessage } from './deliver.js';
import { MessageQueue } from './queue.js';
import { FamilyMessages } from './families.js';
import { FamilyWishes } from './opt-outs.js';
import { DeliveryReports } from './reports.js';
import { DELIVER, SendMessage } from './send.js';
import { FAMILY_MESSAGES, NOTIFICATIONS } from './index.js';
import { FAMILY_STORE, OPT_OUT_STORE, STOP_LINKS } from './ports.js';

const later = { enqueue };
const store = new PgMessageStore();

export const notifications: Module<AnyRole> = {
  name: 'notifications',
  acts: ACTS,
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
    {
      key: 'notifications.setup',
      label: 'Manage message settings and opt-outs',
      group: 'Messages',
      roles: ['owner', 'administrator'],
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
      .toResolvedValue((config: Config) => LocalMailbox.of(config.data, config.school?.id ?? null), [CONFIG]);
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
    const config = container.get(CONFIG);
    if (config.school) bindFamilies(container, config);
    container
      .bind(DeliverMessage)
      .toResolvedValue(
        (mailer: Mailer, sender: SmsSender, unit: Unit, clock: Clock) =>
          new DeliverMessage(
            store,
            { mail: mailCarrier(mailer), sms: smsCarrier(sender) },
            later,
            unit,
            clock,
            Math.random,
            config.school ? container.get(FamilyMessages) : null,
          ),
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
    if (get(CONFIG).school) schoolRoutes(routes, get);
    if (hasDeveloperPages(get(CONFIG))) devMailRoutes(routes, get(LocalMailbox));
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

/** A school has families; the platform has none. */
function bindFamilies(container: Container, config: Config): void {
  const key = deriveKey(config.secretKey, `stop.${config.school!.id}`);
  const measure = (text: string): { text: string; segments: number } => ({
    text: plainSms(text),
    segments: smsSize(plainSms(text)).segments,
  });
  const fingerprint = (words: string): string => createHash('sha256').update(words).digest('base64url').slice(0, 22);
  container.bind(FAMILY_STORE).toResolvedValue(() => new PostgresFamilyStore());
  container.bind(OPT_OUT_STORE).toResolvedValue(() => new PostgresOptOutStore());
  container.bind(STOP_LINKS).toResolvedValue(() => stopLinks(key, config.publicUrl));
  container.bind(FamilyMessages).toResolvedValue(
    (unit: Unit, clock: Clock, families, optOuts, links, texts: Texts) =>
      new FamilyMessages(
        unit,
        clock,
        families,
        optOuts,
        store,
        enqueueAll,
        links,
        (language) => texts.in(texts.choose(language)),
        measure,
        fingerprint,
        async () => (await container.get(SCHOOL_SOURCE).facts()).zone,
      ),
    [UNIT, CLOCK, FAMILY_STORE, OPT_OUT_STORE, STOP_LINKS, TEXTS],
  );
  container.bind(FAMILY_MESSAGES).toService(FamilyMessages);
  container
    .bind(FamilyWishes)
    .toResolvedValue((...parts) => new FamilyWishes(...parts), [UNIT, AUDIT, CLOCK, FAMILY_STORE, OPT_OUT_STORE, STOP_LINKS]);
  container
    .bind(DeliveryReports)
    .toResolvedValue((unit: Unit, clock: Clock) => new DeliveryReports(unit, clock, store), [UNIT, CLOCK]);
}

function schoolRoutes(routes: Routes, get: Get): void {
  const config = get(CONFIG);
  const wishes = get(FamilyWishes);
  const shape = reportsOf(config.sms);
  const token = deriveKey(config.secretKey, `sms-reports.${config.school!.id}`).toString('base64url').slice(0, 32);
  const callback = (what: string): string => `${config.publicUrl}/api/sms/${token}/${what}`;
  familyRoutes(routes, {
    wishes,
    messages: get(FAMILY_MESSAGES),
    callbacks: shape && { reports: callback('reports'), optOuts: callback('opt-outs') },
  });
  stopRoutes(routes, wishes);
  gatewayRoutes(routes, { reports: get(DeliveryReports), wishes, shape, token });
}
