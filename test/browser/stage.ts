import type { Page } from 'playwright-core';
import { IDENTITY, type NewAccount } from '../../src/modules/identity/index.js';
import type { Browser } from '../support/browser.js';
import { PHONE, type Chromium, type Window } from '../support/chromium.js';
import type { SchoolUnderTest } from '../support/app.js';
import { sql } from '../support/database/sql.js';

/** How one gets to see a view: an address, or steps that end there. */
export type Visit = string | ((stage: Stage) => Promise<string | void>);

export const PASSWORD = 'a-password-for-visitors-7';
let people = 0;

/** A window in a school, with what visits need to find their way. */
export class Stage {
  private window: Window | null = null;
  private whose: Browser | 'stranger' | null = null;

  constructor(
    private readonly chromium: Chromium,
    readonly school: SchoolUnderTest,
    /** Holds every role of the staff. */
    readonly everyone: Browser,
    /** The platform's own pages. */
    readonly coreUrl: string,
    /** Who may do everything there. */
    readonly superAdmin: Browser,
  ) {}

  get page(): Page {
    if (!this.window) throw new Error('No window is open');
    return this.window.page;
  }

  troubles(): string[] {
    return this.window?.troubles() ?? [];
  }

  /** The window of this person; the one that is open, if it is theirs. */
  async be(person: Browser | 'stranger', url = this.school.url): Promise<void> {
    if (this.whose !== person || person === 'stranger') {
      await this.close();
      this.window = await this.chromium.open(url, person === 'stranger' ? {} : { person });
      this.whose = person;
    }
    await this.page.setViewportSize(PHONE);
  }

  async close(): Promise<void> {
    await this.window?.close();
    this.window = null;
  }

  /** The first value of the first column. */
  async one(text: string, values: unknown[] = []): Promise<string> {
    const [row] = await sql(this.school.database, text, values);
    const value = row && Object.values(row)[0];
    if (!value) throw new Error(`Nothing found by: ${text}`);
    return value;
  }

  id(table: string, where = 'true'): Promise<string> {
    return this.one(`select id from ${table} where ${where} order by id limit 1`);
  }

  async account(given: Partial<NewAccount> = {}): Promise<{ id: string; email: string }> {
    people += 1;
    const email = `visitor${people}@school.test`;
    const { userId } = await this.school.run(() =>
      this.school.get(IDENTITY).createAccount({
        name: `Visitor ${people}`,
        email,
        roles: ['teacher'],
        by: { password: PASSWORD },
        actor: this.school.office,
        ...given,
      }),
    );
    return { id: userId, email };
  }

  async signIn(email: string): Promise<void> {
    await this.page.goto('/login/password');
    await this.page.fill('[name=login]', email);
    await this.page.fill('[name=password]', PASSWORD);
    await this.press('main form button:not([formaction])');
  }

  /** Presses what sends a form or follows a link, and waits for the page after it. */
  async press(selector: string): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), this.page.locator(selector).first().click()]);
  }

  /** The text of the newest message to somebody, from the local mailbox. */
  async message(to: string): Promise<string> {
    const reader = this.school.stranger();
    for (let tries = 0; tries < 200; tries += 1) {
      const { html } = await reader.get('/dev/mail');
      const row = html.split('<tr').find((part) => part.includes(to));
      const link = row?.match(/href="(\/dev\/mail\/[^"]+)"/)?.[1];
      if (link) return (await reader.get(link)).html;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`Nothing came for ${to}`);
  }
}

/** As somebody who is not signed in. */
export function stranger(path: string): Visit {
  return async (stage) => {
    await stage.be('stranger');
    return path;
  };
}
