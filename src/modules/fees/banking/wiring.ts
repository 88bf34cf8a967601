import type { Container } from 'inversify';
import { AUDIT } from '../../../platform/http/ports.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Get } from '../../../platform/module.js';
import { UNIT } from '../../../platform/tokens.js';
import { LEDGER } from '../../finance/index.js';
import { SCHOOL } from '../../school/index.js';
import { STUDENTS } from '../../students/index.js';
import { PostgresChequeStore } from './adapters/cheque.store.js';
import { PostgresSlipStore } from './adapters/slip.store.js';
import { chequeRoutes } from './adapters/cheques.routes.js';
import { slipRoutes } from './adapters/slips.routes.js';
import { Cheques } from './cheques.js';
import { Slips } from './slips.js';
import { CHEQUE_STORE, SLIP_STORE, TILL_STORE } from '../ports.js';

/** Cheques between the desk and the bank, and the slips that money goes there on. */
export function bindCheques(c: Container): void {
  c.bind(CHEQUE_STORE).toResolvedValue(() => new PostgresChequeStore());
  c.bind(SLIP_STORE).toResolvedValue(() => new PostgresSlipStore());
  c.bind(Cheques).toResolvedValue(
    (unit, audit, store, slips, ledger, students, school) => new Cheques({ unit, audit, store, slips, ledger, students, school }),
    [UNIT, AUDIT, CHEQUE_STORE, SLIP_STORE, LEDGER, STUDENTS, SCHOOL],
  );
  c.bind(Slips).toResolvedValue(
    (unit, audit, store, tills, ledger, school) => new Slips({ unit, audit, store, tills, ledger, school }),
    [UNIT, AUDIT, SLIP_STORE, TILL_STORE, LEDGER, SCHOOL],
  );
}

export function banksCheques(r: Routes, get: Get): void {
  chequeRoutes(r, { cheques: get(Cheques), slips: get(Slips), school: get(SCHOOL) });
  slipRoutes(r, get(Slips));
}
