import type { Actor } from '../../../kernel/actor.js';
import { MISSING } from '../../../kernel/missing.js';
import { Invalid } from '../../../kernel/errors.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { demandMayLower, rolesWithFactor } from '../second-factor/factor.rules.js';
import { demandMatrixChange, FAMILY_ROLES, TOP_ROLES } from './limits.rules.js';
import { Matrix } from './matrix.rules.js';
import type { AuditTrail, MatrixStore, Permission, RoleName } from '../ports.js';

export interface Cell {
  role: RoleName;
  permission: string;
  granted: boolean;
}

/** The matrix of roles and permissions of this school, or of the platform. */
export class RoleMatrix {
  private kept: { matrix: Matrix; factorRoles: readonly RoleName[] } | null = null;

  constructor(
    readonly catalogue: readonly Permission[],
    /** All roles there are here. */
    readonly roles: readonly RoleName[],
    private readonly store: MatrixStore,
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
  ) {}

  /** From memory while `version` is the one that is kept; the version comes along with every read of a person. */
  async at(version: number): Promise<{ matrix: Matrix; factorRoles: readonly RoleName[] }> {
    if (this.kept && this.kept.matrix.version === version) return this.kept;
    const now = await this.now();
    if (now.matrix.version === version) this.kept = now;
    return now;
  }

  async now(): Promise<{ matrix: Matrix; factorRoles: readonly RoleName[] }> {
    const settings = await this.store.settings();
    const matrix = new Matrix(this.catalogue, await this.store.changes(), settings.version);
    return {
      matrix,
      factorRoles: rolesWithFactor(this.roles, matrix, { added: settings.factorRoles, waived: settings.factorWaived }),
    };
  }

  /** Changes the cells that differ; every one of them must be allowed, or none is changed. */
  async change(actor: Actor, cells: readonly Cell[]): Promise<number> {
    return this.unit(async () => {
      const { matrix } = await this.now();
      const changes = cells.filter((cell) => matrix.has(cell.role, cell.permission) !== cell.granted);
      for (const cell of changes) demandMatrixChange(actor, this.permission(cell.permission), cell.role, cell.granted);
      if (changes.length === 0) return 0;
      await this.store.save(
        changes.map((cell) => ({
          ...cell,
          isDefault: this.permission(cell.permission).roles.includes(cell.role) === cell.granted,
        })),
      );
      await this.audit.record(actor, {
        action: 'identity.matrix.change',
        entity: 'identity_role_permissions',
        entityId: null,
        label: changes
          .map((cell) => `${cell.role} ${cell.granted ? '+' : '−'} ${cell.permission}`)
          .join(', ')
          .slice(0, 300),
        before: keyed(changes, (cell) => !cell.granted),
        after: keyed(changes, (cell) => cell.granted),
      });
      return changes.length;
    });
  }

  /** Who needs a second step; an owner always does, and only an owner lets a role off whose permissions ask for one. */
  async requireFactor(actor: Actor, roles: readonly RoleName[]): Promise<void> {
    if (!roles.includes('owner')) throw new Invalid({ roles: 'An owner always needs a second step.' });
    await this.unit(async () => {
      const { matrix, factorRoles } = await this.now();
      const wanted = this.roles.filter((role) => roles.includes(role) && !FAMILY_ROLES.includes(role));
      demandMayLower(
        actor.roles.some((role) => TOP_ROLES.includes(role)),
        factorRoles,
        wanted,
      );
      const byItself = rolesWithFactor(this.roles, matrix, { added: [], waived: [] });
      await this.store.saveFactors({
        added: wanted.filter((role) => !byItself.includes(role)),
        waived: byItself.filter((role) => !wanted.includes(role)),
      });
      await this.audit.record(actor, {
        action: 'identity.factor-roles.change',
        entity: 'identity_settings',
        entityId: null,
        before: { roles: factorRoles },
        after: { roles: wanted },
      });
    });
  }

  private permission(key: string): Permission {
    const found = this.catalogue.find((permission) => permission.key === key);
    if (!found) throw new Invalid({ permission: MISSING.permission });
    return found;
  }
}

function keyed(cells: readonly Cell[], value: (cell: Cell) => boolean): Record<string, boolean> {
  return Object.fromEntries(cells.map((cell) => [`${cell.role}: ${cell.permission}`, value(cell)]));
}
