import sse, { type SSEPluginOptions } from '@fastify/sse';
import type { ResponseBacklog } from '@hermes/service-kit/http';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { credentialOf } from '../auth/guard.ts';
import { problemResponses } from '../http/problem-schema.ts';
import type { EventFeed, FeedEvent, FeedReader } from './feed.ts';

// Its types describe a default export; what Node imports by default is the plugin itself.
const ssePlugin = sse as unknown as FastifyPluginAsync<SSEPluginOptions>;

const KEEP_ALIVE_MS = 15_000;

const RETRY_MS = 1_000;

const FAREWELL_MS = 1_000;

export interface EventRouteOptions {
  readonly feed: EventFeed;
  readonly backlog: ResponseBacklog;
}

/** `GET /api/events`. */
export const eventRoutes: FastifyPluginAsyncZod<EventRouteOptions> = async (api, { feed, backlog }) => {
  await api.register(ssePlugin, { heartbeatInterval: KEEP_ALIVE_MS, serializer: String });
  api.route({
    method: 'GET',
    url: '/events',
    // Ignores Accept: an error would not be a problem document, and there is no other media type.
    sse: 'manual',
    schema: {
      summary: 'Changes of all profiles as server-sent events',
      description:
        'First `snapshot` (`{now, host, home, profiles}`), then `profile` (the profile) at each change and `removed` (`{name}`). ' +
        'With the `Last-Event-ID` of an event of the same run, what was missed instead of the snapshot.',
      tags: ['status'],
      querystring: z.strictObject({}),
      headers: z.object({
        'last-event-id': z.string().optional().describe('The id of the last event that the client received.'),
      }),
      response: {
        200: { description: 'An endless stream of events.', content: { 'text/event-stream': { schema: z.string() } } },
        ...problemResponses([400, 401, 403, 429, 503]),
      },
    },
    handler: async (request, reply) => {
      const reader = feed.open(reply.sse.lastEventId);
      reply.sse.onClose(() => reader.close());
      const onRevoked = () => reader.close();
      const { revoked } = credentialOf(request);
      revoked.addEventListener('abort', onRevoked);
      if (revoked.aborted) reader.close();
      try {
        await follow(reader, reply, backlog);
      } finally {
        revoked.removeEventListener('abort', onRevoked);
        reader.close();
        finish(reply);
      }
    },
  });
};

async function follow(reader: FeedReader, reply: FastifyReply, backlog: ResponseBacklog): Promise<void> {
  reply.sse.sendHeaders();
  // Otherwise a client that resumes gets no confirmation before the next change.
  reply.raw.write(`retry: ${RETRY_MS}\n\n`);
  while (await sendNext(reader, reply, backlog));
}

/**
 * Sends the next event. Not the body of a loop, whose variables would hold the event, perhaps all profiles, until there is
 * another one. @returns whether there can be one.
 */
async function sendNext(reader: FeedReader, reply: FastifyReply, backlog: ResponseBacklog): Promise<boolean> {
  const event = await reader.next();
  if (!event || !reply.sse.isConnected) return false;
  await send(event, reader, reply, backlog);
  return true;
}

/** Waits until the client has room for more. One that does not read is cut off by the backlog, or when we end. */
async function send(
  event: FeedEvent,
  reader: FeedReader,
  reply: FastifyReply,
  backlog: ResponseBacklog,
): Promise<void> {
  const sent = reply.sse.send(event);
  if (!reply.raw.writableNeedDrain) return sent;
  const onClosed = () => void reply.raw.destroy();
  reader.closed.addEventListener('abort', onClosed);
  await backlog.drained(reply.raw);
  reader.closed.removeEventListener('abort', onClosed);
}

/** Sends pending data, but does not wait long for a client that does not read it. */
function finish(reply: FastifyReply): void {
  reply.sse.close();
  const timer = setTimeout(() => reply.raw.destroy(), FAREWELL_MS).unref();
  reply.raw.once('close', () => clearTimeout(timer));
}
