import type { Request } from 'express';
import { isId } from '../../../../kernel/id.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { hasGap } from '../../accounts/account.rules.js';
import type { PaymentPages } from '../../adapters/pages.js';

/** A whole text message fits. */
const MOST = 500;

/** “I paid, here is my message”: the search, and what can be done when it finds nothing. */
export function lookingRoutes(r: Routes, reported: Routes, pages: PaymentPages): void {
  r.get('/payments', 'payments.read', async (req, res) => {
    const asked = textOf(req.query.number);
    const [accounts, open] = [await pages.accounts.list(req.actor), await pages.suspense.open()];
    const gaps = accounts.filter((one) => hasGap(one, pages.now()));
    const child = isId(req.query.student) ? await pages.looking.child(req.actor, req.query.student) : null;
    await res.page('payments/index', {
      asked,
      child,
      found: asked ? await pages.looking.find(req.actor, asked) : null,
      means: await pages.looking.means(),
      open,
      differing: await pages.suspense.differing(),
      gaps,
      accounts,
    });
  });

  reported.post('/payments/readings', 'payments.match', async (req, res) => {
    const fresh = await pages.looking.readNow(req.actor);
    const none = req.t('M-Pesa’s list has nothing new.');
    res.done(
      back(req),
      fresh === null
        ? req.t('M-Pesa is not responding. Its list is read again every hour.')
        : fresh === 0
          ? none
          : req.t('M-Pesa’s list was read: {{n}} new.', { n: String(fresh) }),
    );
  });

  reported.post('/payments/questions', 'payments.match', async (req, res) => {
    const said = await pages.looking.ask(req.actor, textOf(bodyOf(req).number));
    const words = {
      asked: req.t('M-Pesa has been asked about this code. The answer takes a minute or two; check again then.'),
      lately: req.t('M-Pesa was asked about this code less than ten minutes ago. Check again in a moment.'),
      away: req.t('M-Pesa is not responding. Try again later.'),
    };
    res.done(back(req), words[said]);
  });
}

function back(req: Request): string {
  const { number, student } = bodyOf(req);
  return `/payments?number=${encodeURIComponent(textOf(number))}${isId(student) ? `&student=${student}` : ''}`;
}

function bodyOf(req: Request): Record<string, unknown> {
  return (req.body ?? {}) as Record<string, unknown>;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim().slice(0, MOST) : '';
}
