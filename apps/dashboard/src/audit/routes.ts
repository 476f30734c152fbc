import { type AuditLog, auditEntrySchema } from '@hermes/drain-audit';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemResponses } from '../http/problem-schema.ts';
import { profileQuerySchema } from '../status/schemas.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { readAudit, verifyAudit } from './read.ts';

const MAX_ENTRIES = 1_000;
const DEFAULT_ENTRIES = 100;

const querySchema = profileQuerySchema.extend({
  profile: z.string().optional().describe('Only requests about this profile.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_ENTRIES)
    .default(DEFAULT_ENTRIES)
    .describe('Maximum number of entries.'),
});

const verdictSchema = z
  .object({
    ok: z.boolean(),
    entries: z.number().int().describe('Number of valid entries, from the oldest that is kept.'),
    broken_at: z.number().int().nullable().describe('The number of the first entry that is invalid or missing.'),
    detail: z
      .string()
      .nullable()
      .describe('The fault; or a note that rotation has removed the oldest entries, which is no fault.'),
    first: z.number().int().nullable().describe('The number of the oldest entry that is kept.'),
    last: z.number().int().nullable().describe('The number of the last entry that was checked.'),
    last_hash: z.string().nullable().describe('The hash of the last entry, to compare with a copy kept elsewhere.'),
  })
  .describe('Whether all entries are unchanged since they were written.');

export interface AuditRouteOptions {
  /** The root home. */
  readonly home: string;
  readonly audit: AuditLog;
}

/** `GET /api/audit` and `GET /api/audit/verify`. */
export const auditRoutes: FastifyPluginAsyncZod<AuditRouteOptions> = async (api, { home, audit }) => {
  const verification = new OneAtATime(async () => {
    await audit.settled();
    const verdict = await verifyAudit(home, audit.last);
    if (!verdict.ok) audit.reportBroken(verdict.broken_at, verdict.detail);
    return verdict;
  });

  api.route({
    method: 'GET',
    url: '/audit',
    schema: {
      summary: 'Audited requests and their results, newest first',
      tags: ['audit'],
      querystring: querySchema,
      response: {
        200: z.object({ entries: z.array(auditEntrySchema) }).describe('The last requests.'),
        ...problemResponses([400, 401, 403, 429, 503]),
      },
    },
    handler: async ({ query }) => ({ entries: await readAudit(home, query) }),
  });

  api.route({
    method: 'GET',
    url: '/audit/verify',
    schema: {
      summary: 'Verify that the audit is unchanged',
      tags: ['audit'],
      querystring: z.strictObject({}),
      response: { 200: verdictSchema, ...problemResponses([400, 401, 403, 429, 503]) },
    },
    handler: () => verification.run(),
  });
};
