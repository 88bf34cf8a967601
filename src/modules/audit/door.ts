import type { AuditApi, TrailEntry, Verdict } from './index.js';
import type { Difference } from './differences.rules.js';
import type { Sealing } from './sealing.js';
import type { Trail } from './trail.js';

export class AuditDoor implements AuditApi {
  constructor(
    private readonly trail: Trail,
    private readonly sealing: Sealing,
  ) {}

  trailOf(entity: string, id: string, limit: number): Promise<(TrailEntry & { differences: Difference[] })[]> {
    return this.trail.trailOf(entity, id, limit);
  }

  verifyChain(): Promise<Verdict> {
    return this.sealing.verify();
  }
}
