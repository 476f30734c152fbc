import { PROBLEM_TYPE } from '@hermes/service-kit/http';
import { z } from 'zod';

/** An error answer, as RFC 9457 problem details. */
export const problemSchema = z.looseObject({
  type: z.string().describe('URN of the problem type.'),
  title: z.string().describe('The problem type as text.'),
  status: z.number().int().describe('The HTTP status.'),
  detail: z.string().optional().describe('What was expected, what was found, and what to do.'),
  code: z.string().describe('The problem type as a stable code.'),
});

const DESCRIPTIONS = {
  400: 'The request cannot be understood. Nothing was changed.',
  401: 'The bearer secret is missing or wrong.',
  403: 'The credential lacks the scope that is needed. Nothing was changed.',
  404: 'There is no such profile.',
  409: 'Not now: turns would be cut off, a restart is in flight, or another drain is in force. Nothing was changed.',
  412: 'Another drain than the one named is in force. Nothing was changed.',
  413: 'The body is too large. Nothing was changed.',
  429: 'The secret is wrong, and so were too many before it. A right secret is always accepted.',
  501: 'No supervisor is there to do it.',
  503: 'The files that are needed cannot be used, another dashboard changes them, or too many clients are waiting.',
  507: 'The volume is full. Nothing was changed.',
} as const;

type ProblemStatus = keyof typeof DESCRIPTIONS;

/** The OpenAPI descriptions of the error answers with these statuses. */
export function problemResponses(statuses: readonly ProblemStatus[], schema: z.ZodType = problemSchema) {
  return Object.fromEntries(
    statuses.map((status) => [status, { description: DESCRIPTIONS[status], content: { [PROBLEM_TYPE]: { schema } } }]),
  );
}
