import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { onePerFamily, sameMessage, waysTo, type Way } from './family.rules.js';
import { laneOf, type MessageContent } from './message.rules.js';
import { quietUntil } from './quiet-hours.rules.js';
import type {
  Estimate,
  FamilyMessage,
  FamilyMessagesApi,
  FamilyRecipient,
  MessageStanding,
  ToldEach,
  Translate,
} from './index.js';
import type { FamilyStore, MessageStore, OptOutStore, StopLinks } from './ports.js';
import { contentOf, DELIVER, rowOf } from './send.js';

/** How many text messages a text is, after the signs that would double its price are made plain. */
export type Measure = (text: string) => { text: string; segments: number };

interface Written extends Way {
  text: string;
  content: MessageContent;
}

interface Plan {
  /** In the order of the recipients. */
  each: Written[][];
  written: Written[];
  optedOut: number;
  unreachable: number;
}

/** Messages to families: one for each family, none by night, none to who asked for no more. */
export class FamilyMessages implements FamilyMessagesApi {
  constructor(
    private readonly unit: Unit,
    private readonly clock: Clock,
    private readonly store: FamilyStore,
    private readonly optOuts: OptOutStore,
    private readonly outgoing: Pick<MessageStore, 'insertAll' | 'standingOf'>,
    private readonly enqueueAll: (job: string, jobs: readonly { payload: object; key: string; queue: string }[]) => Promise<void>,
    private readonly links: StopLinks,
    private readonly translateTo: (language: string | null) => Translate,
    private readonly measure: Measure,
    /** Short, and the same for the same words. */
    private readonly fingerprint: (words: string) => string,
    private readonly zone: () => Promise<string>,
  ) {}

  tellFamily<Params>(message: FamilyMessage<Params>): Promise<ToldEach> {
    return this.unit(async () => {
      const { each, written, optedOut, unreachable } = await this.plan(message);
      const rows = written.map(({ channel, to, text, content }) => {
        const dedupeKey = `${message.key}:${this.fingerprint(`${channel} ${to} ${text}`)}`;
        return rowOf(
          { channel, to, template: message.template, content, dedupeKey, goodUntil: message.goodUntil ?? null, family: true },
          this.clock.now(),
        );
      });
      const fresh = await this.outgoing.insertAll(rows);
      const messages = fresh.size;
      await this.enqueueAll(
        DELIVER,
        rows
          .filter((row) => fresh.has(row.id))
          .map((row) => ({ payload: { id: row.id }, key: `${DELIVER}:${row.id}`, queue: laneOf(row) })),
      );
      const freshOf = new Map(
        written.flatMap((one, n) => (fresh.has(rows[n]!.id) ? [[sameMessage(one), rows[n]!.id] as const] : [])),
      );
      return {
        messages,
        again: written.length - messages,
        optedOut,
        unreachable,
        messageIds: each.map((ways) => ways.flatMap((one) => freshOf.get(sameMessage(one)) ?? [])),
      };
    });
  }

  async estimate<Params>(message: FamilyMessage<Params>): Promise<Estimate> {
    const { written, optedOut, unreachable } = await this.plan(message);
    const { segmentPriceMinor } = await this.store.settings();
    const texts = written.filter((one) => one.channel === 'sms').map((one) => this.measure(one.text));
    const segments = texts.reduce((sum, one) => sum + one.segments, 0);
    const longest = texts.reduce<(typeof texts)[number] | null>(
      (most, one) => (most && most.segments >= one.segments ? most : one),
      null,
    );
    return {
      messages: written.length,
      sms: texts.length,
      mails: written.length - texts.length,
      segments,
      costMinor: segmentPriceMinor === null ? null : segments * segmentPriceMinor,
      optedOut,
      unreachable,
      waitsUntil: await this.heldUntil(),
      sample: longest ?? (written[0] ? { text: written[0].text, segments: 0 } : null),
    };
  }

  standingOf(ids: readonly string[]): Promise<MessageStanding[]> {
    return this.outgoing.standingOf(ids);
  }

  /** While families sleep: when they are written to again. */
  async heldUntil(): Promise<Date | null> {
    const { quietFrom, quietUntil: until } = await this.store.settings();
    return quietUntil(this.clock.now(), await this.zone(), { from: quietFrom, until });
  }

  async stopped(address: string): Promise<boolean> {
    return (await this.optOuts.among([address])).size > 0;
  }

  private async plan<Params>(message: FamilyMessage<Params>): Promise<Plan> {
    const reached = message.to.map((recipient) => ({ recipient, ways: waysTo(recipient, message.prefer ?? 'sms') }));
    const stopped = await this.optOuts.among([...new Set(reached.flatMap(({ ways }) => ways.map((way) => way.to)))]);
    const open = reached.map(({ recipient, ways }) => ({ recipient, ways: ways.filter((way) => !stopped.has(way.to)) }));
    const each = open.map(({ recipient, ways }) => ways.map((way) => this.write(message, recipient, way)));
    return {
      each,
      written: onePerFamily(each.flat()),
      optedOut: stopped.size,
      unreachable: reached.filter(({ ways }) => ways.length === 0).length,
    };
  }

  private write<Params>({ template }: FamilyMessage<Params>, { language, params }: FamilyRecipient<Params>, way: Way): Written {
    const t = this.translateTo(language);
    const content = contentOf(template, params, way.channel, t);
    if (way.channel === 'sms') return { ...way, text: content.text, content };
    const { page, oneClick } = this.links.to(way.to);
    const headers = {
      ...content.headers,
      'List-Unsubscribe': `<${oneClick}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    };
    return {
      ...way,
      text: content.text,
      content: { ...content, headers, text: `${content.text}\n\n${t('To stop these messages: {{page}}', { page })}` },
    };
  }
}
