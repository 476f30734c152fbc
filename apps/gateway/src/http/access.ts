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
  /** Web pages of these origins may use the API from a browser. */
  readonly cors_origins?: readonly string[] | undefined;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a ticket in the query opens this route instead of the key. */
    readonly takesTicket?: boolean;
  }
  interface FastifyRequest {
    /** What let this request in instead of the key. */
    ticket: EventTicket | undefined;
  }
}

/** What a request is checked against. */
export interface Doors {
  readonly rules: AccessRules;
  readonly wrongKeys: WrongSecrets;
  readonly tickets: EventTickets;
}

/**
 * Checks a request before anything of it is read. With a key: the right bearer token, which is always let in, whatever
 * others at the same address sent, or, where no token is sent, a ticket on a route that takes one. Without a key: the
 * `Host` must be ours.
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

/** For what needs no key: a web page that rebinds its name to this machine is turned away. @throws ProblemError 421. */
export function checkHost({ host, allowed_hosts: allowedHosts = [] }: AccessRules, request: FastifyRequest): void {
  requireOwnHost({ host, allowedHosts }, request, "api_server.allowed_hosts in the gateway's config.yaml");
}

/**
 * Not counted as a wrong key: a ticket cannot be guessed, and one that has expired is nothing unusual.
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
