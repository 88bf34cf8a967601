import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { newId } from '../../src/kernel/id.js';
import { formatMoney } from '../../src/kernel/money.js';
import { Awards } from '../../src/modules/fees/awards/awards.js';
import { Receiving } from '../../src/modules/fees/receiving/receive.js';
import { Structures } from '../../src/modules/fees/structures/structures.js';
import { VoteHeads } from '../../src/modules/fees/structures/vote-heads.js';
import { CHART_STORE } from '../../src/modules/finance/ports.js';
import { SCHOOL } from '../../src/modules/school/index.js';
import type { Student } from '../../src/modules/students/index.js';
import { aFamily } from '../support/build.js';
import type { Browser } from '../support/browser.js';
import { Chromium, DESK, PHONE, withoutPrinter, type Window } from '../support/chromium.js';
import { textOfPdf } from '../support/reading/pdf.js';
import { countRows, sql } from '../support/database/sql.js';
import { until } from '../support/waiting.js';
import { aPayingSchool, type PayingSchool } from '../modules/payments/support.js';

const FEES = 24_000_00;
/** By number: what it is, and what FEATURES.md says of the best that is known (pages, then clicks). */
const WORKFLOWS: ReadonlyMap<string, readonly [what: string, target: string]> = new Map([
  ['1', ['Take a payment', 'target 1 p, 2 c']],
  ['2', ['STK from the desk', 'NG 2 p']],
  ['3', ['Suspense', 'NG 1 p, 1 c an item']],
  ['4', ['Term bill run', 'NG 2 p']],
  ['5', ['Discount, decided by the head', '–']],
  ['6', ['Statement at the window', 'NG, RS 2 p']],
  ['7', ['Defaulters and reminders', 'NG 3 p']],
  ['9a', ['Reversal by two people', '–']],
  ['9b', ['Refund by two people', '–']],
  ['10', ['Cash up', 'RS 1 p']],
  ['12', ['Month close', '–']],
]);

/** What a person goes through: pages by their address without what they are about, and deliberate presses. */
class Tally {
  readonly pages: string[] = [];
  clicks = 0;

  see(url: string): void {
    const path = new URL(url).pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id');
    if (path !== this.pages.at(-1)) this.pages.push(path);
  }
}

/** A window of one person, in which presses and pages are counted. */
class Desk {
  tally = new Tally();

  private constructor(private readonly window: Window) {
    this.page.on(
      'framenavigated',
      (frame) => frame === this.page.mainFrame() && frame.url() !== 'about:blank' && this.tally.see(frame.url()),
    );
  }

  static async of(chromium: Chromium, school: PayingSchool, person: Browser): Promise<Desk> {
    const window = await chromium.open(school.url, { person });
    await withoutPrinter(window);
    return new Desk(window);
  }

  get page(): Page {
    return this.window.page;
  }

  /** Where the work begins: what the menu opens. */
  async begin(path: string): Promise<void> {
    this.tally = new Tally();
    await this.page.goto(path);
  }

  async click(what: Locator): Promise<void> {
    this.tally.clicks += 1;
    await what.click();
  }

  async key(name: string): Promise<void> {
    this.tally.clicks += 1;
    await this.page.keyboard.press(name);
  }

  button(name: string | RegExp): Locator {
    return this.page.locator('main').getByRole('button', { name });
  }

  link(name: string | RegExp): Locator {
    return this.page.locator('main').getByRole('link', { name }).first();
  }

  /** Presses a link to a print, which the browser would show; returns what stands on it. */
  async print(name: string): Promise<string> {
    this.tally.clicks += 1;
    const { status, body } = await this.window.fetch((await this.link(name).getAttribute('href'))!);
    assert.equal(status, 200);
    return textOfPdf(body);
  }

  async close(): Promise<void> {
    await this.window.close();
  }

  troubles(): string[] {
    return this.window.troubles();
  }
}

