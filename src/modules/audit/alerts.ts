import { demand, type Actor } from '../../kernel/actor.js';
import { Missing } from '../../kernel/missing.js';
import { RuleBroken } from '../../kernel/errors.js';
import { isId } from '../../kernel/id.js';
import type { Page } from '../../kernel/page.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { alertSentence } from './alert.rules.js';
import type { Alert, AlertStore, AuditTrail } from './ports.js';

const inEnglish = (text: string, vars: Record<string, string | number> = {}): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => String(vars[name]));

/** The alerts as people see them. */
export class Alerts {
  constructor(
    private readonly store: AlertStore,
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
  ) {}

  page(openOnly: boolean, cursor: string | null, limit: number): Promise<Page<Alert>> {
    return this.store.page(openOnly, cursor, limit);
  }

  /** Whoever gave rise to an alert does not settle it, unless it is the owner, who may be alone. */
  async markSeen(actor: Actor, id: string): Promise<void> {
    demand(actor, 'audit.alerts');
    await this.unit(async () => {
      const alert = isId(id) ? await this.store.find(id) : null;
      if (!alert) throw new Missing('alert');
      if (alert.actorId && alert.actorId === actor.userId && !actor.roles.includes('owner')) {
        throw new RuleBroken('own-alert', 'This is about your own actions: someone else has to check it.');
      }
      if (!(await this.store.markSeen(id, actor))) return;
      await this.audit.record(actor, {
        action: 'audit.alert.seen',
        entity: 'audit_alerts',
        entityId: id,
        label: alertSentence(inEnglish, alert),
      });
    });
  }
}
