import { z } from 'zod';
import type { RoleName } from '../../ports.js';

/** Ticked roles of a form; what is no role here is left out. */
export function rolesField(known: readonly RoleName[]): z.ZodType<RoleName[]> {
  return z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((value) => known.filter((role) => [value].flat().includes(role)));
}
