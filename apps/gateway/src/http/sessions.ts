import type { SSEMessage } from '@fastify/sse';
import { ProblemError, parseRequest, type ResponseBacklog } from '@hermes/service-kit/http';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { EventHub } from '../events/event-hub.ts';
import { type EventId, parseEventId } from '../events/event-id.ts';
import type { SessionEvent } from '../journal/event-store.ts';
import { EventStream } from './event-stream.ts';
import { tooManyReadersProblem } from './refusal.ts';

/** Maximum number of clients with an event stream. */
const MAX_READERS = 2_000;

export interface SessionRouteParts {
  readonly hub: EventHub;
  readonly backlog: ResponseBacklog;
  readonly maxReaders?: number | undefined;
}

/**
 * `named`: each event has its type as its name. `unnamed`: it has no name, so that `onmessage` gets it, and its type is
 * in the data.
 */
const querySchema = z.object({
  events: z.enum(['named', 'unnamed']).default('named'),
  /** For the first connection of an `EventSource`, which cannot set the header; on reconnect it sends the header. */
  last_event_id: z.string().optional(),
});

const OPTIONS = { sse: 'only', config: { takesTicket: true } } as const;

/** The first event for a reader that resumes from an event of another journal. */
const RESET = {
  type: 'reset',
  data: { text: 'The journal was replaced. Earlier events are no longer available.' },
} as const;

/**
 * `GET /v1/sessions/:id/events`: replies and notices as they happen, or from the last event of the reader on, if it
 * sends that.
 */
export function sessionRoutes(app: FastifyInstance, parts: SessionRouteParts): void {
  const { hub, backlog, maxReaders = MAX_READERS } = parts;
  app.get<{ Params: { id: string } }>('/v1/sessions/:id/events', OPTIONS, async (request, reply) => {
    const { events: style, last_event_id } = parseRequest(querySchema, request.query);
    const last = lastEventId(reply.sse.lastEventId, last_event_id);
    const from = last && (await hub.resume(request.params.id, last));
    if (hub.readers >= maxReaders) throw tooManyReadersProblem(maxReaders);
    const stream = new EventStream(reply, backlog);
    request.ticket?.opened(stream);
    reply.sse.sendHeaders();
    // Flush the head, or a client does not know that it is connected until an event happens.
    reply.raw.flushHeaders();
    const events = hub.follow(request.params.id, from?.after, stream.left);
    const send = async (event: Pick<SessionEvent, 'seq' | 'data'> & { readonly type: string }) =>
      stream.send(messageOf(event, await hub.idOf(event), style));
    if (from?.isReset) await send({ ...RESET, seq: 0 });
    while (await sendNext(events, send));
  });
}

/**
 * Sends the next event. A function, because the variables of a loop would keep the event in memory until the next one.
 * @returns whether there was one.
 */
async function sendNext(
  events: AsyncGenerator<SessionEvent, void>,
  send: (event: SessionEvent) => Promise<void>,
): Promise<boolean> {
  const { done, value } = await events.next();
  if (done) return false;
  await send(value);
  return true;
}

function messageOf(
  { type, data }: { readonly type: string; readonly data: object },
  id: string,
  style: 'named' | 'unnamed',
): SSEMessage {
  return style === 'named' ? { id, event: type, data } : { id, data: { type, ...data } };
}

/** @throws ProblemError 400 */
function lastEventId(header: string | null, query: string | undefined): EventId | undefined {
  const text = header ?? query;
  if (text === undefined) return undefined;
  const id = parseEventId(text);
  if (id) return id;
  const name = header === null ? 'last_event_id' : 'Last-Event-ID';
  throw new ProblemError(400, 'invalid-request', 'Invalid request', `${name}: expected the id of an event.`);
}
