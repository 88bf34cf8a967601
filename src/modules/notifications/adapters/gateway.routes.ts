import { timingSafeEqual } from 'node:crypto';
import express, { type Request, type Response } from 'express';
import { NotFound } from '../../../kernel/errors.js';
import { Missing } from '../../../kernel/missing.js';
import { parsePhone } from '../../../kernel/people/phone.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { ReportShape } from '../../../platform/sms/index.js';
import type { FamilyWishes } from '../opt-outs.js';
import type { DeliveryReport, DeliveryReports } from '../reports.js';

export interface GatewayParts {
  reports: DeliveryReports;
  wishes: FamilyWishes;
  /** Null where no gateway is set up: then nothing is found here. */
  shape: ReportShape | null;
  /** The secret word of the address; who doesn't know it finds nothing here. */
  token: string;
}

const readJson = express.json({ limit: '16kb' });

/** What the SMS gateway tells by itself: what became of messages, and who answered STOP. */
export function gatewayRoutes(r: Routes, { reports, wishes, shape, token }: GatewayParts): void {
  r.post('/api/sms/:token/reports', 'public', async (req, res) => {
    const fields = await fieldsOf(req, res, token);
    const report = shape && reportIn(fields, shape);
    if (!report || !(await reports.take(report))) throw new Missing('message');
    res.type('text').send('ok\n');
  });

  r.post('/api/sms/:token/opt-outs', 'public', async (req, res) => {
    const { phoneNumber } = await fieldsOf(req, res, token);
    const phone = typeof phoneNumber === 'string' ? parsePhone(phoneNumber, req.school!.country) : null;
    if (!phone) throw new NotFound('This is not a phone number.');
    await wishes.stopByGateway(req.actor, phone);
    res.type('text').send('ok\n');
  });
}

/** As a form or as JSON. @throws NotFound with a wrong token */
async function fieldsOf(req: Request, res: Response, token: string): Promise<Record<string, unknown>> {
  const given = Buffer.from(String(req.params.token));
  const wanted = Buffer.from(token);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new NotFound();
  if (req.is('json'))
    await new Promise<void>(
      (resolve, reject) => void readJson(req, res, (error?: unknown) => (error ? reject(new NotFound()) : resolve())),
    );
  return (req.body ?? {}) as Record<string, unknown>;
}

function reportIn(fields: Record<string, unknown>, shape: ReportShape): DeliveryReport | null {
  const word = (name: string): string =>
    ['string', 'number'].includes(typeof fields[name]) ? String(fields[name]).slice(0, 200) : '';
  const [ref, status] = [word(shape.id), word(shape.status).toLowerCase()];
  if (ref === '' || status === '') return null;
  return {
    ref,
    outcome: shape.delivered.includes(status) ? 'delivered' : shape.failed.includes(status) ? 'failed' : 'under-way',
    reason: word(shape.reason) || status,
  };
}
