import { bearerToken, isLoopback, ProblemError, secretsEqual } from '@hermes/service-kit';
import type { FastifyRequest } from 'fastify';

/** Who may use the API. */
export interface AccessRules {
  readonly host: string;
  readonly key?: string | undefined;
}

/**
 * Checks a request before anything of it is read. With a key: the right bearer token. Without one the gateway listens
 * on loopback only, and the `Host` must name it: a web page that rebinds its name to 127.0.0.1 is turned away.
 * @throws ProblemError 401 or 421.
 */
export function checkAccess(rules: AccessRules, request: FastifyRequest): void {
  if (rules.key === undefined) {
    requireLocalName(request);
    return;
  }
  const token = bearerToken(request.headers.authorization);
  if (token !== undefined && secretsEqual(token, rules.key)) return;
  throw new ProblemError(401, 'unauthorized', 'Unauthorized', '', { headers: { 'www-authenticate': 'Bearer' } });
}

/** The last `Host` that named this machine: nearly every request has the same one. */
let localHost: string | undefined;

function requireLocalName(request: FastifyRequest): void {
  const { host } = request.headers;
  if (host !== undefined && host === localHost) return;
  if (!isLoopback(request.hostname)) throw new ProblemError(421, 'misdirected', 'Misdirected request', NOT_LOCAL);
  localHost = host;
}

const NOT_LOCAL = 'Without a key this API answers to localhost only.';
