import { ProblemError, type ResponseBacklog } from '@hermes/service-kit';
import type { FastifyInstance } from 'fastify';
import type { EventHub } from '../events/event-hub.ts';
import type { SessionEvent } from '../journal/records.ts';
import { EventStream } from './event-stream.ts';
import { tooManyReadersProblem } from './refusal.ts';

/** How many clients may follow events at a time. */
const MAX_READERS = 2_000;

export interface SessionRouteParts {
  readonly hub: EventHub;
  readonly backlog: ResponseBacklog;
  readonly maxReaders?: number | undefined;
}

/** `GET /v1/sessions/:id/events`: replies and notices as they happen, from `Last-Event-ID` on if that is given. */
export function sessionRoutes(app: FastifyInstance, parts: SessionRouteParts): void {
  const { hub, backlog, maxReaders = MAX_READERS } = parts;
  app.get<{ Params: { id: string } }>('/v1/sessions/:id/events', { sse: 'only' }, async (request, reply) => {
    const last = parseEventId(reply.sse.lastEventId);
    if (hub.readers >= maxReaders) throw tooManyReadersProblem(maxReaders);
    const stream = new EventStream(reply, backlog);
    reply.sse.sendHeaders();
    // Else a client does not know that it is heard before something happens.
    reply.raw.flushHeaders();
    const events = hub.follow(request.params.id, last, stream.left);
    while (await sendNext(events, stream));
  });
}

/**
 * Sends the next event. Not the body of a loop, whose variables would hold the event until there is another one.
 * @returns whether there was one.
 */
async function sendNext(events: AsyncGenerator<SessionEvent, void>, stream: EventStream): Promise<boolean> {
  const { done, value } = await events.next();
  if (done) return false;
  await stream.send({ id: String(value.seq), event: value.type, data: value.data });
  return true;
}

function parseEventId(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ProblemError(400, 'invalid-request', 'Invalid request', 'Last-Event-ID: expected the id of an event.');
}
