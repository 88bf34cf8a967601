import { newId } from '../../../src/kernel/id.js';
import { LEDGER } from '../../../src/modules/finance/index.js';
import { UNIT } from '../../../src/platform/tokens.js';
import { Cheques } from '../../../src/modules/fees/banking/cheques.js';
import { FormerReceipts } from '../../../src/modules/fees/opening/former-receipts.js';
import { Structures } from '../../../src/modules/fees/structures/structures.js';
import { VoteHeads } from '../../../src/modules/fees/structures/vote-heads.js';
import { PAYING } from '../../../src/modules/fees/index.js';
import { SCHOOL } from '../../../src/modules/school/index.js';
import { openBooks } from '../books.js';
import type { Stage, Visit } from '../stage.js';

/** Vote heads and structures, as the bursar sees them: one published, one a draft. */
export const feesVisits: Record<string, Visit> = {
  'fees/index': (stage) => arranged(stage, () => '/fees'),
  'fees/vote-heads/index': (stage) => arranged(stage, () => '/fees/vote-heads'),
  'fees/vote-heads/usual': (stage) => arranged(stage, () => '/fees/vote-heads/usual'),
  'fees/vote-heads/new': (stage) => arranged(stage, () => '/fees/vote-heads/new'),
  'fees/vote-heads/edit': (stage) => arranged(stage, ({ head }) => `/fees/vote-heads/${head}/edit`),
  'fees/structures/new': (stage) => arranged(stage, () => '/fees/structures/new'),
  'fees/structures/show': (stage) => arranged(stage, ({ published }) => `/fees/structures/${published}`),
  'fees/structures/copy': (stage) => arranged(stage, ({ published }) => `/fees/structures/${published}/copies/new`),
  'fees/structures/edit': (stage) => arranged(stage, ({ draft }) => `/fees/structures/${draft}/edit`),
  'fees/structures/amounts': (stage) => arranged(stage, ({ draft }) => `/fees/structures/${draft}/amounts`),
  'fees/structures/publish': (stage) => arranged(stage, ({ draft }) => `/fees/structures/${draft}/publication`),
  'fees/structures/discard': (stage) => arranged(stage, ({ draft }) => `/fees/structures/${draft}/discarding`),
  'fees/cheques/index': (stage) => withCheque(stage, () => '/fees/cheques'),
  'fees/cheques/bank': (stage) => withCheque(stage, () => '/fees/cheques/deposits/new'),
  'fees/cheques/deposit': (stage) =>
    withCheque(stage, async (paymentId) => {
      const { school } = stage;
      const accountId = (await school.get(LEDGER).accounts()).find((one) => one.role === 'bank')!.id;
      return `/fees/cheques/deposits/${await school.get(Cheques).bank(school.office, { paymentIds: [paymentId], accountId, slipNumber: `SLIP ${newId().slice(-6)}`, bankedOn: await school.get(SCHOOL).today() })}`;
    }),
  'fees/former-receipts/index': async (stage) => {
    await formerReceipt(stage);
    return '/fees/former-receipts';
  },
  'fees/former-receipts/show': async (stage) => `/fees/former-receipts/${await formerReceipt(stage)}`,
  'fees/slips/undo': async (stage) => `/fees/slips/${await slip(stage)}/undoing`,
  'fees/slips/account': async (stage) => `/fees/slips/${await slip(stage)}/account`,
};

/** A receipt of an earlier system, with words as long as they get. */
async function formerReceipt(stage: Stage): Promise<string> {
  const { school } = stage;
  const receipt = {
    studentId: await stage.id('students'),
    number: `RCPT/2025/${newId().slice(-6)}`,
    receivedOn: '2025-09-15',
    amountMinor: 1_850_050,
    method: 'Cheque, Kenya Commercial Bank',
    payerName: 'Wilhelmina Kariuki-Oduya and Sons Hardware',
    note: 'Term 3, 2025, boarding and lunch',
  };
  const kept = await school.run(() =>
    school.get(UNIT)(() => school.get(FormerReceipts).keep(school.office, newId(), [{ n: 1, ...receipt }])),
  );
  return kept[0]!.id;
}

async function slip(stage: Stage): Promise<string> {
  const deposit = await withCheque(stage, async (paymentId) => {
    const { school } = stage;
    const accountId = (await school.get(LEDGER).accounts()).find((one) => one.role === 'bank')!.id;
    return school.get(Cheques).bank(school.office, {
      paymentIds: [paymentId],
      accountId,
      slipNumber: `SLIP ${newId().slice(-6)}`,
      bankedOn: await school.get(SCHOOL).today(),
    });
  });
  return (await stage.school.run(() => stage.school.get(Cheques).deposit(stage.school.office, deposit))).slipId;
}

async function withCheque(stage: Stage, pathOf: (paymentId: string) => string | Promise<string>): Promise<string> {
  const { school } = stage;
  const studentId = await stage.id('students');
  return arranged(stage, () => '').then(() =>
    school.run(async () => {
      const { paymentId } = await school.get(PAYING).receive(school.office, {
        method: 'cheque',
        amountMinor: 1_850_050,
        currency: 'KES',
        receivedOn: await school.get(SCHOOL).today(),
        payerName: 'Wilhelmina Kariuki-Oduya and Sons Hardware',
        references: [{ scheme: 'cheque', issuer: 'Kenya Commercial Bank', value: newId().slice(-6) }],
        shares: [{ studentId, amountMinor: 1_850_050 }],
        client: 'user:visit',
        clientKey: newId(),
        by: 'person',
      });
      return pathOf(paymentId);
    }),
  );
}

async function arranged(
  stage: Stage,
  pathOf: (ids: { head: string; draft: string; published: string }) => string,
): Promise<string> {
  const { school } = stage;
  return school.run(async () => {
    const actor = school.office;
    const ledger = school.get(LEDGER);
    await openBooks(school);
    const year = await school.get(SCHOOL).currentYear();
    const code = newId().slice(-10).toUpperCase();
    const head = await school.get(VoteHeads).add(actor, {
      code,
      name: 'Electricity, water and conservancy',
      kind: 'income',
      frequency: 'term',
      mandatory: true,
      priority: 4,
      accountId: (await ledger.account('fees')).id,
    });
    const structures = school.get(Structures);
    const write = async (name: string): Promise<string> => {
      const id = await structures.draft(actor, {
        yearId: year.id,
        name,
        audience: { classIds: [], streamIds: [], boarding: 'boarder' },
      });
      await structures.setLines(
        actor,
        id,
        year.terms.map((term, n) => ({ headId: head, termId: term.id, amountMinor: 26_777_00 - n * 50 })),
        1,
      );
      return id;
    };
    const published = await write('Boarders of the whole school');
    await structures.publish(actor, published);
    return pathOf({
      head,
      published,
      draft: await structures.copy(actor, published, {
        yearId: year.id,
        name: 'Boarders of Grade 10',
        audience: { classIds: [], streamIds: [], boarding: 'boarder' },
        raiseBasisPoints: 500,
      }),
    });
  });
}
