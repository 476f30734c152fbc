import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../address.ts';
import { ProblemError } from './problem.ts';

export interface HostRules {
  /** What the program listens on. */
  readonly host: string;
  /** Further names by which clients call it, in lower case, without a port. */
  readonly allowedHosts: readonly string[];
}

/** What orchestrators and load balancers ask; some of them send no `Host`, which a browser always does. */
const PROBE = /^\/(livez|readyz)(\?|$)/;

/**
 * Whether a request may be called `hostHeader`. On a loopback address only the names of that and the allowed ones: a web
 * page that rebinds its own name to 127.0.0.1 is turned away. On another address with allowed names those and addresses,
 * which cannot be rebound; without allowed names any.
 */
export function isOwnHost({ host, allowedHosts }: HostRules, hostHeader: string | undefined): boolean {
  const name = nameOf(hostHeader ?? '');
  if (name === undefined) return false;
  if (isLoopback(name) || allowedHosts.includes(name)) return true;
  if (isLoopback(host)) return false;
  return allowedHosts.length === 0 || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0 || name === host.toLowerCase();
}

/**
 * The header itself counts, whatever a proxy says.
 * @param setting what allows a further name, for the answer
 * @throws ProblemError 421 when the request is for another host.
 */
export function requireOwnHost(rules: HostRules, { headers, url }: FastifyRequest, setting: string): void {
  if (headers.host === undefined && PROBE.test(url)) return;
  if (isOwnHost(rules, headers.host)) return;
  const detail = `This program does not answer to that host name: use localhost, or add the name to ${setting}.`;
  throw new ProblemError(421, 'misdirected', 'Misdirected request', detail);
}

function nameOf(host: string): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[^:@/?#\s]+)(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase();
}
