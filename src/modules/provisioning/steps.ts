import { systemActor } from '../../kernel/actor.js';
import { RuleBroken } from '../../kernel/errors.js';
import type { RegisteredSchool, SchoolRegister } from '../schools/index.js';
import type { StepName } from './saga.rules.js';
import type { Deployer, SchoolFiles, SecretStore } from './ports.js';
import type { BootstrapTenant } from './bootstrap-tenant.js';
import type { CreateDb } from './databases/create-db.js';

export const provisioner = systemActor('provisioner');

/** One step of making a school: each may be asked for, done again and taken back, any number of times. */
export interface SagaStep {
  isDone(school: RegisteredSchool): Promise<boolean>;
  /** Null for a step that others take: the saga waits until it is done. */
  apply: ((school: RegisteredSchool) => Promise<void>) | null;
  undo(school: RegisteredSchool): Promise<void>;
}

export interface StepParts {
  register: SchoolRegister;
  createDb: CreateDb;
  bootstrapTenant: BootstrapTenant;
  secrets: SecretStore;
  deployer: Deployer;
  files: SchoolFiles;
}

const nothing = (): Promise<void> => Promise.resolve();

export function sagaSteps(parts: StepParts): Record<StepName, SagaStep> {
  const { register, secrets, deployer, files } = parts;
  return {
    record: {
      isDone: ({ owner }) => Promise.resolve(owner !== null),
      apply: () => Promise.reject(new RuleBroken('no-owner', 'This school has no recorded owner.')),
      undo: nothing,
    },
    database: databaseStep(parts),
    secrets: {
      isDone: (school) => secrets.isHandedOver(school),
      apply: (school) => secrets.handOver(school),
      undo: nothing,
    },
    start: {
      // Telling it again is harmless and mends one that was told and forgot.
      isDone: async ({ id }) => (await register.bootOf(id))?.deploymentReady ?? false,
      apply: (school) => deployer.start(school),
      // What runs may write a file once more.
      undo: async (school) => {
        await deployer.stop(school);
        await files.remove(school);
      },
    },
    fill: {
      isDone: async ({ id }) => (await register.bootOf(id))?.filledAt != null,
      apply: null,
      undo: nothing,
    },
    answer: {
      isDone: async ({ id }) => (await register.bootOf(id))?.deploymentReady ?? false,
      apply: null,
      undo: nothing,
    },
  };
}

function databaseStep({ createDb, bootstrapTenant, secrets }: StepParts): SagaStep {
  const order = async ({ id, subdomain }: RegisteredSchool) => ({
    subdomain,
    schoolId: id,
    passwords: await secrets.passwords({ id, subdomain }),
  });
  return {
    isDone: async (school) => {
      const wanted = await order(school);
      const made = await createDb.check(wanted);
      return made.every((step) => step.done) && bootstrapTenant.check({ ...wanted, owner: createDb.connections(wanted).owner });
    },
    apply: async (school) => {
      const wanted = await order(school);
      const { owner } = await createDb.run(wanted);
      await bootstrapTenant.run({ ...wanted, owner });
    },
    undo: async (school) => {
      await createDb.drop({ subdomain: school.subdomain, schoolId: school.id });
      await secrets.forget(school);
    },
  };
}
