import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { DomainError, Invalid, RuleBroken, TooMany, type FieldProblem } from '../../../kernel/errors.js';
import { readCookie } from '../../../platform/http/pages/flash.js';
import { flatten, FormState, problemsOf, unflatten, type FlatValues } from '../../../platform/http/routes/form-data.js';
import { DRAFT_DAYS, STEPS, type Step } from '../steps.rules.js';
import type { Secrets } from '../ports.js';
import type { Browser } from '../drafts.js';

const LABELS: Record<Step, string> = { school: 'School', you: 'You', address: 'Address', code: 'Code' };

/** The secret by which a draft knows its browser; made with the first page, so that every form brings it. */
export class DraftCookie {
  private readonly name: string;

  constructor(
    private readonly secrets: Secrets,
    private readonly secure: boolean,
  ) {
    this.name = `${secure ? '__Host-' : ''}aims-signup`;
  }

  /** The same for the whole of a request. */
  browser(req: Request, res: Response): Browser {
    const made = res.locals as { signup?: Browser };
    if (made.signup) return made.signup;
    const kept = readCookie(req, this.name);
    const secret = kept && /^[\w-]{43}$/.test(kept) ? kept : this.secrets.token();
    res.cookie(this.name, secret, { ...this.options(), maxAge: DRAFT_DAYS * 86_400_000 });
    return (made.signup = { secret, ip: req.ip ?? null, language: req.language });
  }

  clear(res: Response): void {
    res.clearCookie(this.name, this.options());
  }

  private options(): { httpOnly: true; sameSite: 'lax'; secure: boolean; path: string } {
    return { httpOnly: true, sameSite: 'lax', secure: this.secure, path: '/' };
  }
}

export function bodyOf(req: Request): FlatValues {
  return (req.body as FlatValues | undefined) ?? {};
}

export function pathOf(step: Step): string {
  return `/signup/${step}`;
}

export function stepsFor(t: Request['t'], at: Step): { items: { label: string; href: string }[]; at: number } {
  const items = [...STEPS.map((step) => ({ label: t(LABELS[step]), href: pathOf(step) })), { label: t('Opening'), href: '' }];
  return { items, at: STEPS.indexOf(at) };
}

/** Draws one step; a refusal keeps what was typed and says at each field what is wrong. */
export async function drawStep(
  req: Request,
  res: Response,
  step: Step,
  model: object,
  values: object,
  refusal?: { problems: FieldProblem[]; status: number },
): Promise<void> {
  const problems = (refusal?.problems ?? []).map((problem) => ({ ...problem, message: req.t(problem.message) }));
  const form = new FormState(pathOf(step), flatten(values), problems, randomUUID());
  await res.page(`signup/${step}`, { steps: stepsFor(req.t, step), form, ...model }, { status: refusal?.status ?? 200 });
}

/** What was sent, by its schema. @throws Invalid */
export async function readForm<Values>(req: Request, schema: z.ZodType<Values>): Promise<Values> {
  const parsed = await schema.safeParseAsync(unflatten(bodyOf(req)));
  if (!parsed.success) throw new Invalid(problemsOf(parsed.error));
  return parsed.data;
}

/** What a refusal says and where; anything else goes on to the error page. */
export function refusalOf(error: unknown, res: Response, field = ''): { problems: FieldProblem[]; status: number } {
  if (!(error instanceof DomainError)) throw error;
  if (error instanceof TooMany) res.set('Retry-After', String(error.retryAfterSeconds));
  const problems =
    error instanceof Invalid
      ? error.problems
      : [{ field: error instanceof RuleBroken ? (error.field ?? field) : field, message: error.message }];
  return { problems, status: error.status };
}

/** What was typed, without our own hidden fields. */
export function typedOf(req: Request): FlatValues {
  return Object.fromEntries(Object.entries(bodyOf(req)).filter(([name]) => !name.startsWith('_')));
}
