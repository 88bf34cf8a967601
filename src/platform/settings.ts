import type { ServiceIdentifier } from 'inversify';
import type { SmsSettings } from './sms/index.js';

export interface DatabaseAddress {
  host: string;
  port: number;
  /** Past the pooler: migrations, LISTEN and the job worker. */
  directHost: string;
  directPort: number;
  database: string;
  user: string;
  password: string;
  poolMax: number;
}

/** What the process was told about the world; read once from the environment by `config.ts`. */
export interface Config {
  role: 'core' | 'tenant';
  process: 'all' | 'web' | 'worker' | 'provisioner';
  port: number;
  host: string;
  /** Proxies before this process whose word about the client's address counts; one when left out. */
  proxyHops?: number;
  metricsPort: number | null;
  data: string;
  domain: string;
  /** `http://kilimani.localhost:3000`, no slash at the end. Links in messages are built from it, never from a request. */
  publicUrl: string;
  secure: boolean;
  /** A school on a machine of its own: it answers on every name and address that the machine has. */
  ownMachine?: boolean;
  /** The launcher in front of this process lets a school's network in, so that more people ask than the machine's own user. */
  onNetwork?: boolean;
  production: boolean;
  launcher: boolean;
  /** Where people write to the platform: from its site, and when the product itself is in their way. */
  support: string;
  logLevel: string;
  webConcurrency: number;
  secretKey: string;
  db: DatabaseAddress;
  worker: { user: string; password: string } | null;
  /** Only for the process that makes databases; core's other processes don't have it. */
  provisioner?: { user: string; password: string } | null;
  school: { id: string; subdomain: string; bootstrapSecret: string | null; readyUrl: string | null } | null;
  coreDb: { host: string; port: number; database: string; user: string; password: string } | null;
  core: {
    bootstrapSecret: string | null;
    githubToken: string | null;
    adminApiKey: string | null;
    /** How many days a school that is being closed can still be read and taken back; 30 when left out. */
    graceDays?: number;
  } | null;
  mail: { resendKey: string | null; resendUrl: string; smtpUrl: string | null; from: string };
  sms: SmsSettings | null;
  /** Where Safaricom is asked, and where the platform hears what networks call for this school: scheme and authority. */
  rails: { production: string; sandbox: string; callbackUrl: string };
  storage: { endpoint: string; region: string; bucket: string; accessKey: string; secretKey: string } | null;
}

export const CONFIG: ServiceIdentifier<Config> = Symbol('Config');
