import type { AnyRole, Module } from './platform/module.js';

type Load = () => Promise<Module<AnyRole>>;

/** Role → modules: the only such list. A process never loads the modules of the other role. */
export const roles: Record<'core' | 'tenant', Record<string, Load>> = {
  core: {
    audit: async () => (await import('./modules/audit/module.js')).audit,
    notifications: async () => (await import('./modules/notifications/module.js')).notifications,
    identity: async () => (await import('./modules/identity/module.js')).identity,
    website: async () => (await import('./modules/website/module.js')).website,
    guide: async () => (await import('./modules/guide/module.js')).guide,
    schools: async () => (await import('./modules/schools/module.js')).schools,
    provisioning: async () => (await import('./modules/provisioning/module.js')).provisioning,
    signup: async () => (await import('./modules/signup/module.js')).signup,
    callbacks: async () => (await import('./modules/callbacks/module.js')).callbacks,
    admindash: async () => (await import('./modules/admindash/module.js')).admindash,
  },
  tenant: {
    audit: async () => (await import('./modules/audit/module.js')).audit,
    files: async () => (await import('./modules/files/module.js')).files,
    notifications: async () => (await import('./modules/notifications/module.js')).notifications,
    identity: async () => (await import('./modules/identity/module.js')).identity,
    school: async () => (await import('./modules/school/module.js')).school,
    imports: async () => (await import('./modules/imports/module.js')).imports,
    subjects: async () => (await import('./modules/subjects/module.js')).subjects,
    hr: async () => (await import('./modules/hr/module.js')).hr,
    students: async () => (await import('./modules/students/module.js')).students,
    oneroster: async () => (await import('./modules/oneroster/module.js')).oneroster,
    approvals: async () => (await import('./modules/approvals/module.js')).approvals,
    fees: async () => (await import('./modules/fees/module.js')).fees,
    finance: async () => (await import('./modules/finance/module.js')).finance,
    payments: async () => (await import('./modules/payments/module.js')).payments,
    'platform-link': async () => (await import('./modules/platform-link/module.js')).platformLink,
    guide: async () => (await import('./modules/guide/module.js')).guide,
    privacy: async () => (await import('./modules/privacy/module.js')).privacy,
    exports: async () => (await import('./modules/exports/module.js')).exports,
    home: async () => (await import('./modules/home/module.js')).home,
  },
};
