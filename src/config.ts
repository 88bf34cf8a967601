import path from 'node:path';
import { z } from 'zod';
import { canRunAs } from './kernel/subdomain.js';
import { isMasterKeys, isSchoolSecret, MASTERS_FORM, OWN_FORM } from './platform/link/keys.js';
import type { Config } from './platform/settings.js';
import { plainShape } from './platform/sms/shape.js';

export type { Config };

/** The only place that reads the environment. Names are those of the architecture page; ours begin with AIMS_. */

const port = z.coerce.number().int().min(0).max(65535);
const flag = z.stringbool();
const optional = z.string().trim().min(1).optional();

/** A setting whose text is JSON. */
function jsonOf<Schema extends z.ZodType>(schema: Schema, wrong: string) {
  return z.string().transform((text, context): z.infer<Schema> => {
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      context.addIssue({ code: 'custom', message: wrong });
      return z.NEVER;
    }
  });
}

function isPattern(text: string): boolean {
  try {
    return Boolean(new RegExp(text));
  } catch {
    return false;
  }
}

const Reports = z.object({
  id: z.string(),
  status: z.string(),
  reason: z.string().default('reason'),
  delivered: z.array(z.string().toLowerCase()).min(1),
  failed: z.array(z.string().toLowerCase()).min(1),
});

const Shared = z.object({
  AIMS_PROCESS: z.enum(['all', 'web', 'worker', 'provisioner']).default('all'),
  AIMS_PORT: port.default(3000),
  AIMS_HOST: z.string().default('127.0.0.1'),
  AIMS_DATA: z.string().default('data'),
  AIMS_DOMAIN: z.string().default('localhost'),
  /** Where people write to the platform: from its site, and when the product itself is in their way; support@<domain> by default. */
  AIMS_SUPPORT_EMAIL: z.email().optional(),
  /** Scheme and authority that people type, when it can't be derived from the domain (a port on one machine). */
  AIMS_PUBLIC_URL: z.url().optional(),
  /** A school on a machine of its own: its subdomain. It is then served on whatever name the machine has in its network, and no process has pages for developers. */
  AIMS_SINGLE_SCHOOL: optional,
  /** Set by the local launcher: opens /dev/mail and /dev/gallery to this machine itself. Never set it on a server. */
  AIMS_LAUNCHER: flag.default(false),
  /** Proxies between the people and this process: the ingress, and what stands before it. */
  AIMS_PROXY_HOPS: z.coerce.number().int().min(0).max(5).default(1),
  NODE_ENV: z.string().default('development'),
  WEB_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(1),
  METRICS_PORT: port.optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  SECRET_KEY: z.string().min(32, 'must have at least 32 characters'),
  DB_HOST: z.string().default('127.0.0.1'),
  DB_PORT: port.default(5432),
  DB_USER: z.string().min(1),
  DB_PASSWORD: z.string().default(''),
  DB_DIRECT_HOST: optional,
  DB_DIRECT_PORT: port.optional(),
  DB_POOL: z.coerce.number().int().min(1).max(50).default(4),
  DB_WORKER_USER: optional,
  DB_WORKER_PASSWORD: z.string().default(''),
  RESEND_API_KEY: optional,
  RESEND_BASE_URL: z.url().default('https://api.resend.com'),
  SMTP_URL: z.url().optional(),
  MAIL_FROM: z.string().default('AIMS <no-reply@localhost>'),
  SMS_URL: z.url().optional(),
  SMS_API_KEY: optional,
  SMS_USERNAME: optional,
  SMS_SENDER: optional,
  /** Of a gateway other than Africa's Talking: how it is asked and how it answers (docs/operating.md). */
  SMS_METHOD: z.enum(['GET', 'POST', 'PUT']).default('POST'),
  SMS_HEADERS: jsonOf(z.record(z.string(), z.string()), 'must be a JSON object of headers').optional(),
  SMS_BODY: optional,
  SMS_SUCCESS: z.string().refine(isPattern, 'must be a regular expression').optional(),
  SMS_REF: optional,
  SMS_REPORTS: jsonOf(Reports, 'must be a JSON object with id, status, delivered and failed').optional(),
  /** M-Pesa's interface, and the one to practise with. */
  MPESA_API_URL: z.url().default('https://api.safaricom.co.ke'),
  MPESA_SANDBOX_URL: z.url().default('https://sandbox.safaricom.co.ke'),
  /** Where networks that carry money reach the platform, when it isn't the domain itself. */
  AIMS_CALLBACK_URL: z.url().optional(),
  USE_REMOTE_MEDIA: flag.default(false),
  OBJECT_STORAGE_ENDPOINT: z.url().optional(),
  OBJECT_STORAGE_REGION: z.string().default('eu-central'),
  OBJECT_STORAGE_BUCKET: optional,
  OBJECT_STORAGE_ACCESS_KEY: optional,
  OBJECT_STORAGE_SECRET_KEY: optional,
});

