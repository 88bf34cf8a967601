import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import type { Operation } from './api.js';

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    reference: z.string().optional(),
  })
  .meta({ id: 'Problem' });

/** The document at /api/openapi.json, made from the schemas that check the requests. */
export function openApiDocument(operations: readonly Operation[], server: string, title: string): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operations) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: describe(operation) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: { title, version: '1' },
    servers: [{ url: server }],
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    paths,
  });
}

function describe(operation: Operation): ZodOpenApiOperationObject {
  const names = [...operation.path.matchAll(/:(\w+)/g)].map((match) => match[1]!);
  const path = names.length > 0 ? z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) : undefined;
  const problem = { description: 'What went wrong', content: { 'application/problem+json': { schema: Problem } } };
  return {
    summary: operation.summary,
    tags: [operation.tag],
    description:
      operation.can === 'public'
        ? 'No account needed.'
        : operation.can === 'signed-in'
          ? 'Any signed-in account.'
          : `Needs the permission \`${operation.can}\`.`,
    ...(operation.can === 'public' ? { security: [] } : {}),
    ...(path || operation.query
      ? { requestParams: { ...(path ? { path } : {}), ...(operation.query ? { query: operation.query } : {}) } }
      : {}),
    ...(operation.body ? { requestBody: { content: { 'application/json': { schema: operation.body } } } } : {}),
    ...(operation.multipart ? { requestBody: { content: { 'multipart/form-data': { schema: operation.multipart } } } } : {}),
    responses: {
      [String(operation.status)]: {
        description: 'Done',
        ...(operation.output ? { content: { 'application/json': { schema: operation.output } } } : {}),
      },
      ...(operation.can === 'public' ? {} : { '401': problem, '403': problem }),
      '422': problem,
    },
  };
}
