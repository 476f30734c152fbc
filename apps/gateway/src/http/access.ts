import { bearerToken, requireOwnHost, secretsEqual, unauthorized, type WrongSecrets } from '@hermes/service-kit';
import type { FastifyRequest } from 'fastify';

/** Of a request on OpenAI's routes, in MiB. */
export const DEFAULT_MAX_BODY_MIB = 20;

/** Who may use the API, and how much of it. */
export interface AccessRules {
  readonly host: string;
  readonly key?: string | undefined;
  /** Further names by which clients call the gateway. */
  readonly allowed_hosts?: readonly string[] | undefined;
  /** Addresses whose `X-Forwarded-For` is believed. */
  readonly trusted_proxies?: readonly string[] | undefined;
  /** The largest request on OpenAI's routes, in MiB. */
  readonly max_body_mib?: number | undefined;
}

/**
 * Checks a request before anything of it is read. With a key: the right bearer token, which is always let in, whatever
 * others at the same address sent. Without one: the `Host` must be ours.
 * @throws ProblemError 401, 421 or 429.
 */
export async function checkAccess(rules: AccessRules, wrongKeys: WrongSecrets, request: FastifyRequest): Promise<void> {
  if (rules.key === undefined) return checkHost(rules, request);
  const { authorization } = request.headers;
  if (authorization === undefined) throw unauthorized();
  const token = bearerToken(authorization);
  if (token !== undefined && secretsEqual(token, rules.key)) return;
  throw await wrongKeys.refuse(request.ip);
}

/** For what needs no key: a web page that rebinds its name to this machine is turned away. @throws ProblemError 421. */
export function checkHost({ host, allowed_hosts: allowedHosts = [] }: AccessRules, request: FastifyRequest): void {
  requireOwnHost({ host, allowedHosts }, request, "api_server.allowed_hosts in the gateway's config.yaml");
}
