import express, { type Request, type Response } from 'express';
import { z } from 'zod';
import { Invalid } from '../../../../kernel/errors.js';
import { problemsOf } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { ApiTokens } from '../api-tokens.js';
import type { Browser } from '../../sign-in/sign-in.js';
import { where } from '../../sign-in/adapters/sign-in.js';

const Login = z.object({
  login: z.string().min(1).max(254),
  password: z.string().min(1).max(1000),
  totp: z.string().max(40).optional(),
});
const Refresh = z.object({ refresh_token: z.string().min(20).max(100) });
const readJson = express.json({ limit: '10kb', strict: true });

/** Sign-in of programs. No cookie is read or set. */
export function tokenRoutes(routes: Routes, tokens: ApiTokens): void {
  routes.post('/api/auth/token', 'public', async (req, res) => {
    const { login, password, totp } = await read(req, res, Login);
    answer(res, await tokens.issue(login, password, totp, program(req)));
  });
  routes.post('/api/auth/refresh', 'public', async (req, res) => {
    const { refresh_token: token } = await read(req, res, Refresh);
    answer(res, await tokens.refresh(token, program(req)));
  });
}

async function read<Schema extends z.ZodType>(req: Request, res: Response, schema: Schema): Promise<z.infer<Schema>> {
  await new Promise<void>((resolve, reject) =>
    readJson(req, res, (error?: unknown) => (error instanceof Error ? reject(error) : resolve())),
  );
  const parsed = schema.safeParse(req.body);
  if (!parsed.success) throw new Invalid(problemsOf(parsed.error));
  return parsed.data;
}

function answer(res: Response, body: object): void {
  res.set('Cache-Control', 'no-store').json(body);
}

/** A program has no cookies; it is a stranger each time. */
function program(req: Request): Browser {
  return { ...where(req), trial: '', device: null };
}
