import type { Container } from 'inversify';
import type { Permission } from '../../../platform/module.js';
import { provide } from '../../../platform/provide.js';
import { APPROVAL_KINDS } from '../../approvals/index.js';
import { TAKING_BACK } from '../index.js';
import { PostgresMoveStore } from './adapters/move.store.js';
import { Moving } from './moving.js';
import { MOVE_STORE } from './ports.js';
import { REVERSE, TakingBack } from './reversals.js';

export const REVERSAL_PERMISSIONS: readonly Permission[] = [
  {
    key: REVERSE,
    label: 'Reverse receipts and record bounced cheques',
    group: 'Fees',
    roles: ['owner', 'bursar'],
    guarded: 'money',
  },
  {
    key: 'fees.reverse.approve',
    label: 'Approve the reversal of receipts',
    group: 'Fees',
    roles: ['owner', 'head', 'bursar'],
    guarded: 'money',
  },
];

/** After tills and receiving; what a cheque's bank still has to say comes from `Cheques`. */
export function bindReversals(c: Container): void {
  provide(c, TakingBack);
  c.bind(TAKING_BACK).toService(TakingBack);
  c.bind(APPROVAL_KINDS).toResolvedValue((back) => back.kind, [TakingBack]);
  c.bind(MOVE_STORE).toConstantValue(new PostgresMoveStore());
  provide(c, Moving);
  c.bind(APPROVAL_KINDS).toResolvedValue((moving) => moving.kind, [Moving]);
}
