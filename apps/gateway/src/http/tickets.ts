import type { FastifyInstance } from 'fastify';
import { type EventTickets, newTicket } from './event-tickets.ts';
import { tooManyTicketsProblem } from './refusal.ts';

export interface TicketRouteParts {
  readonly tickets: EventTickets;
  /** Whether a key is configured that a ticket can replace. */
  readonly needsTicket: boolean;
}

/**
 * `POST /v1/sessions/:id/events/ticket`: a ticket with which a client without the key can read the events of the
 * session.
 */
export function ticketRoute(app: FastifyInstance, { tickets, needsTicket }: TicketRouteParts): void {
  app.post<{ Params: { id: string } }>('/v1/sessions/:id/events/ticket', async (request, reply) => {
    // Without a configured key, tickets are not checked. This one is not stored: pages of any origin can send this
    // request, and would fill the memory.
    const ticket = needsTicket ? tickets.issue(request.params.id) : newTicket();
    if (ticket === undefined) throw tooManyTicketsProblem(tickets.max);
    const expiresAt = new Date(Date.now() + tickets.ttlMs).toISOString();
    return reply.code(201).header('cache-control', 'no-store').send({ ticket, expires_at: expiresAt });
  });
}
