/** What the processes of the product are told, under the names that config.ts reads. */

export interface Place {
  /** The gateway's port. */
  port: number;
  data: string;
  database: { host: string; port: number };
  /** The school that has this machine for itself, and where its network finds it. */
  single?: { subdomain: string; url: string } | null;
  /** Where the stand-in for M-Pesa answers; null where none runs. */
  money?: string | null;
}

export interface Account {
  user: string;
  password: string;
}

export interface SchoolFacts {
  id: string;
  subdomain: string;
  database: string;
}

/** Names that the launcher itself answers for; what else is set (mail, storage, log level) is handed on. */
const OWN =
  /^(DATABASE_URL|DB_|CORE_DB_|TENANT_|AIMS_|SECRET_KEY$|NODE_OPTIONS$|WEB_CONCURRENCY$|METRICS_PORT$|NODE_CHANNEL_|npm_)/;

function shared(env: NodeJS.ProcessEnv, place: Place): Record<string, string> {
  const handedOn = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined && !OWN.test(pair[0]));
  return {
    ...Object.fromEntries(handedOn),
    NODE_ENV: env.NODE_ENV || 'production',
    AIMS_LAUNCHER: 'true',
    ...(place.single ? { AIMS_SINGLE_SCHOOL: place.single.subdomain } : {}),
    AIMS_DOMAIN: 'localhost',
    AIMS_DATA: place.data,
    AIMS_CALLBACK_URL: coreUrl(place),
    ...(place.money && !env.MPESA_SANDBOX_URL ? { MPESA_SANDBOX_URL: place.money } : {}),
    DB_HOST: place.database.host,
    DB_PORT: String(place.database.port),
  };
}

export function coreUrl(place: Place): string {
  return `http://localhost:${place.port}`;
}

export function schoolUrl(place: Place, subdomain: string): string {
  return place.single?.subdomain === subdomain ? place.single.url : `http://${subdomain}.localhost:${place.port}`;
}

export interface CoreSecrets {
  app: Account;
  worker: Account | null;
  secretKey: string;
  bootstrapSecret: string;
  adminApiKey: string;
  database: string;
}

export function coreEnvironment(env: NodeJS.ProcessEnv, place: Place, core: CoreSecrets): Record<string, string> {
  return {
    ...shared(env, place),
    AIMS_ROLE: 'core',
    AIMS_PUBLIC_URL: coreUrl(place),
    DB_NAME: core.database,
    SECRET_KEY: core.secretKey,
    TENANT_BOOTSTRAP_SECRET: core.bootstrapSecret,
    ADMIN_API_KEY: core.adminApiKey,
    ...account('DB', core.app),
    ...(core.worker ? account('DB_WORKER', core.worker) : {}),
  };
}

/** Core's own settings and, for this process alone, the role that makes databases. */
export function provisionerEnvironment(core: Record<string, string>, provisioner: Account): Record<string, string> {
  return { ...core, AIMS_PROCESS: 'provisioner', ...account('DB_PROVISIONER', provisioner) };
}

export interface SchoolSecrets {
  app: Account;
  worker: Account | null;
  secretKey: string;
  bootstrapSecret: string;
  coreDatabase: string;
}

export function schoolEnvironment(
  env: NodeJS.ProcessEnv,
  place: Place,
  school: SchoolFacts,
  secrets: SchoolSecrets,
): Record<string, string> {
  return {
    ...shared(env, place),
    AIMS_ROLE: 'tenant',
    AIMS_PUBLIC_URL: schoolUrl(place, school.subdomain),
    TENANT_SUBDOMAIN: school.subdomain,
    TENANT_SCHOOL_ID: school.id,
    TENANT_DB_NAME: school.database,
    TENANT_BOOTSTRAP_SECRET: secrets.bootstrapSecret,
    SECRET_KEY: secrets.secretKey,
    ...account('DB', secrets.app),
    ...(secrets.worker ? account('DB_WORKER', secrets.worker) : {}),
    CORE_DB_HOST: place.database.host,
    CORE_DB_PORT: String(place.database.port),
    CORE_DB_NAME: secrets.coreDatabase,
    ...account('CORE_DB', secrets.app),
    CORE_BOOTSTRAP_READY_URL: `${coreUrl(place)}/api/auth/tenant-bootstrap-ready/`,
  };
}

function account(prefix: string, { user, password }: Account): Record<string, string> {
  return { [`${prefix}_USER`]: user, [`${prefix}_PASSWORD`]: password };
}