describe('the bursar’s day, workflow by workflow', () => {
  let chromium: Chromium;
  let school: PayingSchool;
  let bursar: Desk;
  let head: Desk;
  let owner: Desk;
  let family: Student[];
  let term: string;
  const measured = new Map<string, Tally>();
  before(async () => {
    chromium = await Chromium.start();
    school = await aPayingSchool({ children: 4, background: true });
    family = (await aFamily(school, 2, { surname: 'Zawadini' })).students;
    const clerk = await school.as('bursar');
    [bursar, head, owner] = [
      await Desk.of(chromium, school, clerk),
      await Desk.of(chromium, school, await school.as('head')),
      await Desk.of(chromium, school, await school.as('owner')),
    ];
    await clerk.submit('/fees/till/opening', { float: '1,000' });
    term = await school.run(async () => {
      const { accounts } = await school.get(CHART_STORE).chart();
      const headId = await school.get(VoteHeads).add(school.office, {
        code: 'TUI',
        name: 'Tuition',
        kind: 'income',
        frequency: 'term',
        mandatory: true,
        priority: 1,
        accountId: accounts.find((one) => one.role === 'fees')!.id,
      });
      const year = await school.get(SCHOOL).currentYear();
      const last = year.terms.at(-1)!.id;
      const structures = school.get(Structures);
      const id = await structures.draft(school.office, {
        yearId: year.id,
        name: 'Whole school',
        audience: { classIds: [], streamIds: [], boarding: null },
      });
      await structures.setLines(school.office, id, [{ headId, termId: last, amountMinor: FEES }], 1);
      await structures.publish(school.office, id);
      await school.get(Awards).addKind(school.office, {
        name: 'Hardship',
        method: 'fixed',
        value: 4_000_00,
        mostBasisPoints: null,
        headIds: [],
        rank: 1,
        limitMinor: null,
        askAbove: 1_000_00,
        sponsored: false,
      });
      return last;
    });
  });
  after(async () => {
    for (const desk of [bursar, head, owner]) await desk?.close();
    await chromium?.stop();
    await school?.stop();
  });

  const owes = (child: Pick<Student, 'id'>): Promise<number> => school.owes(child.id);
  const spoken = ({ surname, firstName }: Student): string => `${surname} ${firstName}`;
  const today = (): Promise<string> => school.run(() => school.get(SCHOOL).today());

  /** Somebody else's half of it: what waits is opened and approved. */
  async function approve(who: Desk): Promise<void> {
    await who.begin('/approvals');
    await who.click(who.page.locator('[data-test=requests] a').first());
    await who.click(who.button(/^Approve/));
    await who.page.waitForURL(/\/approvals(\?.*)?$/);
  }

  function step(number: string, claim: string, work: () => Promise<Tally>): void {
    it(`${number} ${WORKFLOWS.get(number)![0]}: ${claim}`, async () => {
      measured.set(number, await work());
      assert.deepEqual([...bursar.troubles(), ...head.troubles(), ...owner.troubles()], []);
    });
  }

  step('4', 'everybody is billed what was shown before, and families are told, priced before it is sent', async () => {
    await bursar.begin('/fees/billing/new');
    await bursar.page.selectOption('[name=term]', term);
    await bursar.click(bursar.button('Preview'));
    await bursar.page.locator('[data-test=plan]').waitFor();
    await bursar.click(bursar.button(/^Bill 6 students/));
    await bursar.page.locator('#run[data-state=done]').waitFor();
    assert.deepEqual(
      [await owes(family[0]!), await owes(family[1]!), await owes(school.children[0] as Student)],
      [FEES, FEES, FEES],
    );
    await bursar.click(bursar.link('Send bills to families'));
    assert.match(await bursar.page.locator('[data-test=message-preview]').innerText(), /Parts to pay for/i);
    await bursar.click(bursar.button(/^Send/));
    await bursar.page
      .locator('[data-test=told]')
      .getByText(/sent|delivered|waiting/)
      .first()
      .waitFor();
    assert.equal(
      await countRows(school.database, "notifications_messages where template = 'fees.bill'"),
      5,
      'six students, two of them of one family',
    );
    return bursar.tally;
  });

  step('1', 'three letters, the amount, saved and printed, by keyboard on one page', async () => {
    await bursar.begin('/fees/cashier');
    await bursar.page.keyboard.type('zaw', { delay: 20 });
    await bursar.page.locator('#hits a').filter({ hasText: 'Zawadini' }).first().waitFor();
    await bursar.key('Enter');
    await bursar.page.locator('[data-desk]').waitFor();
    assert.match(
      await bursar.page.locator('.fam').innerText(),
      new RegExp(family[1]!.firstName),
      'brothers and sisters stand beside',
    );
    assert.equal(await bursar.page.evaluate<string>('document.activeElement.name'), 'amount');
    await bursar.page.keyboard.type('10000');
    await bursar.key('Control+Enter');
    const receipt = bursar.page.locator('[data-test=receipt]');
    await receipt.waitFor();
    assert.match(await receipt.innerText(), /10,000/);
    assert.match(await receipt.innerText(), /14,000/);
    assert.equal(await bursar.page.evaluate<string>('document.activeElement.id'), 'find', 'the cursor is back in the search');
    const paid = (await owes(family[0]!)) === FEES - 10_000_00 ? family[0]! : family[1]!;
    assert.equal(await owes(paid), FEES - 10_000_00);
    assert.ok(bursar.tally.pages.length <= 1, `pages: ${bursar.tally.pages.join(' ')}`);
    assert.ok(bursar.tally.clicks <= 2, `${bursar.tally.clicks} presses`);
    return bursar.tally;
  });

  it('on a phone the amount stays in sight while it is typed, above one bar to save', async () => {
    const { page } = bursar;
    await page.setViewportSize(PHONE);
    await page.goto(`/fees/cashier?student=${school.children[0]!.id}`);
    await page.fill('[name=amount]', '500');
    await page.locator('[data-test=where]').getByText('23,500').first().waitFor();
    const [inSight, bar] = await page.evaluate<[boolean, number]>(`(() => {
      const amount = document.querySelector('[name=amount]').getBoundingClientRect();
      const top = document.elementFromPoint(amount.left + amount.width / 2, amount.bottom - 4);
      return [top?.name === 'amount', document.querySelector('.till-out').getBoundingClientRect().height];
    })()`);
    await page.setViewportSize(DESK);
    assert.ok(inSight, 'nothing lies over it');
    assert.ok(bar < PHONE.height / 5, `the bar is ${bar} pixels high`);
  });

  step('2', 'the prompt is answered on the phone, and the page says so by itself', async () => {
    const child = family[1]!;
    const before_ = await owes(child);
    await bursar.begin(`/payments/prompts/new?student=${child.id}`);
    assert.notEqual(await bursar.page.inputValue('[name=phone]'), '', 'the phone of who pays stands there');
    await bursar.page.fill('[name=amount]', '2,500');
    await bursar.click(bursar.button('Send the prompt'));
    await bursar.page.locator('[data-live]').waitFor();
    await school.daraja.answer(school.daraja.prompts.at(-1)!, { code: 0 });
    await school.look();
    await school.readLists();
    await bursar.page.locator('[data-live] .flash.ok').waitFor();
    assert.equal(await owes(child), before_ - 2_500_00);
    return bursar.tally;
  });

  step('3', 'the likely child is taken, and the money is booked', async () => {
    const child = family[1]!;
    const before_ = await owes(child);
    await school.daraja.payTo(school.account.shortcode, { amount: '1500.00', billRef: `${spoken(child)}`, payer: 'MARY' });
    await school.look();
    await school.readLists();
    await bursar.begin('/payments/suspense');
    await bursar.click(bursar.button(`Match to ${child.firstName} ${child.surname}`));
    // The page that answers is waited for, so that the next workflow begins on a window at rest.
    await bursar.page.locator('#flash .flash').first().waitFor();
    await until(async () => (await owes(child)) === before_ - 1_500_00, 'The money never came to the child');
    assert.equal(await school.balanceOf('suspense'), 0);
    return bursar.tally;
  });

  step('5', 'the head decides, and what was billed is credited on a line of its own', async () => {
    const child = school.children[0]!;
    const before_ = await school.owes(child.id);
    await bursar.begin(`/fees/students/${child.id}`);
    await bursar.click(bursar.link('Give'));
    await bursar.page.selectOption('[name=kindId]', { index: 1 });
    await bursar.page.selectOption('[name=fromTermId]', term);
    await bursar.page.fill('[name=reason]', 'The harvest failed');
    await bursar.click(bursar.button('Give the award'));
    await bursar.page.waitForURL(/\/fees\/awards(\?|$)/);
    const tally = bursar.tally;
    await approve(head);
    assert.equal(await school.owes(child.id), before_ - 4_000_00);
    assert.match(
      await bursar.page.goto(`/fees/students/${child.id}`).then(() => bursar.page.locator('main').innerText()),
      /Hardship|Credit note/,
    );
    return tally;
  });

  step('6', 'printed for the parent at the window', async () => {
    const child = family[1]!;
    await bursar.begin(`/students/${child.id}`);
    await bursar.click(bursar.page.locator(`main a[href^="/fees/students/${child.id}"]`).first());
    await bursar.page.waitForURL(/\/fees\/students\//);
    const text = await bursar.print('Print');
    for (const word of [child.firstName, 'Invoice', formatMoney(await owes(child), 'KES')])
      assert.ok(text.includes(word), `${word} is not in ${text.slice(0, 1500)}`);
    const { tally } = bursar;
    // The family got one with the receipt of a payment already.
    const links = (): Promise<number> => countRows(school.database, 'fees_statement_links where student_id = $1', [child.id]);
    const before_ = await links();
    await bursar.begin(`/fees/students/${child.id}`);
    await bursar.click(bursar.link('Send a link'));
    await bursar.click(bursar.button('Create the link'));
    await bursar.page
      .getByText(/\/statement\//)
      .first()
      .waitFor();
    assert.equal(await links(), before_ + 1);
    return tally;
  });

  step('7', 'ticked, priced before it is sent, and sent', async () => {
    await sql(
      school.database,
      "update fees_invoices set issued_on = issued_on - 60, due_on = issued_on - 45 where kind = 'invoice'",
    );
    await bursar.begin('/fees/defaulters?min=20,000');
    const rows = bursar.page.locator('[data-test=defaulters] input[name=student]');
    const owing = await rows.count();
    assert.ok(owing >= 3, `${owing} owe so much`);
    await bursar.click(rows.nth(0));
    await bursar.click(rows.nth(1));
    await bursar.click(bursar.page.getByRole('button', { name: 'Remind families' }));
    await bursar.click(bursar.button('Preview'));
    assert.match(await bursar.page.locator('main').innerText(), /KES|part|message/i);
    await bursar.click(bursar.button(/^Send/));
    await bursar.page.waitForURL(/\/fees\/defaulters(\?|$)/);
    await until(
      async () =>
        (await countRows(school.database, "notifications_messages where template = 'fees.reminder' and channel = 'sms'")) >= 1,
      'No message was written',
    );
    return bursar.tally;
  });

  step('9a', 'asked by one, approved by another, mirrored in the books', async () => {
    const child = school.children[1]!;
    const before_ = await school.owes(child.id);
    const paymentId = await pay(child.id, 3_000_00);
    assert.equal(await school.owes(child.id), before_ - 3_000_00);
    await bursar.begin(`/fees/payments/${paymentId}`);
    await bursar.click(bursar.link('Reverse'));
    await bursar.page.fill('[name=reason]', 'Written for the wrong child');
    await bursar.click(bursar.button('Request reversal'));
    await bursar.page.waitForURL(`**/fees/payments/${paymentId}`);
    const { tally } = bursar;
    await approve(owner);
    assert.equal(await school.owes(child.id), before_);
    assert.deepEqual(
      (await sql(school.database, 'select state from fees_payments where id = $1', [paymentId])).map((row) => row.state),
      ['reversed'],
    );
    return tally;
  });

  step('9b', 'credit goes back to who paid it, with a voucher', async () => {
    const child = school.children[2]!;
    const paymentId = await pay(child.id, FEES + 5_000_00, 'Grace Wanjiru');
    assert.equal(await school.owes(child.id), -5_000_00);
    await bursar.begin(`/fees/payments/${paymentId}`);
    await bursar.click(bursar.link('Refund credit'));
    await bursar.page.fill('[name=amount]', '5,000');
    await bursar.page.check('[name=method][value=mobile]');
    await bursar.page.fill('[name=payeeName]', 'Grace Wanjiru');
    await bursar.page.fill('[name=payeeAccount]', '0722 190 211');
    await bursar.page.fill('[name=reason]', 'The family moved away');
    await bursar.click(bursar.button('Ask for the refund'));
    await bursar.page.waitForURL(/\/fees\/refunds\/[0-9a-f-]{36}/);
    const asked = new URL(bursar.page.url()).pathname;
    const first = bursar.tally;
    await approve(owner);
    await bursar.begin(asked);
    await bursar.click(bursar.link(/^Pay out/));
    await bursar.page.fill('[name=reference]', 'SKL4T7QX2M');
    await bursar.click(bursar.button(/^Pay out/));
    await bursar.link('Print voucher').waitFor();
    assert.equal(await school.owes(child.id), 0);
    for (const path of bursar.tally.pages) if (path !== first.pages.at(-1)) first.pages.push(path);
    first.clicks += bursar.tally.clicks;
    return first;
  });

  step('10', 'the count is compared with what was taken, and the session is over', async () => {
    await bursar.begin('/fees/till');
    await bursar.click(bursar.link('Cash up'));
    await bursar.page.fill('[name=counted]', '10,900');
    await bursar.page.fill('[name=note]', 'A note was torn');
    await bursar.click(bursar.button('Close the till'));
    await bursar.link('Z-report').waitFor();
    const [session] = await sql<{ difference: number }>(
      school.database,
      'select (counted_minor - expected_minor)::int as difference from fees_till_sessions',
    );
    assert.equal(session!.difference, -100_00);
    assert.equal(await school.balanceOf('over-short'), 100_00, 'what is short is booked');
    return bursar.tally;
  });

  step('12', 'the checks are green, the month is closed, and nothing can be dated into it', async () => {
    await bursar.begin('/finance/trial-balance');
    await bursar.page.locator('main table').first().waitFor();
    await bursar.page.goto('/finance/books');
    const close = bursar.link('Close the month');
    // In January the only month of the books is the one that runs.
    if ((await today()).slice(5, 7) !== '01') {
      await bursar.click(close);
      assert.match(await bursar.page.locator('main').innerText(), /finds no differences/);
      await bursar.click(bursar.button(/^Close /));
      await bursar.page.waitForURL('**/finance/books');
      assert.equal(await countRows(school.database, 'finance_closings'), 1);
    }
    assert.deepEqual(await school.differences(), []);
    return bursar.tally;
  });

  it('each of them was gone through, and what it takes is written down', (t) => {
    assert.deepEqual([...measured.keys()].sort(), [...WORKFLOWS.keys()].sort());
    t.diagnostic(table(measured));
  });

  /** Paid at the bank some other day: something to work on. @returns its id */
  function pay(studentId: string, amountMinor: number, payerName = ''): Promise<string> {
    return school.run(async () => {
      const receivedOn = await school.get(SCHOOL).today();
      const paid = await school.get(Receiving).receive(school.office, {
        method: 'bank',
        amountMinor,
        currency: 'KES',
        receivedOn,
        payerName,
        references: [{ scheme: 'bank-slip', issuer: 'KCB', value: newId().slice(-10) }],
        shares: [{ studentId, amountMinor }],
        client: 'user:test',
        clientKey: newId(),
        by: 'person',
      });
      return paid.paymentId;
    });
  }
});

function table(measured: ReadonlyMap<string, Tally>): string {
  const rows = [...WORKFLOWS].flatMap(([number, [what, target]]) => {
    const tally = measured.get(number);
    return tally ? [[number, what, `${tally.pages.length} p, ${tally.clicks} c`, target]] : [];
  });
  const all = [['', 'Workflow', 'Here', 'Known best'], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
