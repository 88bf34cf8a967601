import type { App } from '../../../app.js';
import type { Actor } from '../../../kernel/actor.js';
import { addDays } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/id.js';
import { currencyExponent } from '../../../kernel/money.js';
import { VoteHeads } from '../../../modules/fees/operations.js';
import { LEDGER } from '../../../modules/finance/index.js';
import { Journals } from '../../../modules/finance/operations.js';
import { SCHOOL } from '../../../modules/school/index.js';
import { STUDENTS } from '../../../modules/students/index.js';
import { SALARIES_BANK } from './books.js';

type Rows = Parameters<Journals['post']>[1]['rows'];
type Cost = [account: string, head: string, each: number];

/** What a month costs in whole units of the currency for each learner, under the vote head that pays for it. */
const VOUCHERS: readonly { day: string; memo: string; from: 'bank' | 'salaries'; costs: readonly Cost[] }[] = [
  {
    day: '14',
    memo: 'Food, power, transport and supplies of the month',
    from: 'bank',
    costs: [
      ['5200', 'LUN', 310],
      ['5210', 'BRD', 260],
      ['5300', 'TUI', 150],
      ['5320', 'TRA', 190],
      ['5100', 'TUI', 120],
      ['5410', 'ACT', 80],
      ['5400', 'TUI', 60],
    ],
  },
  {
    day: '28',
    memo: 'Salaries of the month',
    from: 'salaries',
    costs: [
      ['5000', 'TUI', 2_450],
      ['5010', 'TUI', 640],
    ],
  },
];

/** Paid from the banks in each month after that of the first bill, up to today; what salaries take is moved to their bank the day before. */
export async function spend(app: App, actor: Actor, firstBill: string): Promise<void> {
  const get = app.container.get.bind(app.container);
  const [today, { currency }, { length: learners }] = [
    await get(SCHOOL).today(),
    await get(SCHOOL).profile(),
    await get(STUDENTS).onRoll(),
  ];
  const accounts = new Map((await get(LEDGER).accounts()).map((one) => [one.code, one.id]));
  const heads = new Map((await get(VoteHeads).list(actor)).map((head) => [head.code, head.id]));
  const banks = { bank: (await get(LEDGER).account('bank')).id, salaries: accounts.get(SALARIES_BANK.code)! };
  const row = { memo: '', costCentreId: null };
  const unit = 10 ** currencyExponent(currency);
  const post = (valueOn: string, memo: string, to: Rows, accountId: string) =>
    get(Journals).post(actor, {
      key: newId(),
      valueOn,
      memo,
      rows: [
        ...to,
        { ...row, accountId, debitMinor: null, creditMinor: to.reduce((sum, one) => sum + (one.debitMinor ?? 0), 0) },
      ],
    });
  for (let month = monthAfter(firstBill); month <= today.slice(0, 7); month = monthAfter(month)) {
    for (const { day, memo, from, costs } of VOUCHERS.filter((one) => `${month}-${one.day}` <= today)) {
      const rows = costs.map(([account, head, each]) => ({
        ...row,
        accountId: accounts.get(account)!,
        debitMinor: each * learners * unit,
        creditMinor: null,
        voteHeadId: heads.get(head)!,
      }));
      const paid = rows.reduce((sum, one) => sum + one.debitMinor, 0);
      const on = `${month}-${day}`;
      if (from === 'salaries')
        await post(
          addDays(on, -1),
          'To the bank account for salaries',
          [{ ...row, accountId: banks.salaries, debitMinor: paid, creditMinor: null }],
          banks.bank,
        );
      await post(on, memo, rows, banks[from]);
    }
  }
}

function monthAfter(day: string): string {
  return addDays(`${day.slice(0, 7)}-28`, 7).slice(0, 7);
}