const Core = Shared.extend({
  AIMS_ROLE: z.literal('core'),
  DB_NAME: z.string().default('aimsgodb'),
  /** Master keys with their ids, `k1:…,k2:…`: the first is for new schools, all are believed. */
  TENANT_BOOTSTRAP_SECRET: z.string().refine(isMasterKeys, MASTERS_FORM).optional(),
  /** May make databases and roles: set for AIMS_PROCESS=provisioner alone. */
  DB_PROVISIONER_USER: optional,
  DB_PROVISIONER_PASSWORD: z.string().default(''),
  GITHUB_TOKEN: optional,
  ADMIN_API_KEY: optional,
  /** How many days a school that is being closed can still be read and taken back. */
  AIMS_CLOSING_GRACE_DAYS: z.coerce.number().int().min(0).max(365).optional(),
});

const Tenant = Shared.extend({
  AIMS_ROLE: z.literal('tenant'),
  TENANT_DB_NAME: z.string().min(1),
  TENANT_SUBDOMAIN: z
    .string()
    .refine(canRunAs, 'must be 3 to 40 of a-z, 0-9 and -, a letter first, and not a name of the platform'),
  TENANT_SCHOOL_ID: z.uuid(),
  TENANT_BOOTSTRAP_SECRET: z.string().refine(isSchoolSecret, OWN_FORM).optional(),
  CORE_BOOTSTRAP_READY_URL: z.url().optional(),
  CORE_DB_HOST: optional,
  CORE_DB_PORT: port.optional(),
  CORE_DB_NAME: optional,
  CORE_DB_USER: optional,
  CORE_DB_PASSWORD: optional,
});

/** Everything that is wrong with the environment, each as a line a person can act on. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(`The settings are not complete:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/** @throws ConfigError with the full list of what is wrong. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const role = env.AIMS_ROLE;
  if (role !== 'core' && role !== 'tenant') throw new ConfigError(['AIMS_ROLE must be core or tenant']);
  const parsed = (role === 'core' ? Core : Tenant).safeParse(withoutEmpty(env));
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${lower(issue.message)}`));
  }
  const problems = [...secretProblems(parsed.data), ...storageProblems(parsed.data), ...provisionerProblems(parsed.data)];
  if (parsed.data.NODE_ENV === 'production' && parsed.data.AIMS_LAUNCHER && parsed.data.AIMS_DOMAIN !== 'localhost') {
    problems.push('AIMS_LAUNCHER opens pages for developers and must not be set with a public AIMS_DOMAIN');
  }
  const config = toConfig(parsed.data);
  if (config.production && !config.secure && config.domain !== 'localhost') {
    problems.push('AIMS_PUBLIC_URL must begin with https: in production, else cookies and passwords travel in clear');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

type Read = z.infer<typeof Core> | z.infer<typeof Tenant>;

function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

function lower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Length alone proves nothing: 40 times the same letter, or a word from an example file, is known to everybody. */
function secretProblems(env: Read): string[] {
  const key = env.SECRET_KEY;
  const isPlaceholder = /change.?me|placeholder|example|insecure|your.?(?:secret|key)/i.test(key);
  const isRepeated = new Set(key).size < 8 || /^(.{1,12})\1+.{0,11}$/s.test(key);
  return isPlaceholder || isRepeated ? ['SECRET_KEY must be random: make one with `openssl rand -base64 48`'] : [];
}

/** The key to everybody's database lies with one process only. */
function provisionerProblems(env: Read): string[] {
  const has = env.AIMS_ROLE === 'core' && env.DB_PROVISIONER_USER !== undefined;
  if (env.AIMS_PROCESS === 'provisioner' && env.AIMS_ROLE !== 'core')
    return ['AIMS_PROCESS=provisioner belongs to AIMS_ROLE=core'];
  if (env.AIMS_PROCESS === 'provisioner' && !has)
    return ['DB_PROVISIONER_USER and DB_PROVISIONER_PASSWORD are needed by AIMS_PROCESS=provisioner'];
  return has && env.AIMS_PROCESS !== 'provisioner' ? ['DB_PROVISIONER_USER must be set for AIMS_PROCESS=provisioner alone'] : [];
}

function storageProblems(env: Read): string[] {
  if (!env.USE_REMOTE_MEDIA) return [];
  const needed = [
    'OBJECT_STORAGE_ENDPOINT',
    'OBJECT_STORAGE_BUCKET',
    'OBJECT_STORAGE_ACCESS_KEY',
    'OBJECT_STORAGE_SECRET_KEY',
  ] as const;
  return needed.filter((name) => !env[name]).map((name) => `${name} is needed when USE_REMOTE_MEDIA is on`);
}

