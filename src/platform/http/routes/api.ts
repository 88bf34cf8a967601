import express, { type Handler, type Request, type Response } from 'express';
import { z } from 'zod';
import { Conflict, Invalid, RuleBroken } from '../../../kernel/errors.js';
import type { AnyCommand } from '../../../kernel/shapes/command.js';
import type { Page } from '../../../kernel/page.js';
import { digestOf, once, SentBefore } from '../../db/once.js';
import type { Places } from './places.js';
import { problemsOf } from './form-data.js';
import { demandRun, guard, whoMay, type Can, type Starts } from './guard.js';
import { countPeopleShown } from './reading.js';
import type { Declared, Method } from './declared.js';

/** One operation, as the generated document shows it. */
export interface Operation {
  method: Method;
  path: string;
  summary: string;
  tag: string;
  can: Can;
  query?: z.ZodObject;
  body?: z.ZodType;
  output?: z.ZodType;
  status: number;
  multipart?: z.ZodType;
}

interface Common {
  /** Below /api/v1. */
  path: string;
  summary: string;
}
type Reads = Common & { can: Can };

export interface ApiList<Query extends z.ZodObject, Row extends z.ZodType> extends Reads {
  query: Query;
  row: Row;
  load(query: z.infer<Query> & { cursor: string | null; limit: number }, req: Request): Promise<Page<z.infer<Row>>>;
}

export interface ApiGet<Output extends z.ZodType, Query extends z.ZodObject> extends Reads {
  query?: Query;
  output: Output;
  load(req: Request, query: z.infer<Query>): Promise<z.infer<Output>>;
}

export type ApiWrite<Body extends z.ZodType, Output extends z.ZodType> = ApiWriteParts<Body, Output> & Starts;

interface ApiWriteParts<Body extends z.ZodType, Output extends z.ZodType> extends Common {
  body: Body;
  output: Output;
  /** 200 for changes, 201 for what is new, 202 for what goes on in the background. */
  status?: number;
  /** The use case keeps the caller's key with what it wrote, for ever: nothing is remembered here. */
  keepsKey?: true;
  run(body: z.infer<Body>, req: Request): Promise<z.infer<Output>>;
}

/** What the API tells is about persons, and belongs in no cache on the way or in a browser. */
const keepNowhere: Handler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'no-store');
  next();
};
const MOST_ROWS = 200;
const readJson = express.json({ limit: '1mb', strict: true });

/** JSON over the same use cases and permissions as the pages; the schemas also make the OpenAPI document. */
export class ApiRoutes {
  static readonly prefix = '/api/v1';

  constructor(
    private readonly places: Places,
    private readonly declared: Declared[],
    private readonly module: string,
    readonly operations: Operation[],
  ) {}

  list<Query extends z.ZodObject, Row extends z.ZodType>(route: ApiList<Query, Row>): void {
    const output = z.object({ data: z.array(route.row), next: z.string().nullable() });
    const asked = route.query.extend({
      limit: z.coerce
        .number()
        .int()
        .default(50)
        .meta({ description: 'From 1 to 200; values outside are set to the nearest limit' }),
      cursor: z.string().min(1).max(2000).optional(),
    });
    this.add('get', { ...route, query: asked, output, status: 200 }, [], async (req, res) => {
      const query = readAs(asked, req.query) as z.infer<Query> & { cursor?: string; limit: number };
      const page = await route.load(
        { ...query, limit: Math.min(Math.max(query.limit, 1), MOST_ROWS), cursor: query.cursor ?? null },
        req,
      );
      countPeopleShown(req);
      res.json({ data: page.rows, next: page.next });
    });
  }

  get<Output extends z.ZodType, Query extends z.ZodObject = z.ZodObject>(route: ApiGet<Output, Query>): void {
    this.add('get', { ...route, status: 200 }, [], async (req, res) => {
      const answer = await route.load(req, (route.query ? readAs(route.query, req.query) : {}) as z.infer<Query>);
      countPeopleShown(req);
      res.json(answer);
    });
  }

  post<Body extends z.ZodType, Output extends z.ZodType>(route: ApiWrite<Body, Output>): void {
    this.write('post', route);
  }

  patch<Body extends z.ZodType, Output extends z.ZodType>(route: ApiWrite<Body, Output>): void {
    this.write('patch', route);
  }

  delete<Output extends z.ZodType>(route: Reads & { output: Output; run(req: Request): Promise<z.infer<Output>> }): void {
    this.add('delete', { ...route, status: 200 }, [], async (req, res) => {
      res.json(await route.run(req));
    });
  }

  /** For files in or out: `upload` reads the parts, the handler answers for itself. */
  raw(
    method: Method,
    route: Reads & { status?: number; multipart?: z.ZodType; output?: z.ZodType },
    before: Handler[],
    handler: Handler,
  ): void {
    this.add(method, { ...route, status: route.status ?? 200 }, before, handler);
  }

  private write<Body extends z.ZodType, Output extends z.ZodType>(method: Method, route: ApiWrite<Body, Output>): void {
    const status = route.status ?? (method === 'post' ? 201 : 200);
    this.add(method, { ...route, can: whoMay(route), status }, [readJson], async (req, res) => {
      const body = readAs(route.body, req.body ?? {});
      const key = req.get('idempotency-key');
      const run = async (): Promise<unknown> => {
        const answer = await route.run(body, req);
        demandRun(req, route.command);
        return answer;
      };
      res.status(status).json(key && !route.keepsKey ? await runOnce(req, key, body, run) : await run());
    });
  }

  private add(
    method: Method,
    route: Omit<Operation, 'method' | 'tag'> & { command?: AnyCommand | undefined },
    before: Handler[],
    handler: (req: Request, res: Response, next: express.NextFunction) => unknown,
  ): void {
    const path = ApiRoutes.prefix + route.path;
    const command = route.command?.key;
    this.declared.push({ method, path, can: route.can, module: this.module, kind: 'api', ...(command && { command }) });
    this.operations.push({ ...route, path, method, tag: this.module });
    this.places.of(path)[method](path, keepNowhere, guard(route.can, this.module), ...before, handler);
  }
}

/** @throws Invalid with a sentence for each field. */
export function readAs<Schema extends z.ZodType>(schema: Schema, raw: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw new Invalid(problemsOf(parsed.error));
  return parsed.data;
}

/** Says what a use case refuses by the names that the API has for its fields. */
export async function inFields<Answer>(names: Readonly<Record<string, string>>, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RuleBroken && error.field)
      throw new RuleBroken(error.code, error.message, names[error.field] ?? error.field);
    if (!(error instanceof Invalid)) throw error;
    throw new Invalid(error.problems.map(({ field, message }) => ({ field: names[field] ?? field, message })));
  }
}

/** The second call with a key gets the first one's answer. @throws Conflict `key_reused` where it asks for something else */
async function runOnce(req: Request, key: string, body: unknown, run: () => Promise<unknown>): Promise<unknown> {
  const submission = { token: tokenFor(req, key), actorId: req.actor.userId, asked: digestOf(JSON.stringify(body)) };
  try {
    const { url } = await once(submission, async () => JSON.stringify({ answer: await run() }));
    return (JSON.parse(url) as { answer: unknown }).answer;
  } catch (error) {
    throw error instanceof SentBefore ? new Conflict('This key was used for another request.', error.code) : error;
  }
}

/** The caller's key belongs to the caller and the path, so that nobody meets another's answer. */
function tokenFor(req: Request, key: string): string {
  const hex = digestOf(`${req.actor.userId}\n${req.method} ${req.path}\n${key}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
