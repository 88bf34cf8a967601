import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { Texts } from '../../platform/i18n/i18n.js';
import { enqueue } from '../../platform/jobs/index.js';
import { MAILER, type Mailer } from '../../platform/mail/index.js';
import { on, type Module } from '../../platform/module.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { CLOCK, TEXTS, token, UNIT } from '../../platform/tokens.js';
import { PROVISIONING, SchoolReady, SchoolRemoved, type ProvisioningApi } from '../provisioning/index.js';
import { OWNER_LETTERS, SCHOOL_REGISTER, type SchoolRegister } from '../schools/index.js';
import { DirectCodeMail } from './adapters/code-mail.js';
import { PgSignupLimits } from './adapters/pg-limits.js';
import { PgCodeStore } from './adapters/code.store.js';
import { PgDraftStore } from './adapters/draft.store.js';
import { SignupSecrets } from './adapters/secrets.js';
import { signupRoutes } from './adapters/signup.routes.js';
import { DraftCookie } from './adapters/wizard.js';
import { Drafts } from './drafts.js';
import { Opening } from './opening.js';
import { DRAFT_DAYS } from './steps.rules.js';

const DRAFTS = token<Drafts>('SignupDrafts');
const OPENING = token<Opening>('SignupOpening');
const SECRETS = token<SignupSecrets>('SignupSecrets');

const store = new PgDraftStore();
const codes = new PgCodeStore();
const limits = new PgSignupLimits();

export const signup: Module = {
  name: 'signup',
  permissions: [],

  bind(c) {
    c.bind(SECRETS).toResolvedValue((config: Config) => new SignupSecrets(config.secretKey), [CONFIG]);
    c.bind(DRAFTS).toResolvedValue(
      (register: SchoolRegister, secrets: SignupSecrets, clock: Clock, unit: Unit) =>
        new Drafts(store, register, limits, secrets, clock, unit),
      [SCHOOL_REGISTER, SECRETS, CLOCK, UNIT],
    );
    c.bind(OPENING).toResolvedValue(
      (
        register: SchoolRegister,
        provisioning: ProvisioningApi,
        mailer: Mailer,
        texts: Texts,
        secrets: SignupSecrets,
        clock: Clock,
        unit: Unit,
      ) =>
        new Opening({
          drafts: store,
          codes,
          register,
          provisioning,
          limits,
          mail: new DirectCodeMail(mailer, texts),
          secrets,
          later: { enqueue },
          clock,
          unit,
        }),
      [SCHOOL_REGISTER, PROVISIONING, MAILER, TEXTS, SECRETS, CLOCK, UNIT],
    );
  },

  routes(r, get) {
    const { publicUrl, secure } = get(CONFIG);
    signupRoutes(r, {
      drafts: get(DRAFTS),
      opening: get(OPENING),
      register: get(SCHOOL_REGISTER),
      cookie: new DraftCookie(get(SECRETS), secure),
      host: new URL(publicUrl).host,
    });
  },

  work(get) {
    return {
      jobs: {
        'signup.send-code': (payload) => get(OPENING).sendCode((payload as { codeId: string }).codeId),
        'signup.prune': () => store.prune(DRAFT_DAYS),
      },
      cron: { 'signup.prune': '40 1 * * *' },
      subscribe: [
        // Whoever closed the page meanwhile still learns where the school is.
        on(
          SchoolReady,
          'signup.write-to-owner',
          async ({ schoolId, runId }) => void (await get(OWNER_LETTERS).sendAddress(schoolId, `signup.ready:${runId}`)),
        ),
        on(SchoolRemoved, 'signup.forget-school', ({ schoolId }) => store.forgetSchool(schoolId)),
      ],
    };
  },
};