function toConfig(env: Read): Config {
  const subdomain = env.AIMS_ROLE === 'tenant' ? env.TENANT_SUBDOMAIN : null;
  const publicUrl = (env.AIMS_PUBLIC_URL ?? derivedUrl(env, subdomain)).replace(/\/$/, '');
  return {
    role: env.AIMS_ROLE,
    process: env.AIMS_PROCESS,
    port: env.AIMS_PORT,
    host: env.AIMS_HOST,
    proxyHops: env.AIMS_PROXY_HOPS,
    metricsPort: env.METRICS_PORT ?? null,
    data: path.resolve(env.AIMS_DATA),
    domain: env.AIMS_DOMAIN,
    publicUrl,
    secure: publicUrl.startsWith('https:'),
    onNetwork: env.AIMS_SINGLE_SCHOOL !== undefined,
    ownMachine: subdomain !== null && env.AIMS_SINGLE_SCHOOL === subdomain,
    production: env.NODE_ENV === 'production',
    launcher: env.AIMS_LAUNCHER,
    support: env.AIMS_SUPPORT_EMAIL ?? `support@${env.AIMS_DOMAIN}`,
    logLevel: env.LOG_LEVEL,
    webConcurrency: env.WEB_CONCURRENCY,
    secretKey: env.SECRET_KEY,
    db: {
      host: env.DB_HOST,
      port: env.DB_PORT,
      directHost: env.DB_DIRECT_HOST ?? env.DB_HOST,
      directPort: env.DB_DIRECT_PORT ?? env.DB_PORT,
      database: env.AIMS_ROLE === 'tenant' ? env.TENANT_DB_NAME : env.DB_NAME,
      user: env.DB_USER,
      password: env.DB_PASSWORD,
      poolMax: env.DB_POOL,
    },
    worker: env.DB_WORKER_USER ? { user: env.DB_WORKER_USER, password: env.DB_WORKER_PASSWORD } : null,
    ...rolePart(env),
    mail: {
      resendKey: env.RESEND_API_KEY ?? null,
      resendUrl: env.RESEND_BASE_URL,
      smtpUrl: env.SMTP_URL ?? null,
      from: env.MAIL_FROM,
    },
    sms: smsPart(env),
    rails: {
      production: env.MPESA_API_URL,
      sandbox: env.MPESA_SANDBOX_URL,
      callbackUrl: (env.AIMS_CALLBACK_URL ?? derivedUrl(env, null)).replace(/\/$/, ''),
    },
    storage: env.USE_REMOTE_MEDIA
      ? {
          endpoint: env.OBJECT_STORAGE_ENDPOINT!,
          region: env.OBJECT_STORAGE_REGION,
          bucket: env.OBJECT_STORAGE_BUCKET!,
          accessKey: env.OBJECT_STORAGE_ACCESS_KEY!,
          secretKey: env.OBJECT_STORAGE_SECRET_KEY!,
        }
      : null,
  };
}

function smsPart(env: Read): Config['sms'] {
  if (!env.SMS_URL) return null;
  const plain = plainShape(env.SMS_SENDER ?? null);
  const shape = {
    method: env.SMS_METHOD,
    headers: env.SMS_HEADERS ?? plain.headers,
    body: env.SMS_BODY ?? plain.body,
    success: env.SMS_SUCCESS ?? null,
    ref: env.SMS_REF ?? null,
  };
  return {
    url: env.SMS_URL,
    apiKey: env.SMS_API_KEY ?? '',
    username: env.SMS_USERNAME ?? '',
    sender: env.SMS_SENDER ?? null,
    shape,
    reports: env.SMS_REPORTS ?? null,
  };
}

function rolePart(env: Read): Pick<Config, 'school' | 'coreDb' | 'core' | 'provisioner'> {
  if (env.AIMS_ROLE === 'core') {
    const core = {
      bootstrapSecret: env.TENANT_BOOTSTRAP_SECRET ?? null,
      githubToken: env.GITHUB_TOKEN ?? null,
      adminApiKey: env.ADMIN_API_KEY ?? null,
      ...(env.AIMS_CLOSING_GRACE_DAYS === undefined ? {} : { graceDays: env.AIMS_CLOSING_GRACE_DAYS }),
    };
    const provisioner = env.DB_PROVISIONER_USER ? { user: env.DB_PROVISIONER_USER, password: env.DB_PROVISIONER_PASSWORD } : null;
    return { school: null, coreDb: null, core, provisioner };
  }
  const school = {
    id: env.TENANT_SCHOOL_ID,
    subdomain: env.TENANT_SUBDOMAIN,
    bootstrapSecret: env.TENANT_BOOTSTRAP_SECRET ?? null,
    readyUrl: env.CORE_BOOTSTRAP_READY_URL ?? null,
  };
  const coreDb = env.CORE_DB_HOST
    ? {
        host: env.CORE_DB_HOST,
        port: env.CORE_DB_PORT ?? 5432,
        database: env.CORE_DB_NAME ?? 'aimsgodb',
        user: env.CORE_DB_USER ?? env.DB_USER,
        password: env.CORE_DB_PASSWORD ?? env.DB_PASSWORD,
      }
    : null;
  return { school, coreDb, core: null };
}

function derivedUrl(env: Read, subdomain: string | null): string {
  const host = subdomain ? `${subdomain}.${env.AIMS_DOMAIN}` : env.AIMS_DOMAIN;
  return env.AIMS_DOMAIN === 'localhost' ? `http://${host}:${env.AIMS_PORT}` : `https://${host}`;
}
