import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { newId } from '../../kernel/id.js';
import { checkedMail, type Mail, type Mailer } from './mailer.js';

const Letter = z.object({
  id: z.string(),
  channel: z.enum(['mail', 'sms']),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string().nullable(),
  attachments: z.array(z.object({ name: z.string(), type: z.string(), size: z.number() })),
  sentAt: z.iso.datetime(),
});
export type Letter = z.infer<typeof Letter>;

const KEPT = 500;

/**
 * What would have been sent, as files in a folder: `<id>.json` to read here, `<id>.eml` to open in a mail program.
 * For the local launcher only, where nobody has a mail service.
 */
export class LocalMailbox {
  private written = 0;

  constructor(private readonly folder: string) {}

  /** @param schoolId the platform's own when null */
  static of(dataFolder: string, schoolId: string | null): LocalMailbox {
    return new LocalMailbox(path.join(dataFolder, 'mail', schoolId ?? 'core'));
  }

  async deliver(letter: Omit<Letter, 'id' | 'sentAt'>, eml: Buffer | null, key?: string): Promise<void> {
    const id = key ? key.replace(/[^\w-]/g, '-') : newId();
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    if (eml) await this.write(`${id}.eml`, eml);
    await this.write(`${id}.json`, JSON.stringify({ id, ...letter, sentAt: new Date().toISOString() } satisfies Letter));
    this.written += 1;
    if (this.written % 50 === 0) await this.prune();
  }

  /** Newest first. */
  async list(): Promise<Letter[]> {
    const names = await readdir(this.folder).catch(() => []);
    const letters = await Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => this.read(name.slice(0, -5))));
    return letters.filter((letter) => letter !== null).sort((a, b) => (a.sentAt < b.sentAt ? 1 : -1));
  }

  async find(id: string): Promise<Letter | null> {
    return /^[\w-]{1,100}$/.test(id) ? this.read(id) : null;
  }

  async eml(id: string): Promise<Buffer | null> {
    return /^[\w-]{1,100}$/.test(id) ? readFile(path.join(this.folder, `${id}.eml`)).catch(() => null) : null;
  }

  private async read(id: string): Promise<Letter | null> {
    const text = await readFile(path.join(this.folder, `${id}.json`), 'utf8').catch(() => 'null');
    const parsed = Letter.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  }

  private async write(name: string, content: Buffer | string): Promise<void> {
    const temporary = path.join(this.folder, `${newId()}.part`);
    await writeFile(temporary, content, { mode: 0o600 });
    await rename(temporary, path.join(this.folder, name));
  }

  private async prune(): Promise<void> {
    for (const { id } of (await this.list()).slice(KEPT)) {
      await rm(path.join(this.folder, `${id}.json`), { force: true });
      await rm(path.join(this.folder, `${id}.eml`), { force: true });
    }
  }
}

export class LocalMailer implements Mailer {
  readonly repeatable = true;

  constructor(
    private readonly mailbox: LocalMailbox,
    private readonly from: string,
  ) {}

  async send(mail: Mail): Promise<void> {
    const checked = checkedMail(mail);
    const { to, subject, text, html, attachments = [] } = checked;
    const listed = attachments.map(({ name, type, content }) => ({ name, type, size: content.length }));
    await this.mailbox.deliver(
      { channel: 'mail', to, subject, text, html: html ?? null, attachments: listed },
      await this.compose(checked),
      mail.key,
    );
  }

  private async compose(mail: Mail): Promise<Buffer> {
    const { default: nodemailer } = await import('nodemailer');
    const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
    const attachments = mail.attachments?.map(({ name, type, content }) => ({ filename: name, contentType: type, content }));
    const { message } = await transport.sendMail({
      from: this.from,
      to: mail.to,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      headers: mail.headers,
      attachments,
    });
    return message as Buffer;
  }
}
