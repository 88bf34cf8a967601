import type { Secrets } from '../../../platform/secrets-file.js';
import { secretFor, type MasterKeys } from '../../../platform/link/keys.js';
import { SCHOOL_ROLES } from '../databases/names.rules.js';
import type { SchoolPasswords, SchoolToRun, SecretStore } from '../ports.js';

/** In the launcher's file on this machine, under the names that the launcher starts schools with. */
export class FileSecrets implements SecretStore {
  constructor(
    private readonly file: Secrets,
    private readonly masters: MasterKeys,
  ) {}

  passwords({ subdomain }: SchoolToRun): Promise<SchoolPasswords> {
    this.file.refresh();
    const pairs = SCHOOL_ROLES.map((role) => [role, this.file.get(`school.${subdomain}.${role}`)] as const);
    return Promise.resolve(Object.fromEntries(pairs) as SchoolPasswords);
  }

  isHandedOver({ id, subdomain }: SchoolToRun): Promise<boolean> {
    this.file.refresh();
    const own = this.file.peek(`school.${subdomain}.bootstrap-secret`);
    return Promise.resolve(own === secretFor(this.masters, id) && this.file.peek(`school.${subdomain}.secret-key`) !== null);
  }

  handOver({ id, subdomain }: SchoolToRun): Promise<void> {
    this.file.get(`school.${subdomain}.secret-key`);
    this.file.set(`school.${subdomain}.bootstrap-secret`, secretFor(this.masters, id));
    return Promise.resolve();
  }

  forget({ subdomain }: SchoolToRun): Promise<void> {
    this.file.remove(`school.${subdomain}.`);
    return Promise.resolve();
  }
}
