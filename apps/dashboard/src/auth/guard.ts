import { bearerToken, ProblemError, unauthorized, WrongSecrets } from '@hermes/service-kit/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BODY_LIMIT } from '../http/body.ts';
import { addressOf } from '../http/client-address.ts';
import { allows, type Credential, type Credentials, type Scope } from './credentials.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a credential must allow; `read` when left out. */
    readonly scope?: Scope;
  }
  interface FastifyRequest {
    /** The credential of the request; `null` before authentication. */
    credential: Credential | null;
  }
}

/** The client of a request that the guard has accepted. */
export function credentialOf({ credential }: FastifyRequest): Credential {
  if (credential === null) throw new Error('asked who it is before the guard knew');
  return credential;
}

/**
 * Requires a secret that allows it for each route of `api`, and slows down guessing. A right secret is always accepted, whatever
 * other clients at the same address sent; a missing one is not an attempt.
 * @param onWrong is called for each wrong secret
 */
export function installGuard(api: FastifyInstance, credentials: Credentials, onWrong: () => void): void {
  const wrongSecrets = new WrongSecrets({ onWrong });
  api.decorateRequest('credential', null);
  api.addHook('onRequest', async (request, reply) => {
    const { authorization } = request.headers;
    const credential = credentials.find(bearerToken(authorization) ?? '');
    if (credential === undefined) {
      closeUnlessSmall(request, reply);
      if (authorization === undefined) throw unauthorized();
      const address = addressOf(request);
      request.log.warn({ address }, 'refused a request without the right secret');
      throw await wrongSecrets.refuse(address);
    }
    request.credential = credential;
    const { scope = 'read' } = request.routeOptions.config;
    if (allows(credential, scope)) return;
    closeUnlessSmall(request, reply);
    throw forbidden(credential, scope);
  });
}

/** A refused client must not make the server read its whole body. */
function closeUnlessSmall(request: FastifyRequest, reply: FastifyReply): void {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (encoding !== undefined || Number(length) > BODY_LIMIT) reply.header('connection', 'close');
}

function forbidden({ name }: Credential, scope: Scope): ProblemError {
  const detail = `The credential ${name} lacks the scope ${scope}.`;
  return new ProblemError(403, 'forbidden', 'Forbidden', detail, { extensions: { scope } });
}
