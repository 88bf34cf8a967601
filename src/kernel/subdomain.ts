/** A letter first, 3 to 40 of a-z, 0-9 and single hyphens, none at the end. Without `--` it is never punycode. */
const SHAPE = /^[a-z](?:[a-z0-9]|-(?!-)){1,38}[a-z0-9]$/;

/** Would collide with roles, databases and namespaces of the platform, of PostgreSQL or of the cluster. */
const RESERVED_BEGINNINGS = ['aims', 'pg-', 'kube-'];

const OWN: readonly string[] = [
  'about',
  'abuse',
  'account',
  'accounts',
  'admin',
  'admindash',
  'administrator',
  'aims',
  'analytics',
  'api',
  'app',
  'apps',
  'argocd',
  'assets',
  'auth',
  'autoconfig',
  'autodiscover',
  'backup',
  'backups',
  'beta',
  'billing',
  'blog',
  'brand-assets',
  'bursar',
  'cdn',
  'certificates',
  'cloud',
  'console',
  'contact',
  'core',
  'dashboard',
  'database',
  'default',
  'demo',
  'dev',
  'dns',
  'docs',
  'download',
  'email',
  'example',
  'files',
  'ftp',
  'git',
  'grafana',
  'guide',
  'healthz',
  'help',
  'helpdesk',
  'home',
  'host',
  'hostmaster',
  'imap',
  'info',
  'internal',
  'invalid',
  'kube',
  'kubernetes',
  'legal',
  'local',
  'localhost',
  'login',
  'logs',
  'mail',
  'media',
  'metrics',
  'mobile',
  'monitoring',
  'news',
  'newsletter',
  'noreply',
  'no-reply',
  'ns1',
  'ns2',
  'oauth',
  'office',
  'operator',
  'owner',
  'pay',
  'payments',
  'platform',
  'pop',
  'portal',
  'postgres',
  'postmaster',
  'pricing',
  'privacy',
  'prod',
  'production',
  'prometheus',
  'provisioning',
  'proxy',
  'public',
  'queue',
  'register',
  'registry',
  'root',
  'sales',
  'school',
  'schools',
  'secure',
  'security',
  'server',
  'sign-in',
  'signin',
  'signup',
  'sign-up',
  'smtp',
  'ssl',
  'sso',
  'staging',
  'static',
  'statistics',
  'status',
  'storage',
  'super-admin',
  'support',
  'sysadmin',
  'system',
  'team',
  'tenant',
  'tenants',
  'terms',
  'test',
  'testing',
  'traefik',
  'update',
  'updates',
  'upload',
  'user-guide',
  'vault',
  'vpn',
  'webmail',
  'webmaster',
  'www',
  'www1',
  'www2',
];

/**
 * Authorities, examination boards, and networks that carry money or messages: a page under such a name, or one that
 * begins with it and a hyphen, would be believed.
 */
const AUTHORITIES: readonly string[] = [
  'airtel',
  'airtelmoney',
  'azampay',
  'ecocash',
  'equitel',
  'flutterwave',
  'halopesa',
  'heslb',
  'jamb',
  'kemis',
  'kicd',
  'knec',
  'kuccps',
  'mixx',
  'moe',
  'moes',
  'momo',
  'monnify',
  'mpesa',
  'm-pesa',
  'mtn',
  'nabteb',
  'nactvet',
  'ncdc',
  'neco',
  'necta',
  'nemis',
  'ndpc',
  'odpc',
  'opay',
  'orangemoney',
  'palmpay',
  'paybill',
  'paypal',
  'paystack',
  'pesapal',
  'remita',
  'safaricom',
  'tamisemi',
  'telebirr',
  'telecel',
  'tigopesa',
  'tsc',
  'ubec',
  'umalusi',
  'uneb',
  'vodacom',
  'vodafone',
  'waec',
  'wassce',
  'whatsapp',
  'zimsec',
];

/** Names of one authority in several words, and words that only an authority goes by. */
const WHOLE_NAMES: readonly string[] = [
  'airtel-money',
  'education-board',
  'examinations',
  'exams-council',
  'gov',
  'government',
  'govt',
  'ministry',
  'ministry-of-education',
  'orange-money',
  'tigo-pesa',
];

/** Addresses that the platform uses itself, or that people would take for its own or for an authority's. */
export const RESERVED_SUBDOMAINS: readonly string[] = [...OWN, ...AUTHORITIES, ...WHOLE_NAMES];
const reserved = new Set(RESERVED_SUBDOMAINS);
const platforms = new Set(OWN);
const beginnings = [...RESERVED_BEGINNINGS, ...AUTHORITIES.map((name) => `${name}-`)];

export type SubdomainProblem = 'letters' | 'first-letter' | 'short' | 'long' | 'hyphens' | 'reserved';

/** The first reason why a text can't be a school's subdomain, or null. The only place that knows. */
export function subdomainProblem(text: string): SubdomainProblem | null {
  if (!/^[a-z0-9-]*$/.test(text)) return 'letters';
  if (text.length < 3) return 'short';
  if (text.length > 40) return 'long';
  if (!/^[a-z]/.test(text)) return 'first-letter';
  if (!SHAPE.test(text)) return 'hyphens';
  return isReserved(text) ? 'reserved' : null;
}

/** Of a school that may have had its address before an authority's name was reserved: whether it can run under it. */
export function canRunAs(text: string): boolean {
  const problem = subdomainProblem(text);
  return (
    problem === null ||
    (problem === 'reserved' && !platforms.has(text) && !RESERVED_BEGINNINGS.some((beginning) => text.startsWith(beginning)))
  );
}

function isReserved(text: string): boolean {
  return reserved.has(text) || beginnings.some((beginning) => text.startsWith(beginning));
}
