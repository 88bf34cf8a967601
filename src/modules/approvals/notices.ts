import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { AccountHolder, IdentityApi } from '../identity/index.js';
import type { MessageTemplate, NotificationsApi } from '../notifications/index.js';
import type { ApprovalRequest, Rule } from './request.rules.js';
import type { Later, RequestStore, Translate } from './ports.js';
import type { Kinds } from './kinds.js';

export const TELL = 'approvals.tell';
/** Between two mails to the same people; what is asked meanwhile waits and goes into one. */
const PAUSE_MS = 30 * 60_000;

interface Waiting {
  school: string;
  address: string;
  titles: (t: Translate) => string[];
}

const WAITING: MessageTemplate<Waiting> = {
  key: 'approvals.waiting',
  label: 'Requests waiting for a decision',
  subject: (t, { school }) => t('{{school}}: your approval is needed', { school }),
  text: (t, { titles, address }) =>
    `${t('These requests are waiting for your decision:')}\n\n${titles(t)
      .map((title) => `– ${title}`)
      .join('\n')}\n\n${address}`,
};

const DECIDED: MessageTemplate<{ school: string; address: string; approved: boolean; title: (t: Translate) => string }> = {
  key: 'approvals.decided',
  label: 'Request decided',
  subject: (t, { school, approved }) =>
    approved ? t('{{school}}: your request was approved', { school }) : t('{{school}}: your request was refused', { school }),
  text: (t, { title, address, approved }) =>
    `${approved ? t('Approved and carried out:') : t('Refused:')} ${title(t)}\n\n${address}`,
};

/** Who may decide a request now: those with the permission, below the limit; else, and above it, the owners. Never who asked. */
export function decidersOf(
  { amountMinor, askedBy }: Pick<ApprovalRequest, 'amountMinor' | 'askedBy'>,
  { limitMinor }: Rule,
  people: readonly AccountHolder[],
): AccountHolder[] {
  const others = people.filter((one) => one.userId !== askedBy.userId);
  const above = limitMinor !== null && (amountMinor ?? 0) > limitMinor;
  const holders = others.filter((one) => one.holds && (!above || one.owner));
  return holders.length > 0 ? holders : others.filter((one) => one.owner);
}

/** Tells by mail who asked, and who may decide: these at most twice an hour. In the product itself they see it at once: in the menu and on the first page. */
export class Notices {
  constructor(
    private readonly unit: Unit,
    private readonly clock: Clock,
    private readonly store: RequestStore,
    private readonly later: Later,
    private readonly kinds: Kinds,
    private readonly identity: Pick<IdentityApi, 'holdersOf' | 'mailOf'>,
    private readonly notifications: Pick<NotificationsApi, 'send'>,
    private readonly school: () => Promise<string>,
    private readonly publicUrl: string,
  ) {}

  /** Joins the transaction in which something was asked. */
  async soon(): Promise<void> {
    const now = this.clock.now();
    const last = await this.store.lastTold();
    const runAt = new Date(Math.max(now.getTime(), last ? last.getTime() + PAUSE_MS : 0));
    await this.later.enqueue(TELL, {}, { key: TELL, runAt });
  }

  /** Tells who asked; the reason stands in the inbox alone. Joins the transaction of the decision. */
  async decided(request: ApprovalRequest, approved: boolean): Promise<void> {
    const { id, kind, askedBy } = request;
    const maker = askedBy.userId === null ? null : await this.identity.mailOf(askedBy.userId);
    if (!maker) return;
    const title = (t: Translate): string => this.kinds.of(kind).describe(request, t).title;
    const params = { school: await this.school(), address: `${this.publicUrl}/approvals/${id}`, approved, title };
    await this.notifications.send({
      channel: 'mail',
      to: maker.email,
      template: DECIDED,
      params,
      language: maker.language,
      dedupeKey: `${DECIDED.key}:${id}`,
    });
  }

  async tell(): Promise<void> {
    await this.unit(async () => {
      const requests = await this.store.untold();
      if (requests.length === 0) return;
      for (const { person, asked } of await this.perPerson(requests)) await this.write(person, asked);
      await this.store.told(
        requests.map(({ id }) => id),
        this.clock.now(),
      );
    });
  }

  private async perPerson(requests: readonly ApprovalRequest[]): Promise<{ person: AccountHolder; asked: ApprovalRequest[] }[]> {
    const byUser = new Map<string, { person: AccountHolder; asked: ApprovalRequest[] }>();
    for (const request of requests) {
      const kind = this.kinds.find(request.kind);
      if (!kind) continue;
      const people = await this.identity.holdersOf(kind.decideWith);
      for (const person of decidersOf(request, await this.kinds.ruleOf(kind), people)) {
        const known = byUser.get(person.userId);
        if (known) known.asked.push(request);
        else byUser.set(person.userId, { person, asked: [request] });
      }
    }
    return [...byUser.values()];
  }

  private async write({ userId, email, language }: AccountHolder, asked: readonly ApprovalRequest[]): Promise<void> {
    if (!email) return;
    const titles = (t: Translate): string[] => asked.map((request) => this.kinds.of(request.kind).describe(request, t).title);
    const params = { school: await this.school(), address: `${this.publicUrl}/approvals`, titles };
    await this.notifications.send({
      channel: 'mail',
      to: email,
      template: WAITING,
      params,
      language,
      dedupeKey: `${WAITING.key}:${asked[0]!.id}:${userId}`,
    });
  }
}
