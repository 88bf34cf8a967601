import { randomBytes } from 'node:crypto';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { Module } from '../../platform/module.js';
import { UNIT } from '../../platform/tokens.js';
import { SCHOOL_MAKER } from '../schools/index.js';
import { PgRunStore } from './adapters/postgres/run.store.js';
import { Provisioning } from './application/provisioning.js';
import { PROVISIONING, type ProvisioningApi } from './index.js';

export const provisioning: Module = {
  name: 'provisioning',
  permissions: [],

  bind(c) {
    c.bind(SCHOOL_MAKER).toResolvedValue((maker: ProvisioningApi) => maker, [PROVISIONING]);
    c.bind(PROVISIONING).toResolvedValue((unit: Unit) => new Provisioning(new PgRunStore(), unit, newToken), [UNIT]);
  },
};

function newToken(): string {
  return randomBytes(24).toString('base64url');
}
