import type { Right } from './right.rules.js';

/** The school's own change to what a module gave a role. */
export interface MatrixChange {
  role: string;
  permission: string;
  granted: boolean;
}

/** What each role may do at this school: the modules' defaults, changed as the school decided. */
export class Matrix {
  private readonly byRole = new Map<string, Set<string>>();
  private readonly byRoles = new Map<string, Held>();
  private readonly guarded: ReadonlySet<string>;
  /** Every permission that asks for a second step. */
  private readonly stepped: ReadonlySet<string>;

  constructor(
    readonly catalogue: readonly Right[],
    changes: readonly MatrixChange[],
    readonly version: number,
  ) {
    this.guarded = new Set(
      catalogue
        .filter((permission) => permission.guarded === 'money' || permission.guarded === 'health')
        .map((permission) => permission.key),
    );
    this.stepped = new Set(catalogue.filter((permission) => permission.guarded).map((permission) => permission.key));
    for (const permission of catalogue) {
      for (const role of permission.roles) this.of(role).add(permission.key);
    }
    const known = new Set<string>(catalogue.map((permission) => permission.key));
    for (const change of changes) {
      if (!known.has(change.permission)) continue;
      if (change.granted) this.of(change.role).add(change.permission);
      else this.of(change.role).delete(change.permission);
    }
  }

  has(role: string, permission: string): boolean {
    return this.byRole.get(role)?.has(permission) ?? false;
  }

  /** All that a person with these roles may do; the same set object for the same roles. */
  held(roles: readonly string[]): Held {
    const key = [...roles].sort().join(' ');
    const known = this.byRoles.get(key);
    if (known) return known;
    const permissions = new Set(roles.flatMap((role) => [...(this.byRole.get(role) ?? [])]));
    const held = {
      permissions,
      guarded: [...permissions].some((permission) => this.guarded.has(permission)),
      stepped: new Set([...permissions].filter((permission) => this.stepped.has(permission))),
    };
    this.byRoles.set(key, held);
    return held;
  }

  private of(role: string): Set<string> {
    const known = this.byRole.get(role);
    if (known) return known;
    const made = new Set<string>();
    this.byRole.set(role, made);
    return made;
  }
}

export interface Held {
  permissions: ReadonlySet<string>;
  /** Money or health is among them: such sessions end earlier. */
  guarded: boolean;
  /** Those among them that ask for a second step. */
  stepped: ReadonlySet<string>;
}
