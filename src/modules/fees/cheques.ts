import type { Container } from 'inversify';
import { AUDIT } from '../../platform/http/ports.js';
import type { Routes } from '../../platform/http/routes.js';
import type { Get } from '../../platform/module.js';
import { UNIT } from '../../platform/tokens.js';
import { LEDGER } from '../finance/index.js';
import { SCHOOL } from '../school/index.js';
import { STUDENTS } from '../students/index.js';
import { PostgresChequeStore } from './adapters/postgres/cheque.store.js';
import { chequeRoutes } from './adapters/web/cheques.routes.js';
import { Cheques } from './application/cheques.js';
import { CHEQUE_STORE } from './ports.js';

/** Cheques between the desk and the bank. */
export function bindCheques(c: Container): void {
  c.bind(CHEQUE_STORE).toResolvedValue(() => new PostgresChequeStore());
  c.bind(Cheques).toResolvedValue((unit, audit, store, ledger, students, school) => new Cheques({ unit, audit, store, ledger, students, school }), [UNIT, AUDIT, CHEQUE_STORE, LEDGER, STUDENTS, SCHOOL]);
}

export function banksCheques(r: Routes, get: Get): void {
  chequeRoutes(r, { cheques: get(Cheques), school: get(SCHOOL) });
}
