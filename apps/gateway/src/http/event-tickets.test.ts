import { describe, expect, it } from 'vitest';
import { type EventTicketOptions, EventTickets, newTicket } from './event-tickets.ts';

/** Tickets of 60 ms and 1,000 ms at most, by a clock that the test sets. */
function ticketsAt(options: EventTicketOptions = {}) {
  const clock = { now: 0 };
  const tickets = new EventTickets({ ttlMs: 60, maxMs: 1_000, now: () => clock.now, ...options });
  const issue = (session: string) => tickets.issue(session) ?? 'refused';
  return { clock, tickets, issue };
}

function openStream() {
  const leaving = new AbortController();
  return { left: leaving.signal, close: () => leaving.abort() };
}

describe('a ticket', () => {
  it('is a text of 256 random bits that a URL can hold as it is', () => {
    expect(newTicket()).toMatch(/^[\w-]{43}$/);
    expect(newTicket()).not.toBe(newTicket());
  });

  it('is valid for its session alone, any number of times, until it expires', () => {
    const { clock, tickets, issue } = ticketsAt();
    const ticket = issue('s');
    expect([tickets.find(ticket, 'other'), tickets.find(`${ticket}x`, 's'), tickets.find('', 's')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    clock.now = 59;
    expect([tickets.find(ticket, 's')?.isValid, tickets.find(ticket, 's')?.isValid]).toEqual([true, true]);
    clock.now = 60;
    expect(tickets.find(ticket, 's')).toBeUndefined();
  });

  it('stays valid while one of its streams is open, and from the end of the last one on as long as a new one', () => {
    const { clock, tickets, issue } = ticketsAt();
    const ticket = issue('s');
    const [first, second] = [openStream(), openStream()];
    tickets.find(ticket, 's')?.opened(first);
    clock.now = 500;
    tickets.find(ticket, 's')?.opened(second);
    first.close();
    clock.now = 600;
    expect(tickets.find(ticket, 's')).toBeDefined();
    second.close();
    clock.now = 659;
    expect(tickets.find(ticket, 's')).toBeDefined();
    clock.now = 660;
    expect(tickets.find(ticket, 's')).toBeUndefined();
  });

  it('is not valid after its hard maximum, whatever is open', () => {
    const { clock, tickets, issue } = ticketsAt();
    const ticket = issue('s');
    const stream = openStream();
    tickets.find(ticket, 's')?.opened(stream);
    clock.now = 999;
    expect(tickets.find(ticket, 's')).toBeDefined();
    clock.now = 1_000;
    expect(tickets.find(ticket, 's')).toBeUndefined();
    stream.close();
    expect(tickets.find(ticket, 's')).toBeUndefined();
  });

  it('ends the oldest of its streams when there are too many', () => {
    const { tickets, issue } = ticketsAt({ maxStreams: 2 });
    const ticket = tickets.find(issue('s'), 's');
    const streams = [openStream(), openStream(), openStream()];
    for (const stream of streams) ticket?.opened(stream);
    expect(streams.map(({ left }) => left.aborted)).toEqual([true, false, false]);
    streams[1]?.close();
    const another = openStream();
    ticket?.opened(another);
    expect([...streams, another].map(({ left }) => left.aborted)).toEqual([true, true, false, false]);
  });

  it('does not keep a stream that had ended before it was opened', () => {
    const { clock, tickets, issue } = ticketsAt();
    const ticket = issue('s');
    const stream = openStream();
    stream.close();
    tickets.find(ticket, 's')?.opened(stream);
    clock.now = 60;
    expect(tickets.find(ticket, 's')).toBeUndefined();
  });
});

describe('tickets', () => {
  it('are refused beyond the limit, and issued again once others have expired', () => {
    const { clock, tickets, issue } = ticketsAt({ max: 2 });
    const open = issue('s');
    tickets.find(open, 's')?.opened(openStream());
    issue('s');
    expect(tickets.issue('s')).toBeUndefined();
    clock.now = 60;
    const next = tickets.issue('s');
    expect(next).toBeDefined();
    expect(tickets.issue('s')).toBeUndefined();
    expect(tickets.find(open, 's')).toBeDefined();
  });
});
