import { bearerToken, ProblemError } from '@hermes/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BODY_LIMIT, jsonBody } from '../http/body.ts';
import { allows, type Credential, type Credentials, type Scope } from './credentials.ts';
import { FailedAttempts } from './failures.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a request of this route cancels a drain: always, or when its body has `action: "cancel"`. */
    readonly cancels?: 'always' | 'by-action';
    /** What a credential must allow; `read` when left out. */
    readonly scope?: Scope;
  }
  interface FastifyRequest {
    /** Seconds for which this client is locked out; its secret is looked at only if it turns out to cancel. */
    lockedOutFor: number;
    /** Whose secret came with the request; `null` before that is known. */
    credential: Credential | null;
  }
}

/** Who asks. Only for requests that the guard has let in. */
export function credentialOf({ credential }: FastifyRequest): Credential {
  if (credential === null) throw new Error('asked who it is before the guard knew');
  return credential;
}

/**
 * Lets nobody into the routes of `api` without a secret that allows them, and slows down who guesses at it. Cancelling a drain is
 * exempt from the lock-out: an operator behind a noisy address must be able to change their mind.
 */
export function installGuard(api: FastifyInstance, credentials: Credentials): void {
  const failures = new FailedAttempts();

  async function requireSecret(request: FastifyRequest): Promise<void> {
    const credential = credentials.find(bearerToken(request.headers.authorization) ?? '');
    if (credential) {
      request.credential = credential;
      const { scope = 'read' } = request.routeOptions.config;
      if (allows(credential, scope)) return;
      throw forbidden(credential, scope);
    }
    const lockedFor = await failures.count(request.ip);
    request.log.warn({ address: request.ip }, 'refused a request without the right secret');
    throw lockedFor > 0 && !isCancel(request) ? tooManyAttempts(lockedFor) : unauthorized();
  }

  api.decorateRequest('lockedOutFor', 0);
  api.decorateRequest('credential', null);
  api.addHook('onRequest', async (request, reply) => {
    const { cancels } = request.routeOptions.config;
    const lockedFor = cancels === 'always' ? 0 : await failures.lockedFor(request.ip);
    request.lockedOutFor = lockedFor;
    if (lockedFor > 0 && cancels === 'by-action') return;
    closeUnlessSmall(request, reply);
    if (lockedFor > 0) throw tooManyAttempts(lockedFor);
    await requireSecret(request);
    reply.removeHeader('connection');
  });
  api.addHook('preValidation', async (request) => {
    if (request.lockedOutFor === 0) return;
    if (!isCancel(request)) throw tooManyAttempts(request.lockedOutFor);
    await requireSecret(request);
  });
}

function isCancel(request: FastifyRequest): boolean {
  const { cancels } = request.routeOptions.config;
  if (cancels !== 'by-action') return cancels === 'always';
  const body = jsonBody(request.body);
  return body.ok && (body.value as { action?: unknown } | null)?.action === 'cancel';
}

/** Whoever is refused before the body is read must not make us read all of it. */
function closeUnlessSmall(request: FastifyRequest, reply: FastifyReply): void {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (encoding !== undefined || Number(length) > BODY_LIMIT) reply.header('connection', 'close');
}

function unauthorized(): ProblemError {
  return new ProblemError(401, 'unauthorized', 'Unauthorized', '', { headers: { 'www-authenticate': 'Bearer' } });
}

function forbidden({ name }: Credential, scope: Scope): ProblemError {
  const detail = `The credential ${name} lacks the scope ${scope}.`;
  return new ProblemError(403, 'forbidden', 'Forbidden', detail, { extensions: { scope } });
}

function tooManyAttempts(seconds: number): ProblemError {
  const detail = `Wait ${seconds} seconds. A drain can be cancelled at any time with the right secret.`;
  return new ProblemError(429, 'too-many-attempts', 'Too many failed attempts', detail, {
    headers: { 'retry-after': String(seconds) },
  });
}
