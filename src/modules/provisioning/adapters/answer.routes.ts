import { z } from 'zod';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { signedCall, type SignedCalls } from '../../../platform/http/signed-call.js';
import type { Answers } from '../answers.js';

const Body = z.object({
  boot: z.uuid(),
  schema_head: z.string().max(200),
  ready: z.boolean(),
});

/** `POST /api/auth/tenant-bootstrap-ready/`: a school says how far it is. */
export function answerRoutes(routes: Routes, answers: Answers, calls: SignedCalls): void {
  signedCall(routes, calls, {
    path: '/api/auth/tenant-bootstrap-ready',
    limit: '4kb',
    async hear({ schoolId, nonce, said }) {
      const report = Body.safeParse(said).data;
      return (
        report !== undefined &&
        answers.hear({ schoolId, nonce, boot: report.boot, schemaHead: report.schema_head, ready: report.ready })
      );
    },
  });
}
