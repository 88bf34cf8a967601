import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { Invalid } from '../../../kernel/errors.js';
import type { LedgerApi } from '../../finance/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { StudentBrief, StudentsApi } from '../../students/index.js';
import { normalisedReference, paperReferences } from '../receiving/payment.rules.js';
import { checkLines, partsOf, sharesOf, type CheckedLine, type Purpose, type WrittenLine } from './sponsor-split.rules.js';
import type { Received } from '../index.js';
import type { AwardStore, PaymentStore, Sponsor, SponsorStore } from '../ports.js';
import type { Desk, MoneyGiven } from '../receiving/desk.js';
import type { Receiving } from '../receiving/receive.js';

export const MOST_LINES = 1_000;

export interface SponsorMoney extends MoneyGiven {
  amountMinor: number;
  currency: string;
  receivedOn: string;
  memo: string;
  purpose: Purpose;
  lines: readonly WrittenLine[];
  /** It is known that the same was taken in cash for one of the children today, and meant. */
  sure: boolean;
  client: string;
  clientKey: string;
}

/** A line with where its money would go and how that account stands now; minor units. */
export interface SplitLine extends CheckedLine<StudentBrief> {
  billsMinor: number;
  familyMinor: number;
  /** Open on the sponsor's own bills for this child. */
  billsOpenMinor: number;
  /** What the family owes; below zero it has paid ahead. */
  familyOwesMinor: number;
}

export interface Split {
  lines: SplitLine[];
  sumMinor: number;
  wrong: number;
}

/** A child whom the sponsor pays for by an award, with what is open on its bills. */
export interface Awarded {
  student: StudentBrief;
  openMinor: number;
}

export interface SponsorPaymentParts {
  desk: Desk;
  receiving: Pick<Receiving, 'demandFree'>;
  store: Pick<PaymentStore, 'openItems'>;
  sponsors: Pick<SponsorStore, 'all'>;
  awards: Pick<AwardStore, 'active'>;
  ledger: Pick<LedgerApi, 'balances'>;
  students: Pick<StudentsApi, 'payees' | 'holders'>;
  school: Pick<SchoolApi, 'today'>;
}

/** One payment of a sponsor for many students: the money once, a receipt for each account that it settles. */
export class SponsorPayments {
  constructor(private readonly parts: SponsorPaymentParts) {}

  async sponsor(actor: Actor, sponsorId: string): Promise<Sponsor> {
    demand(actor, 'fees.receive');
    const sponsor = (await this.parts.sponsors.all()).find((one) => one.id === sponsorId);
    if (!sponsor) throw new Missing('sponsor');
    return sponsor;
  }

  /** Those with an award in force that this sponsor pays, by number. */
  async awarded(actor: Actor, sponsorId: string): Promise<Awarded[]> {
    demand(actor, 'fees.receive');
    const { awards, students, store } = this.parts;
    const ids = [...new Set((await awards.active()).filter((one) => one.sponsorId === sponsorId).map((one) => one.studentId))];
    if (ids.length === 0) return [];
    const [holders, items] = await Promise.all([students.holders(ids), store.openItems(ids)]);
    const open = openOf(items.filter((item) => item.payerId === sponsorId));
    return holders
      .map((student) => ({ student, openMinor: open.get(student.id) ?? 0 }))
      .sort((a, b) => (a.student.admissionNo < b.student.admissionNo ? -1 : 1));
  }

  /** Who is meant by each line and where its money would go: as many statements for one as for all. */
  async look(actor: Actor, sponsorId: string, lines: readonly WrittenLine[], purpose: Purpose): Promise<Split> {
    demand(actor, 'fees.receive');
    const { students, store, ledger } = this.parts;
    const checked = checkLines(lines, lines.length > 0 ? await students.payees() : []);
    const ids = [...new Set(checked.flatMap(({ student }) => (student ? [student.id] : [])))];
    const [items, owing] =
      ids.length > 0 ? await Promise.all([store.openItems(ids), ledger.balances(ids)]) : [[], new Map<string, number>()];
    const open = openOf(items.filter((item) => item.payerId === sponsorId));
    const split = checked.map((line): SplitLine => {
      const billsOpenMinor = open.get(line.student?.id ?? '') ?? 0;
      return {
        ...line,
        ...partsOf(line.amountMinor ?? 0, billsOpenMinor, purpose),
        billsOpenMinor,
        familyOwesMinor: owing.get(line.student?.id ?? '') ?? 0,
      };
    });
    return {
      lines: split,
      sumMinor: split.reduce((sum, line) => sum + (line.amountMinor ?? 0), 0),
      wrong: split.filter((line) => line.problem !== null).length,
    };
  }

  /** Everything that saving would refuse, and nothing written. @throws Invalid, RuleBroken or Conflict as `receive` does */
  async check(actor: Actor, sponsorId: string, given: SponsorMoney): Promise<Split> {
    const { desk, receiving, school } = this.parts;
    const split = await this.complete(actor, sponsorId, given);
    await desk.bankOf(given);
    if (given.receivedOn > (await school.today())) throw new Invalid({ receivedOn: 'This date is in the future' });
    await receiving.demandFree(
      given,
      paperReferences(given.method, given.reference, given.bank, given.currency).map(normalisedReference),
    );
    return split;
  }

  /** Once for each key. @throws RuleBroken `twice` when the same was taken in cash for one of the children on this day, unless that is meant */
  async receive(actor: Actor, sponsorId: string, given: SponsorMoney): Promise<Received> {
    const sponsor = await this.sponsor(actor, sponsorId);
    const { lines: written, purpose, ...money } = given;
    const { lines } = await this.complete(actor, sponsorId, given);
    const shares = lines.flatMap((line) => sharesOf(line.student!.id, sponsorId, line));
    const basis = JSON.stringify([sponsorId, purpose, written.map(({ amountMinor }, n) => [lines[n]!.student!.id, amountMinor])]);
    return this.parts.desk.take(actor, { ...money, payerName: sponsor.name, sponsorId, shares, basis });
  }

  /** The list without a mistake, and to the cent what was paid. */
  private async complete(actor: Actor, sponsorId: string, { lines, purpose, amountMinor }: SponsorMoney): Promise<Split> {
    if (lines.length === 0) throw new Invalid({ lines: 'Enter a line for each student, or choose a file' });
    if (lines.length > MOST_LINES) throw new Invalid({ lines: 'At most 1,000 students in one payment' });
    const split = await this.look(actor, sponsorId, lines, purpose);
    if (split.wrong > 0)
      throw new Invalid({ lines: split.wrong === 1 ? 'One line needs correcting' : `${split.wrong} lines need correcting` });
    if (split.sumMinor !== amountMinor)
      throw new Invalid({
        amount:
          split.sumMinor < amountMinor ? 'The lines add up to less than was paid' : 'The lines add up to more than was paid',
      });
    return split;
  }
}

function openOf(items: readonly { studentId: string; openMinor: number }[]): Map<string, number> {
  const open = new Map<string, number>();
  for (const { studentId, openMinor } of items) open.set(studentId, (open.get(studentId) ?? 0) + openMinor);
  return open;
}
