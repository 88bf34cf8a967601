import type { Request } from 'express';
import { z } from 'zod';
import { roleTitle } from '../../../../platform/http/pages/page.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { Cell, RoleMatrix } from '../matrix.js';
import { matrixRefusal } from '../limits.rules.js';
import type { Permission, RoleName } from '../../ports.js';
import { rolesField } from '../../accounts/adapters/roles-field.js';

/** Ticked cells arrive as `cells=<role> <permission>`; all cells that the page drew are named by their row in `rows`. */
const Cells = z.object({
  cells: z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((value) => [value].flat()),
  rows: z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat()),
});

/** Who may do what: a table for each group of permissions. */
export function rolesRoutes(routes: Routes, matrix: RoleMatrix): void {
  routes.get('/identity/roles', 'identity.matrix.read', async (req, res) => {
    const { matrix: now, factorRoles } = await matrix.now();
    const groups = groupsOf(matrix.catalogue).map(({ group, permissions }) => ({
      group,
      slug: slugOf(group),
      rows: permissions.map((permission) => ({
        permission,
        roles: matrix.roles.filter((role) => now.has(role, permission.key)),
      })),
    }));
    await res.page('identity/roles/index', { groups, roles: titles(matrix.roles), factorRoles });
  });
}

/** A school changes its matrix; the platform's is what the modules say. */
export function matrixRoutes(guarded: Routes, matrix: RoleMatrix): void {
  guarded.form({
    path: '/identity/roles/:group/edit',
    can: 'identity.matrix.change',
    view: 'identity/roles/edit',
    asRead: ({ rows }) => rows,
    schema: Cells,
    load: async (req) => {
      const { matrix: now } = await matrix.now();
      const { group, permissions } = groupOf(matrix.catalogue, req);
      const rows = permissions.map((permission) => ({
        permission,
        cells: matrix.roles.map((role) => {
          const held = now.has(role, permission.key);
          return {
            role,
            held,
            default: permission.roles.includes(role),
            refusal: matrixRefusal(req.actor, permission, role, !held)?.message ?? null,
          };
        }),
      }));
      return { group, rows, roles: titles(matrix.roles) };
    },
    save: async ({ cells, rows }, req) => {
      const ticked = new Set(cells);
      const { permissions } = groupOf(matrix.catalogue, req);
      const { matrix: now } = await matrix.now();
      const drawn = permissions.filter((permission) => rows.includes(permission.key));
      const wanted: Cell[] = drawn.flatMap((permission) =>
        matrix.roles.map((role) => {
          const held = now.has(role, permission.key);
          // A held right that this person could not take away was drawn locked, and a locked box is not sent.
          const locked = held && matrixRefusal(req.actor, permission, role, false) !== null;
          return { role, permission: permission.key, granted: locked || ticked.has(`${role} ${permission.key}`) };
        }),
      );
      const changed = await matrix.change(req.actor, wanted);
      return {
        to: '/identity/roles',
        flash: req.t('{{n}} permissions were changed. They take effect immediately.', { n: changed }),
      };
    },
  });

  guarded.form({
    path: '/identity/roles/second-factor',
    can: 'identity.matrix.change',
    view: 'identity/roles/second-factor',
    asRead: ({ values }) => values,
    schema: z.object({ roles: rolesField(matrix.roles) }),
    load: async () => ({ values: { roles: (await matrix.now()).factorRoles }, roles: titles(matrix.roles) }),
    save: async ({ roles }, req) => {
      await matrix.requireFactor(req.actor, roles);
      return { to: '/identity/roles', flash: 'Saved. Whoever lacks a second factor is asked for one on the next page.' };
    },
  });
}

function titles(roles: readonly RoleName[]): { role: RoleName; title: string }[] {
  return roles.map((role) => ({ role, title: roleTitle(role) }));
}

function groupsOf(catalogue: readonly Permission[]): { group: string; permissions: Permission[] }[] {
  const groups = [...new Set(catalogue.map((permission) => permission.group))].sort();
  return groups.map((group) => ({ group, permissions: catalogue.filter((permission) => permission.group === group) }));
}

function groupOf(catalogue: readonly Permission[], req: Request): { group: string; permissions: Permission[] } {
  return groupsOf(catalogue).find(({ group }) => slugOf(group) === req.params.group) ?? { group: '', permissions: [] };
}

function slugOf(group: string): string {
  return group.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
