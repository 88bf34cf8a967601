import type { FeesApi, PayingApi } from './index.js';
import type { Charges } from './billing/charges.js';

/** Both halves of the door: what students owe, and what is paid. */
export class FeesDoor implements FeesApi {
  readonly charge: FeesApi['charge'];
  readonly receive: FeesApi['receive'];
  readonly paymentOf: FeesApi['paymentOf'];
  readonly traced: FeesApi['traced'];
  readonly verify: FeesApi['verify'];
  readonly giveUp: FeesApi['giveUp'];
  readonly paymentsOf: FeesApi['paymentsOf'];
  readonly balanceOf: FeesApi['balanceOf'];
  readonly balancesOf: FeesApi['balancesOf'];
  readonly overdueOf: FeesApi['overdueOf'];
  readonly levelShares: FeesApi['levelShares'];

  constructor(charges: Pick<Charges, 'charge'>, paying: PayingApi) {
    this.charge = (actor, charge) => charges.charge(actor, charge);
    this.receive = (actor, payment) => paying.receive(actor, payment);
    this.paymentOf = (reference) => paying.paymentOf(reference);
    this.traced = (numbers) => paying.traced(numbers);
    this.verify = (actor, id, seen) => paying.verify(actor, id, seen);
    this.giveUp = (actor, id, why) => paying.giveUp(actor, id, why);
    this.paymentsOf = (studentId) => paying.paymentsOf(studentId);
    this.balanceOf = (payer) => paying.balanceOf(payer);
    this.balancesOf = (ids) => paying.balancesOf(ids);
    this.overdueOf = (ids) => paying.overdueOf(ids);
    this.levelShares = (minor, ids) => paying.levelShares(minor, ids);
  }
}
