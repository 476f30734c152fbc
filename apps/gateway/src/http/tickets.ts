import type { FastifyInstance } from 'fastify';
import { type EventTickets, newTicket } from './event-tickets.ts';
import { tooManyTicketsProblem } from './refusal.ts';

export interface TicketRouteParts {
  readonly tickets: EventTickets;
  /** Whether there is a key in whose place a ticket can stand. */
  readonly needsTicket: boolean;
}

/** `POST /v1/sessions/:id/events/ticket`: a ticket with which a client without the key can follow the events of the session. */
export function ticketRoute(app: FastifyInstance, { tickets, needsTicket }: TicketRouteParts): void {
  app.post<{ Params: { id: string } }>('/v1/sessions/:id/events/ticket', async (request, reply) => {
    // Without a key none is looked at. It is not kept: pages of any origin can post this, and would fill the memory.
    const ticket = needsTicket ? tickets.issue(request.params.id) : newTicket();
    if (ticket === undefined) throw tooManyTicketsProblem(tickets.max);
    const expiresAt = new Date(Date.now() + tickets.ttlMs).toISOString();
    return reply.code(201).header('cache-control', 'no-store').send({ ticket, expires_at: expiresAt });
  });
}
