import type { App } from '../../../app.js';
import type { Actor } from '../../../kernel/actor.js';
import { newId } from '../../../kernel/id.js';
import { currencyExponent } from '../../../kernel/money.js';
import { Structures, VoteHeads } from '../../../modules/fees/operations.js';
import { LEDGER, type SystemRole } from '../../../modules/finance/index.js';
import { Accounts, BooksKeeping, Journals } from '../../../modules/finance/operations.js';
import { SCHOOL } from '../../../modules/school/index.js';
import { SUBJECTS } from '../../../modules/subjects/index.js';

type HeadPlan = [
  code: string,
  name: string,
  kind: 'income' | 'deposit' | 'for-others',
  frequency: 'term' | 'year' | 'once',
  mandatory: boolean,
  role: SystemRole | null,
  account: string,
];

const HEADS: readonly HeadPlan[] = [
  ['TUI', 'Tuition', 'income', 'term', true, 'fees', ''],
  ['BRD', 'Boarding', 'income', 'term', true, null, '4010'],
  ['ACT', 'Activities', 'income', 'term', true, null, '4040'],
  ['EXM', 'Examination fee', 'for-others', 'year', true, 'for-others', ''],
  ['ADM', 'Admission', 'income', 'once', true, 'fees', ''],
  ['CAU', 'Caution money', 'deposit', 'once', true, 'caution', ''],
  ['TRA', 'Transport', 'income', 'term', false, null, '4020'],
  ['LUN', 'Lunch', 'income', 'term', false, null, '4030'],
];
/** Day scholars in whole units of the currency: the first term, and how much less the later ones are. */
const AMOUNTS: Record<string, number> = { TUI: 24_000, ACT: 1_500, ADM: 2_000, CAU: 3_000, TRA: 9_500, LUN: 7_800 };
const BOARDERS: Record<string, number> = { BRD: 18_500 };
const CANDIDATES: Record<string, number> = { EXM: 4_200 };
const OFTEN = 0.9;
/** Fees come into the first bank, salaries leave the second. */
export const SALARIES_BANK = { code: '1040', name: 'Bank account for salaries' };

/** The books of the running financial year with what was in the bank before, and what the school charges this year. */
export async function openBooks(app: App, actor: Actor): Promise<void> {
  const get = app.container.get.bind(app.container);
  const school = get(SCHOOL);
  const year = await school.currentYear();
  const startsOn = `${(await school.today()).slice(0, 4)}-01-01`;
  await get(BooksKeeping).open(actor, { variant: 'private', yearStartsMonth: 1, startsOn, release: 'term' });
  const unit = 10 ** currencyExponent((await school.profile()).currency);
  const [bank, fund] = [await get(LEDGER).account('bank'), await get(LEDGER).account('accumulated')];
  const row = { memo: '', costCentreId: null };
  const rows = [
    { ...row, accountId: bank.id, debitMinor: 1_450_000 * unit, creditMinor: null },
    { ...row, accountId: fund.id, debitMinor: null, creditMinor: 1_450_000 * unit },
  ];
  await get(Journals).post(actor, { key: newId(), valueOn: startsOn, memo: 'Opening balance of the bank', rows });

  await get(Accounts).add(actor, {
    ...SALARIES_BANK,
    kind: 'asset',
    fundId: null,
    atBank: true,
    bankName: '',
    bankBranch: '',
    bankNumber: '',
  });
  const headIds = await writeHeads(app, actor);
  const terms = year.terms.map((term) => term.id);
  const linesOf = (amounts: Record<string, number>) =>
    Object.entries(amounts).flatMap(([code, amount]) => {
      const each = HEADS.find(([head]) => head === code)![3] === 'term' ? terms : terms.slice(0, 1);
      return each.map((termId, n) => ({
        headId: headIds.get(code)!,
        termId,
        amountMinor: (n === 0 ? amount : Math.round((amount * OFTEN) / 100) * 100) * unit,
      }));
    });
  const structures = get(Structures);
  const publish = async (
    name: string,
    audience: { classIds: string[]; boarding: 'boarder' | null },
    amounts: Record<string, number>,
  ): Promise<void> => {
    const id = await structures.draft(actor, { yearId: year.id, name, audience: { streamIds: [], ...audience } });
    await structures.setLines(actor, id, linesOf(amounts), 1);
    await structures.publish(actor, id);
  };
  const { classes } = await get(SUBJECTS).classList();
  const last = classes.filter((one) => one.active && one.nextClassId === null).map((one) => one.id);
  await publish('Whole school', { classIds: [], boarding: null }, AMOUNTS);
  if ((await school.profile()).type !== 'day') await publish('Boarders', { classIds: [], boarding: 'boarder' }, BOARDERS);
  if (last.length > 0) await publish('Candidates', { classIds: last, boarding: null }, CANDIDATES);
}

/** Those that are over before a day. Each is checked against all that is booked by then, so that early ones cost least. */
export async function closeMonths(app: App, actor: Actor, before: string): Promise<void> {
  const books = app.container.get(BooksKeeping);
  const { closedThrough } = (await app.container.get(LEDGER).openBooks())!;
  const { months } = await books.months(actor);
  for (const month of months.filter((one) => one.endsOn < before && one.endsOn > (closedThrough ?? '')))
    await books.close(actor, month.id, '');
}

async function writeHeads(app: App, actor: Actor): Promise<Map<string, string>> {
  const heads = app.container.get(VoteHeads);
  const accounts = await heads.accounts();
  const ids = new Map<string, string>();
  for (const [n, [code, name, kind, frequency, mandatory, role, account]] of HEADS.entries()) {
    const { id: accountId } = accounts.find((one) => (role ? one.role === role : one.code === account))!;
    ids.set(code, await heads.add(actor, { code, name, kind, frequency, mandatory, accountId, priority: n + 1 }));
  }
  return ids;
}
