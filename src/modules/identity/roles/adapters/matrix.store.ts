import { newId } from '../../../../kernel/id.js';
import { changed, db, query } from '../../../../platform/db/index.js';
import { ASKED_BESIDES } from '../../second-factor/factor.rules.js';
import type { RoleName } from '../../ports.js';
import type { MatrixChange } from '../matrix.rules.js';
import type { MatrixStore } from '../../ports.js';
import { PEOPLE } from '../../accounts/adapters/account.store.js';

export class PgMatrixStore implements MatrixStore {
  changes(): Promise<MatrixChange[]> {
    return query<MatrixChange & Record<string, unknown>>(
      'identity.matrix',
      'select role, permission, granted from identity_role_permissions',
    );
  }

  async settings(): Promise<{ version: number; factorRoles: RoleName[]; factorWaived: RoleName[] }> {
    const [row] = await query<{ version: number; factor_roles: RoleName[]; factor_waived: RoleName[] }>(
      'identity.settings',
      'select permissions_version as version, factor_roles, factor_waived from identity_settings',
    );
    return {
      version: row?.version ?? 0,
      factorRoles: row?.factor_roles ?? [...ASKED_BESIDES],
      factorWaived: row?.factor_waived ?? [],
    };
  }

  async save(changes: readonly (MatrixChange & { isDefault: boolean })[]): Promise<void> {
    for (const { role, permission, granted, isDefault } of changes) {
      const cell = { role, permission };
      await db()('identity_role_permissions').where(cell).delete();
      if (!isDefault) await db()('identity_role_permissions').insert({ id: newId(), ...cell, granted });
    }
    await this.saveSettings({});
  }

  saveFactors({ added, waived }: { added: readonly RoleName[]; waived: readonly RoleName[] }): Promise<void> {
    return this.saveSettings({ factor_roles: [...added], factor_waived: [...waived] });
  }

  /** Every change of settings moves the version, by which each process sees that its copy is old. */
  private async saveSettings(fields: Record<string, unknown>): Promise<void> {
    await db()('identity_settings').insert({ id: newId() }).onConflict().ignore();
    // The table holds one row.
    await db()('identity_settings').increment('permissions_version', 1).update(fields);
    await changed(PEOPLE);
  }
}
