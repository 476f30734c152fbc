import {
  bearerToken,
  ProblemError,
  requireOwnHost,
  secretsEqual,
  unauthorized,
  type WrongSecrets,
} from '@hermes/service-kit/http';
import type { FastifyRequest } from 'fastify';
import type { EventTicket, EventTickets } from './event-tickets.ts';

/** Maximum size of a request on OpenAI's routes and of a message, in MiB. */
export const DEFAULT_MAX_BODY_MIB = 20;

/** Access rules and limits of the API. */
export interface AccessRules {
  readonly host: string;
  readonly key?: string | undefined;
  /** Further host names of the gateway. */
  readonly allowed_hosts?: readonly string[] | undefined;
  /** Addresses whose `X-Forwarded-For` is trusted. */
  readonly trusted_proxies?: readonly string[] | undefined;
  /** Maximum size of a request on OpenAI's routes and of a message, in MiB. */
  readonly max_body_mib?: number | undefined;
  /** Web pages of these origins may use the API from a browser. */
  readonly cors_origins?: readonly string[] | undefined;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a ticket in the query replaces the key on this route. */
    readonly takesTicket?: boolean;
  }
  interface FastifyRequest {
    /** The ticket that authorised this request instead of the key. */
    ticket: EventTicket | undefined;
  }
}

/** The checks of a request. */
export interface Doors {
  readonly rules: AccessRules;
  readonly wrongKeys: WrongSecrets;
  readonly tickets: EventTickets;
}

/**
 * Checks a request before its body is read. With a configured key: a correct bearer token is always accepted, whatever
 * other clients at the same address send; without a token, a ticket is accepted on a route that takes one. Without a
 * configured key: the `Host` must be a name of the gateway.
 * @throws ProblemError 401, 421 or 429.
 */
export async function checkAccess({ rules, wrongKeys, tickets }: Doors, request: FastifyRequest): Promise<void> {
  if (rules.key === undefined) return checkHost(rules, request);
  const { authorization } = request.headers;
  if (authorization === undefined) {
    request.ticket = requireTicket(tickets, request);
    return;
  }
  const token = bearerToken(authorization);
  if (token !== undefined && secretsEqual(token, rules.key)) return;
  throw await wrongKeys.refuse(request.ip);
}

/** For routes without a key: refuses a web page that rebinds its name to this machine. @throws ProblemError 421. */
export function checkHost({ host, allowed_hosts: allowedHosts = [] }: AccessRules, request: FastifyRequest): void {
  requireOwnHost({ host, allowedHosts }, request, "api_server.allowed_hosts in the gateway's config.yaml");
}

/**
 * Not counted as a wrong key: a ticket cannot be guessed, and expired tickets are normal.
 * @throws ProblemError 401
 */
function requireTicket(tickets: EventTickets, request: FastifyRequest): EventTicket {
  const { ticket: text } = request.query as { readonly ticket?: unknown };
  // HEAD has the configuration of GET.
  const isTaken = request.method === 'GET' && request.routeOptions.config.takesTicket === true;
  if (!isTaken || text === undefined) throw unauthorized();
  const { id } = request.params as { readonly id: string };
  const ticket = typeof text === 'string' ? tickets.find(text, id) : undefined;
  if (ticket) return ticket;
  const detail = 'This ticket is unknown, expired, or for another session: request a new one with the API key.';
  throw new ProblemError(401, 'ticket-invalid', 'Ticket not valid', detail, {
    headers: { 'www-authenticate': 'Bearer' },
  });
}
