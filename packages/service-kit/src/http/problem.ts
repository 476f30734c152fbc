import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ProblemCode } from './problem-codes.ts';

/** Media type of RFC 9457 problem details. */
export const PROBLEM_TYPE = 'application/problem+json';

/** An answer that says what went wrong, as RFC 9457 problem details. */
export class ProblemError extends Error {
  readonly statusCode: number;
  readonly code: ProblemCode;
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, unknown>>;

  /** @param code stable, for programs. @param title the same for every problem of this code. */
  constructor(
    statusCode: number,
    code: ProblemCode,
    title: string,
    detail = '',
    more: { headers?: Record<string, string>; extensions?: Record<string, unknown> } = {},
  ) {
    super(detail);
    this.name = 'ProblemError';
    this.statusCode = statusCode;
    this.code = code;
    this.title = title;
    this.headers = more.headers ?? {};
    this.extensions = more.extensions ?? {};
  }
}

/** The problem details object that is sent for `problem`. */
export function problemBody(problem: ProblemError): Record<string, unknown> {
  return {
    type: `urn:hermes:problem:${problem.code}`,
    title: problem.title,
    status: problem.statusCode,
    ...(problem.message === '' ? {} : { detail: problem.message }),
    code: problem.code,
    ...problem.extensions,
  };
}

/** For Fastify's `frameworkErrors`: errors before there is a route to handle them, like a URL that cannot be decoded. */
export function sendFrameworkProblem(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(reply, toProblem(error));
}

/** Makes every error of `app`, thrown or by the framework, a problem answer. Nothing of an unexpected error leaks out. */
export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    const problem = toProblem(error, request.routeOptions.bodyLimit);
    if (problem.statusCode >= 500 && !(error instanceof ProblemError))
      request.log.error({ err: error }, 'request failed');
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => sendProblem(reply, notFound(request)));
}

/** The answer to a request for what there is not. */
export function notFound({ method, url }: FastifyRequest): ProblemError {
  return new ProblemError(404, 'not-found', 'Not found', `There is nothing at ${method} ${url.split('?')[0]}.`);
}

export function sendProblem(reply: FastifyReply, problem: ProblemError): FastifyReply {
  return reply
    .code(problem.statusCode)
    .headers(problem.headers)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problemBody(problem)));
}

const FRAMEWORK_PROBLEMS: Record<string, readonly [number, ProblemCode, string, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'body-too-large', 'Body too large', 'Send a smaller body.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported-media-type', 'Unsupported media type', 'Send application/json.'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'invalid-json', 'Body is not JSON', 'The body could not be parsed as JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'invalid-json', 'Body is not JSON', 'The body is empty; JSON was expected.'],
};

/**
 * What to answer to whatever was thrown: a problem as it is, what the framework complains about, or nothing of it.
 * @param bodyLimit of the route, in bytes, where it is known
 */
export function toProblem(thrown: unknown, bodyLimit?: number): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  const error: Partial<FastifyError> = thrown instanceof Error ? thrown : {};
  const [status, code, title, detail] = FRAMEWORK_PROBLEMS[error.code ?? ''] ?? [];
  if (status && code && title) {
    const limit = status === 413 && bodyLimit !== undefined ? `The body is larger than ${bodyLimit} bytes. ` : '';
    return new ProblemError(status, code, title, `${limit}${detail}`);
  }
  if (error.validation) return new ProblemError(400, 'invalid-request', 'Invalid request', error.message);
  // Errors of other libraries may carry the status of an upstream response.
  const own = error.code?.startsWith('FST_') === true;
  if (own && error.statusCode && error.statusCode >= 400 && error.statusCode < 500) {
    return new ProblemError(error.statusCode, 'bad-request', 'Bad request', error.message);
  }
  return new ProblemError(500, 'internal', 'Internal error', 'An unexpected error occurred; see the log for details.');
}

/** `value` as `schema` understands it. @throws ProblemError 400 that names each field, what was expected and found. */
export function parseRequest<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new ProblemError(400, 'invalid-request', 'Invalid request', issues.join('; '));
}
